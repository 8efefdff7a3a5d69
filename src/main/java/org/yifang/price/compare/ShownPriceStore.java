package org.yifang.price.compare;

import static org.yifang.generated.Tables.PRICE_SHOWN;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Batches;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.price.offer.Offer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Keeps what patients were shown, and finds it again when something is sold.
public final class ShownPriceStore {
    /// How long a price that was shown binds.
    static final Duration BINDS = Duration.ofHours(24);

    /// Two batches: one is written while the next one fills.
    private static final Batches.Bounds BOUNDS = new Batches.Bounds(64, 2, 4096);

    /// One comparison.
    ///
    /// @param order the options in the order shown, kind and pharmacies
    /// @param lines each pack once
    record Showing(
            UUID id,
            String region,
            UUID task,
            String caller,
            String order,
            Instant at,
            List<Comparison.Chosen> lines) {
        private <V> V[] each(Function<Offer, V> value, IntFunction<V[]> made) {
            return lines.stream().map(one -> value.apply(one.offer())).toArray(made);
        }
    }

    /// The last price shown of a pack.
    public record Shown(long priceFen, int packUnits, Instant at) {}

    private final Database database;
    private final Batches<Showing, Void> batches =
            new Batches<>("The log of prices shown", BOUNDS, _ -> 1, this::insert);

    ShownPriceStore(Database database) {
        this.database = database;
    }

    /// Keeps a comparison; succeeds once it is durable. Concurrent ones share a commit.
    Future<Void> keep(Showing showing) {
        return batches.add(showing);
    }

    private static final Insert<Showing> INSERT =
            Insert.into(PRICE_SHOWN)
                    .set(PRICE_SHOWN.ID, Showing::id)
                    .set(PRICE_SHOWN.REGION, Showing::region)
                    .set(PRICE_SHOWN.TASK_ID, Showing::task)
                    .set(PRICE_SHOWN.CALLER, Showing::caller)
                    .set(PRICE_SHOWN.SHOWN_ORDER, Showing::order)
                    .set(PRICE_SHOWN.SHOWN_AT, Showing::at)
                    .set(PRICE_SHOWN.PHARMACY_IDS, one -> one.each(Offer::pharmacyId, UUID[]::new))
                    .set(PRICE_SHOWN.DRUG_CODES, one -> one.each(Offer::drugCode, String[]::new))
                    .set(PRICE_SHOWN.PRICE_FENS, one -> one.each(Offer::priceFen, Long[]::new))
                    .set(PRICE_SHOWN.PACK_UNITS, one -> one.each(Offer::packUnits, Integer[]::new));

    private Future<Void> insert(List<Showing> batch) {
        return database.start(INSERT.many(), INSERT.values(batch)).mapEmpty();
    }

    private static final Field<UUID> PHARMACY = DSL.field("line.pharmacy_id", SQLDataType.UUID);
    private static final Field<String> DRUG = DSL.field("line.drug_code", SQLDataType.CLOB);
    private static final Field<Long> PRICE = DSL.field("line.price_fen", SQLDataType.BIGINT);
    private static final Field<Integer> UNITS = DSL.field("line.pack_units", SQLDataType.INTEGER);

    /// What was last shown of a pack for a prescription, within [#BINDS] before its sale.
    static final Statement LAST =
            Statement.of(p ->
                    SQL.select(PRICE.as("price_fen"), UNITS.as("pack_units"), PRICE_SHOWN.SHOWN_AT)
                            .from(
                                    PRICE_SHOWN,
                                    DSL.table(
                                            "unnest({0}, {1}, {2}, {3}) AS line (pharmacy_id,"
                                                    + " drug_code, price_fen, pack_units)",
                                            PRICE_SHOWN.PHARMACY_IDS,
                                            PRICE_SHOWN.DRUG_CODES,
                                            PRICE_SHOWN.PRICE_FENS,
                                            PRICE_SHOWN.PACK_UNITS))
                            .where(PRICE_SHOWN.TASK_ID.eq(p.like(PRICE_SHOWN.TASK_ID)))
                            .and(PHARMACY.eq(p.like(PHARMACY)))
                            .and(DRUG.eq(p.like(DRUG)))
                            .and(PRICE_SHOWN.SHOWN_AT.ge(p.like(PRICE_SHOWN.SHOWN_AT)))
                            .orderBy(PRICE_SHOWN.SHOWN_AT.desc())
                            .limit(DSL.inline(1)));

    public static Future<@Nullable Shown> last(
            Tx tx, UUID task, UUID pharmacy, String drug, Instant sold) {
        return tx.start(LAST, task, pharmacy, drug, sold.minus(BINDS)).map(ShownPriceStore::shown);
    }

    private static @Nullable Shown shown(RowSet<Row> rows) {
        for (Row row : rows) {
            return new Shown(
                    row.getLong("price_fen"),
                    row.getInteger("pack_units"),
                    Rows.get(row, PRICE_SHOWN.SHOWN_AT));
        }
        return null;
    }
}
