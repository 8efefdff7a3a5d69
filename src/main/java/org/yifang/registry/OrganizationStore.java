package org.yifang.registry;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// All SQL that touches `organization` and `location`.
final class OrganizationStore {
    /// A province has some 40,000 pharmacies.
    private static final int MOST = 200_000;

    /// What [#organization] reads.
    static final Field<?>[] COLUMNS = {
        ORGANIZATION.ID,
        ORGANIZATION.REGION,
        ORGANIZATION.NUMBER,
        ORGANIZATION.KIND,
        ORGANIZATION.NAME,
        ORGANIZATION.USCC,
        ORGANIZATION.PART_OF,
        ORGANIZATION.PHONE,
        ORGANIZATION.VERSION,
        ORGANIZATION.UPDATED_AT
    };

    /// What [#location] reads.
    static final Field<?>[] LOCATION_COLUMNS = {
        LOCATION.ID,
        LOCATION.ORGANIZATION_ID,
        LOCATION.NAME,
        LOCATION.ADDRESS,
        LOCATION.LATITUDE,
        LOCATION.LONGITUDE,
        LOCATION.HOURS,
        LOCATION.VERSION,
        LOCATION.UPDATED_AT
    };

    private OrganizationStore() {}

    /// Every organization with its locations.
    static Future<List<Organization>> all(Database database) {
        return locations(database)
                .compose(locations ->
                        database.start(
                                        SQL.select(COLUMNS)
                                                .from(ORGANIZATION)
                                                .orderBy(ORGANIZATION.NUMBER)
                                                .limit(MOST))
                                .map(rows -> {
                                    List<Organization> all = new ArrayList<>();
                                    rows.forEach(row -> all.add(organization(row, locations)));
                                    return all;
                                }));
    }

    private static Future<Map<UUID, List<Location>>> locations(Database database) {
        return database.start(
                        SQL.select(LOCATION_COLUMNS)
                                .from(LOCATION)
                                .orderBy(LOCATION.ID)
                                .limit(MOST))
                .map(rows -> {
                    Map<UUID, List<Location>> all = new HashMap<>();
                    for (Row row : rows) {
                        Location location = location(row);
                        all.computeIfAbsent(location.organizationId(), _ -> new ArrayList<>())
                                .add(location);
                    }
                    return all;
                });
    }

    private static final Insert<Organization> INSERT =
            Insert.into(ORGANIZATION)
                    .set(ORGANIZATION.ID, Organization::id)
                    .set(ORGANIZATION.REGION, Organization::region)
                    .set(ORGANIZATION.NUMBER, Organization::number)
                    .set(ORGANIZATION.KIND, one -> one.kind().code())
                    .set(ORGANIZATION.NAME, Organization::name)
                    .set(ORGANIZATION.USCC, OrganizationStore::uscc)
                    .set(ORGANIZATION.PART_OF, Organization::partOf)
                    .set(ORGANIZATION.PHONE, Organization::phone)
                    .set(ORGANIZATION.VERSION, Organization::version)
                    .set(ORGANIZATION.CREATED_AT, Organization::updatedAt)
                    .set(ORGANIZATION.UPDATED_AT, Organization::updatedAt)
                    .orNothing(ORGANIZATION.NUMBER);

    /// Keeps an organization with its locations unless its number is known; travels with the
    /// commit.
    static void insert(Tx tx, Organization one) {
        INSERT.start(tx, one);
        one.locations().forEach(location -> insertLocation(tx, location, one.region()));
    }

    /// Keeps one, without locations, unless its number is known; waits for whoever inserts the same
    /// at once.
    ///
    /// @return whether it was kept
    static boolean insertNew(Tx tx, Organization one) {
        return INSERT.start(tx, one).await().rowCount() == 1;
    }

    /// The organization with this id, or else this number, without its locations, locked.
    static Optional<Organization> lock(Tx tx, @Nullable UUID id, String number) {
        for (Row row :
                tx.run(
                        SQL.select(ORGANIZATION.fields())
                                .from(ORGANIZATION)
                                .where(
                                        id == null
                                                ? ORGANIZATION.NUMBER.eq(number)
                                                : ORGANIZATION.ID.eq(id))
                                .forUpdate())) {
            return Optional.of(organization(row));
        }
        return Optional.empty();
    }

    private static final Update<Organization> UPDATE =
            Update.of(ORGANIZATION)
                    .set(ORGANIZATION.NAME, Organization::name)
                    .set(ORGANIZATION.USCC, OrganizationStore::uscc)
                    .set(ORGANIZATION.PART_OF, Organization::partOf)
                    .set(ORGANIZATION.PHONE, Organization::phone)
                    .set(ORGANIZATION.VERSION, Organization::version)
                    .set(ORGANIZATION.UPDATED_AT, Organization::updatedAt)
                    .where(ORGANIZATION.ID, Organization::id);

    private static @Nullable String uscc(Organization one) {
        return one.uscc() == null ? null : one.uscc().value();
    }

