package org.yifang.registry;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// All SQL that touches `organization` and `location`.
final class OrganizationStore {
    /// A province has some 40,000 pharmacies.
    private static final int MOST = 200_000;

    private OrganizationStore() {}

    /// Every organization with its locations.
    static Future<List<Organization>> all(Database database) {
        return locations(database)
                .compose(locations ->
                        database.start(
                                        SQL.select(
                                                        ORGANIZATION.ID,
                                                        ORGANIZATION.REGION,
                                                        ORGANIZATION.NUMBER,
                                                        ORGANIZATION.KIND,
                                                        ORGANIZATION.NAME,
                                                        ORGANIZATION.USCC,
                                                        ORGANIZATION.PART_OF,
                                                        ORGANIZATION.PHONE,
                                                        ORGANIZATION.VERSION,
                                                        ORGANIZATION.UPDATED_AT)
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
                        SQL.select(
                                        LOCATION.ID,
                                        LOCATION.ORGANIZATION_ID,
                                        LOCATION.NAME,
                                        LOCATION.ADDRESS,
                                        LOCATION.LATITUDE,
                                        LOCATION.LONGITUDE,
                                        LOCATION.HOURS,
                                        LOCATION.VERSION,
                                        LOCATION.UPDATED_AT)
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

    /// Inserts an organization unless its number is known.
    static void insert(Tx tx, Organization one) {
        tx.run(
                SQL.insertInto(ORGANIZATION)
                        .set(ORGANIZATION.ID, one.id())
                        .set(ORGANIZATION.REGION, one.region())
                        .set(ORGANIZATION.NUMBER, one.number())
                        .set(ORGANIZATION.KIND, one.kind().code())
                        .set(ORGANIZATION.NAME, one.name())
                        .set(ORGANIZATION.USCC, one.uscc() == null ? null : one.uscc().value())
                        .set(ORGANIZATION.PART_OF, one.partOf())
                        .set(ORGANIZATION.PHONE, one.phone())
                        .set(ORGANIZATION.VERSION, one.version())
                        .set(ORGANIZATION.CREATED_AT, one.updatedAt())
                        .set(ORGANIZATION.UPDATED_AT, one.updatedAt())
                        .onConflict(ORGANIZATION.NUMBER)
                        .doNothing());
        for (Location location : one.locations()) {
            tx.run(
                    SQL.insertInto(LOCATION)
                            .set(LOCATION.ID, location.id())
                            .set(LOCATION.REGION, one.region())
                            .set(LOCATION.ORGANIZATION_ID, one.id())
                            .set(LOCATION.NAME, location.name())
                            .set(LOCATION.ADDRESS, location.address())
                            .set(LOCATION.LATITUDE, location.place().latitude())
                            .set(LOCATION.LONGITUDE, location.place().longitude())
                            .set(LOCATION.HOURS, location.hours().toString())
                            .set(LOCATION.VERSION, location.version())
                            .set(LOCATION.CREATED_AT, location.updatedAt())
                            .set(LOCATION.UPDATED_AT, location.updatedAt()));
        }
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

    private static Location location(Row row) {
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
