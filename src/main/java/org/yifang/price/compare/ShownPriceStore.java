package org.yifang.price.compare;

import static org.yifang.generated.Tables.PRICE_SHOWN;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Batches;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.price.offer.Offer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
            List<Comparison.Chosen> lines) {}

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

    private static final List<Field<?>> ONE_EACH =
            List.of(
                    PRICE_SHOWN.ID,
                    PRICE_SHOWN.REGION,
                    PRICE_SHOWN.TASK_ID,
                    PRICE_SHOWN.CALLER,
                    PRICE_SHOWN.SHOWN_ORDER,
                    PRICE_SHOWN.SHOWN_AT);
    private static final List<Field<?>> LINES =
            List.of(
                    PRICE_SHOWN.PHARMACY_IDS,
                    PRICE_SHOWN.DRUG_CODES,
                    PRICE_SHOWN.PRICE_FENS,
                    PRICE_SHOWN.PACK_UNITS);

    /// Any number of comparisons. PostgreSQL has no arrays of arrays of unlike lengths, so that the
    /// lines of all come in one array, and each comparison cuts out its own.
    private static final Statement INSERT =
            Statement.of(p -> {
                List<QueryPart> parts = new ArrayList<>();
                ONE_EACH.forEach(column -> parts.add(p.array(column)));
                Field<Integer> place = DSL.field("place", SQLDataType.INTEGER);
                parts.add(p.array(place));
                parts.add(p.array(place));
                LINES.forEach(column -> parts.add(p.like(column)));
                String arrays =
                        IntStream.range(0, ONE_EACH.size())
                                .mapToObj(i ->
                                        "unnest({%d}) AS %s"
                                                .formatted(i, ONE_EACH.get(i).getName()))
                                .collect(Collectors.joining(", "));
                String slices =
                        IntStream.range(0, LINES.size())
                                .mapToObj(i ->
                                        "({%d})[first_line : last_line]"
                                                .formatted(ONE_EACH.size() + 2 + i))
                                .collect(Collectors.joining(", "));
                return SQL.query(
                        """
                        INSERT INTO price_shown (%1$s, %2$s) SELECT %1$s, %3$s
                        FROM (SELECT %4$s, unnest({6}) AS first_line, unnest({7}) AS last_line)
                            AS given
                        """
                                .formatted(names(ONE_EACH), names(LINES), slices, arrays),
                        parts.toArray(QueryPart[]::new));
            });

    private static String names(List<Field<?>> columns) {
        return columns.stream().map(Field::getName).collect(Collectors.joining(", "));
    }

    private Future<Void> insert(List<Showing> batch) {
        Integer[] first = new Integer[batch.size()];
        Integer[] last = new Integer[batch.size()];
        int before = 0;
        for (int i = 0; i < first.length; i++) {
            first[i] = before + 1;
            before += batch.get(i).lines.size();
            last[i] = before;
        }
        List<Offer> each =
                batch.stream()
                        .flatMap(showing -> showing.lines.stream())
                        .map(Comparison.Chosen::offer)
                        .toList();
        return database.start(
                        INSERT,
                        batch.stream().map(Showing::id).toArray(UUID[]::new),
                        batch.stream().map(Showing::region).toArray(String[]::new),
                        batch.stream().map(Showing::task).toArray(UUID[]::new),
                        batch.stream().map(Showing::caller).toArray(String[]::new),
                        batch.stream().map(Showing::order).toArray(String[]::new),
                        batch.stream().map(Showing::at).toArray(Instant[]::new),
                        first,
                        last,
                        each.stream().map(Offer::pharmacyId).toArray(UUID[]::new),
                        each.stream().map(Offer::drugCode).toArray(String[]::new),
                        each.stream().map(Offer::priceFen).toArray(Long[]::new),
                        each.stream().map(Offer::packUnits).toArray(Integer[]::new))
                .mapEmpty();
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