    /// Keeps what changed of one; travels with the commit.
    static void update(Tx tx, Organization one) {
        UPDATE.start(tx, one);
    }

    /// The location with this id, or else the organization's of this name, or its first; locked.
    static Optional<Location> lockLocation(
            Tx tx, @Nullable UUID id, UUID organization, String name) {
        for (Row row :
                tx.run(
                        SQL.select(LOCATION.fields())
                                .from(LOCATION)
                                .where(
                                        id == null
                                                ? LOCATION.ORGANIZATION_ID.eq(organization)
                                                : LOCATION.ID.eq(id))
                                .orderBy(LOCATION.NAME.eq(name).desc(), LOCATION.ID)
                                .limit(1)
                                .forUpdate())) {
            return Optional.of(location(row));
        }
        return Optional.empty();
    }

    private static final Update<Location> UPDATE_LOCATION =
            Update.of(LOCATION)
                    .set(LOCATION.NAME, Location::name)
                    .set(LOCATION.ADDRESS, Location::address)
                    .set(LOCATION.LATITUDE, one -> one.place().latitude())
                    .set(LOCATION.LONGITUDE, one -> one.place().longitude())
                    .set(LOCATION.HOURS, one -> one.hours().toString())
                    .set(LOCATION.VERSION, Location::version)
                    .set(LOCATION.UPDATED_AT, Location::updatedAt)
                    .where(LOCATION.ID, Location::id);

    /// Keeps what changed of one; travels with the commit.
    static void updateLocation(Tx tx, Location one) {
        UPDATE_LOCATION.start(tx, one);
    }

    private record NewLocation(Location one, String region) {}

    private static final Insert<NewLocation> INSERT_LOCATION =
            Insert.into(LOCATION)
                    .set(LOCATION.ID, located(Location::id))
                    .set(LOCATION.REGION, NewLocation::region)
                    .set(LOCATION.ORGANIZATION_ID, located(Location::organizationId))
                    .set(LOCATION.NAME, located(Location::name))
                    .set(LOCATION.ADDRESS, located(Location::address))
                    .set(LOCATION.LATITUDE, located(one -> one.place().latitude()))
                    .set(LOCATION.LONGITUDE, located(one -> one.place().longitude()))
                    .set(LOCATION.HOURS, located(one -> one.hours().toString()))
                    .set(LOCATION.VERSION, located(Location::version))
                    .set(LOCATION.CREATED_AT, located(Location::updatedAt))
                    .set(LOCATION.UPDATED_AT, located(Location::updatedAt));

    private static <V> Function<NewLocation, V> located(Function<Location, V> value) {
        return row -> value.apply(row.one());
    }

    /// Keeps a new one; travels with the commit.
    static void insertLocation(Tx tx, Location one, String region) {
        INSERT_LOCATION.start(tx, new NewLocation(one, region));
    }

    /// The numbers already taken, and whose they are. Lets nobody else add one meanwhile.
    static Map<String, UUID> numbers(Tx tx) {
        tx.run(SQL.query("LOCK TABLE organization IN SHARE ROW EXCLUSIVE MODE"));
        Map<String, UUID> numbers = new HashMap<>();
        for (Row row :
                tx.run(
                        SQL.select(ORGANIZATION.NUMBER, ORGANIZATION.ID)
                                .from(ORGANIZATION)
                                .limit(MOST))) {
            numbers.put(Rows.get(row, ORGANIZATION.NUMBER), Rows.get(row, ORGANIZATION.ID));
        }
        return numbers;
    }

    /// An organization without its locations.
    static Organization organization(Row row) {
        return organization(row, Map.of());
    }

    private static Organization organization(Row row, Map<UUID, List<Location>> locations) {
        UUID id = Rows.get(row, ORGANIZATION.ID);
        @Nullable String uscc = Rows.find(row, ORGANIZATION.USCC);
        return new Organization(
                id,
                Rows.get(row, ORGANIZATION.REGION),
                Rows.get(row, ORGANIZATION.NUMBER),
                Organization.Kind.of(Rows.get(row, ORGANIZATION.KIND)),
                Rows.get(row, ORGANIZATION.NAME),
                uscc == null ? null : new Uscc(uscc),
                Rows.find(row, ORGANIZATION.PART_OF),
                Rows.find(row, ORGANIZATION.PHONE),
                locations.getOrDefault(id, List.of()),
                Rows.get(row, ORGANIZATION.VERSION),
                Rows.get(row, ORGANIZATION.UPDATED_AT));
    }

    static Location location(Row row) {
        return new Location(
                Rows.get(row, LOCATION.ID),
                Rows.get(row, LOCATION.ORGANIZATION_ID),
                Rows.get(row, LOCATION.NAME),
                Rows.get(row, LOCATION.ADDRESS),
                new Place(Rows.get(row, LOCATION.LATITUDE), Rows.get(row, LOCATION.LONGITUDE)),
                OpeningHours.parse(Rows.get(row, LOCATION.HOURS)),
                Rows.get(row, LOCATION.VERSION),
                Rows.get(row, LOCATION.UPDATED_AT));
    }
}
