package org.yifang.registry;

import static org.yifang.generated.Tables.PRACTITIONER;
import static org.yifang.platform.data.Database.SQL;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/// All who sign, by staff number.
public final class Practitioners {
    private static final List<Field<?>> COLUMNS =
            List.of(
                    PRACTITIONER.ID,
                    PRACTITIONER.NUMBER,
                    PRACTITIONER.NAME,
                    PRACTITIONER.PROFESSION,
                    PRACTITIONER.TITLE,
                    PRACTITIONER.ORGANIZATION_ID,
                    PRACTITIONER.VERSION,
                    PRACTITIONER.UPDATED_AT);

    private static final Statement BY_NUMBER =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(PRACTITIONER)
                            .where(PRACTITIONER.NUMBER.eq(p.like(PRACTITIONER.NUMBER))));

    /// Ids never change and rows are never removed, so an id once seen holds.
    private static final int CACHED_MAX = 50_000;

    private final Database database;
    private final Supplier<UUID> ids;
    private final Cache<String, UUID> idsByNumber =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).build();

    /// @param ids makes UUIDv7
    public Practitioners(Database database, Supplier<UUID> ids) {
        this.database = database;
        this.ids = ids;
    }

    /// The id of the practitioner with this staff number; registered under the name of the document
    /// when nobody has it yet. A number that is known keeps its name. It is registered in a
    /// transaction of its own: whom a refused document names is no secret and does no harm.
    public UUID findOrCreate(
            String number,
            String name,
            Practitioner.Profession profession,
            @Nullable UUID organizationId,
            String region,
            Instant now) {
        @Nullable UUID cached = idsByNumber.getIfPresent(number);
        if (cached != null) {
            return cached;
        }
        UUID id =
                database.inTransaction(tx -> {
                    insert(
                            tx,
                            new Practitioner(
                                    ids.get(),
                                    number,
                                    name,
                                    profession,
                                    null,
                                    organizationId,
                                    1,
                                    now),
                            region);
                    return first(tx.run(BY_NUMBER, number)).orElseThrow().id();
                });
        idsByNumber.put(number, id);
        return id;
    }

    /// The practitioner with this staff number. Waits.
    public Optional<Practitioner> byNumber(String number) {
        return first(database.run(BY_NUMBER, number));
    }

    /// The practitioner with this id. Waits.
    public Optional<Practitioner> byId(UUID id) {
        return first(
                database.run(SQL.select(COLUMNS).from(PRACTITIONER).where(PRACTITIONER.ID.eq(id))));
    }

    /// Practitioners in the order of their ids, for a page of a search. Waits.
    ///
    /// @param number only this staff number, or null
    /// @param after only those with a greater id, or null
    public List<Practitioner> page(@Nullable String number, @Nullable UUID after, int most) {
        var condition = org.jooq.impl.DSL.noCondition();
        if (number != null) {
            condition = condition.and(PRACTITIONER.NUMBER.eq(number));
        }
        if (after != null) {
            condition = condition.and(PRACTITIONER.ID.gt(after));
        }
        return StreamSupport.stream(
                        database.run(
                                        SQL.select(COLUMNS)
                                                .from(PRACTITIONER)
                                                .where(condition)
                                                .orderBy(PRACTITIONER.ID)
                                                .limit(most))
                                .spliterator(),
                        false)
                .map(Practitioners::practitioner)
                .toList();
    }

    /// The practitioner with this id, locked until the transaction ends.
    static Optional<Practitioner> lock(Tx tx, UUID id) {
        return first(
                tx.run(
                        SQL.select(COLUMNS)
                                .from(PRACTITIONER)
                                .where(PRACTITIONER.ID.eq(id))
                                .forUpdate()));
    }

    /// The practitioner with this staff number, locked until the transaction ends.
    static Optional<Practitioner> lock(Tx tx, String number) {
        return first(
                tx.run(
                        SQL.select(COLUMNS)
                                .from(PRACTITIONER)
                                .where(PRACTITIONER.NUMBER.eq(number))
                                .forUpdate()));
    }

    static void insert(Tx tx, Practitioner one, String region) {
        tx.run(
                SQL.insertInto(PRACTITIONER)
                        .set(PRACTITIONER.ID, one.id())
                        .set(PRACTITIONER.REGION, region)
                        .set(PRACTITIONER.NUMBER, one.number())
                        .set(PRACTITIONER.NAME, one.name())
                        .set(PRACTITIONER.PROFESSION, one.profession().code())
                        .set(PRACTITIONER.TITLE, one.title())
                        .set(PRACTITIONER.ORGANIZATION_ID, one.organizationId())
                        .set(PRACTITIONER.VERSION, one.version())
                        .set(PRACTITIONER.CREATED_AT, one.updatedAt())
                        .set(PRACTITIONER.UPDATED_AT, one.updatedAt())
                        .onConflict(PRACTITIONER.NUMBER)
                        .doNothing());
    }

    private static Optional<Practitioner> first(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .findFirst()
                .map(Practitioners::practitioner);
    }

    private static Practitioner practitioner(Row row) {
        return new Practitioner(
                Rows.get(row, PRACTITIONER.ID),
                Rows.get(row, PRACTITIONER.NUMBER),
                Rows.get(row, PRACTITIONER.NAME),
                Practitioner.Profession.of(Rows.get(row, PRACTITIONER.PROFESSION)),
                Rows.find(row, PRACTITIONER.TITLE),
                Rows.find(row, PRACTITIONER.ORGANIZATION_ID),
                Rows.get(row, PRACTITIONER.VERSION),
                Rows.get(row, PRACTITIONER.UPDATED_AT));
    }
}
