package org.yifang.price.index;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.when;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.PRICE_REPORT;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Adds up the sales that a report is reckoned from, in the database, and keeps the reports.
final class SaleSums {
    /// 300 pharmacies with 3,000 products in two periods are 1,800,000; a hundred counties in one
    /// report belong offline.
    private static final int CELLS_MOST = 5_000_000;

    /// A dispense writes for milliseconds; longer than this is a database in trouble.
    private static final Duration SETTLES = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_MILLIS = 20;

    private static final Field<BigDecimal> QUANTITY = sum(SALE.QUANTITY).as("sum_quantity");
    private static final Field<BigDecimal> VALUE = sum(SALE.VALUE_FEN).as("sum_value");
    private static final Field<BigDecimal> DOSES = max(SALE.DAILY_DOSES).as("max_doses");
    private static final Field<BigDecimal> IMPORTED =
            sum(SALE.VALUE_FEN).filterWhere(SALE.KIND.eq("history")).as("sum_imported");
    private static final Field<Integer> LINES = count().as("lines");
    private static final Field<Integer> MONTH =
            field(
                            "(extract(year from {0}) * 12 + extract(month from {0}))::int",
                            Integer.class, SALE.SOLD_FROM)
                    .as("month");

    /// What one pharmacy sold of one product in one of the periods.
    ///
    /// @param importedFen part of the value that comes from imported files
    /// @param dailyDoses in one preparation unit; null when the drug has none
    record Cell(
            UUID pharmacy,
            boolean inHouse,
            String set,
            SalesTable.Period period,
            double quantity,
            double valueFen,
            double importedFen,
            @Nullable Double dailyDoses,
            int lines) {}

    /// What the county sold of one product in one month.
    ///
    /// @param month years times 12 plus month
    record Month(boolean inHouse, String set, int month, double quantity, double valueFen) {}

    private final Database database;

    SaleSums(Database database) {
        this.database = database;
    }

    /// Waits until every transaction has ended that may still record a sale as of this moment or an
    /// earlier one: each takes its transaction number before it looks at the clock.
    void settled() {
        Field<String> next = field("pg_snapshot_xmax(pg_current_snapshot())::text", String.class);
        Field<String> oldest = field("pg_snapshot_xmin(pg_current_snapshot())::text", String.class);
        long until = number(next);
        Instant patience = Instant.now().plus(SETTLES);
        while (number(oldest) < until) {
            if (Instant.now().isAfter(patience)) {
                throw new Problem(
                        ProblemCode.BUSY, "Sales of this moment are still being written.");
            }
            pause();
        }
    }

    private long number(Field<String> field) {
        return Long.parseLong(database.run(SQL.select(field)).iterator().next().getString(0));
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /// The cells of both periods, always in the same order. A month of an imported file counts
    /// where it lies in a period as a whole.
    Future<List<Cell>> cells(PriceReport.Query query) {
        Condition baseline = within(query.baselineStart(), query.baselineEnd());
        Condition current = within(query.start(), query.end());
        Field<Integer> period = when(baseline, inline(0)).otherwise(inline(1)).as("period");
        return database.start(
                        SQL.select(
                                        SALE.PHARMACY_ID,
                                        SALE.IN_HOUSE,
                                        SALE.SUBSTITUTION_SET,
                                        period,
                                        QUANTITY,
                                        VALUE,
                                        IMPORTED,
                                        DOSES,
                                        LINES)
                                .from(SALE)
                                .where(baseline.or(current))
                                .and(asked(query))
                                .groupBy(
                                        SALE.PHARMACY_ID,
                                        SALE.IN_HOUSE,
                                        SALE.SUBSTITUTION_SET,
                                        period)
                                .orderBy(
                                        SALE.PHARMACY_ID,
                                        SALE.IN_HOUSE,
                                        SALE.SUBSTITUTION_SET,
                                        period)
                                .limit(CELLS_MOST))
                .map(rows -> cells(rows, period));
    }

    private static List<Cell> cells(RowSet<Row> rows, Field<Integer> period) {
        List<Cell> cells = new ArrayList<>(rows.size());
        for (Row row : rows) {
            BigDecimal imported = Rows.find(row, IMPORTED);
            BigDecimal doses = Rows.find(row, DOSES);
            cells.add(
                    new Cell(
                            Rows.get(row, SALE.PHARMACY_ID),
                            Rows.get(row, SALE.IN_HOUSE),
                            Rows.get(row, SALE.SUBSTITUTION_SET),
                            Rows.get(row, period) == 0
                                    ? SalesTable.Period.BASELINE
                                    : SalesTable.Period.CURRENT,
                            Rows.get(row, QUANTITY).doubleValue(),
                            Rows.get(row, VALUE).doubleValue(),
                            imported == null ? 0 : imported.doubleValue(),
                            doses == null ? null : doses.doubleValue(),
                            Rows.get(row, LINES)));
        }
        return cells;
    }

    /// The months from the first of both periods to the last, always in the same order.
    Future<List<Month>> months(PriceReport.Query query) {
        return database.start(
                        SQL.select(SALE.IN_HOUSE, SALE.SUBSTITUTION_SET, MONTH, QUANTITY, VALUE)
                                .from(SALE)
                                .where(within(query.firstMonth(), query.lastDay()))
                                .and(asked(query))
                                .groupBy(SALE.IN_HOUSE, SALE.SUBSTITUTION_SET, MONTH)
                                .orderBy(SALE.IN_HOUSE, SALE.SUBSTITUTION_SET, MONTH)
                                .limit(CELLS_MOST))
                .map(rows -> {
                    List<Month> months = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        months.add(
                                new Month(
                                        Rows.get(row, SALE.IN_HOUSE),
                                        Rows.get(row, SALE.SUBSTITUTION_SET),
                                        Rows.get(row, MONTH),
                                        Rows.get(row, QUANTITY).doubleValue(),
                                        Rows.get(row, VALUE).doubleValue()));
                    }
                    return months;
                });
    }

    private static Condition within(LocalDate from, LocalDate to) {
        return SALE.SOLD_FROM.ge(from).and(SALE.SOLD_TO.le(to));
    }

    private static Condition asked(PriceReport.Query query) {
        Condition asked = SALE.RECORDED_AT.le(query.asOf());
        asked =
                switch (query.basis()) {
                    case ALL -> asked;
                    case DISPENSED -> asked.and(SALE.KIND.ne("history"));
                    case HISTORY -> asked.and(SALE.KIND.eq("history"));
                };
        if (!query.organizations().isEmpty()) {
            asked =
                    asked.and(
                            SALE.PHARMACY_ID.in(
                                    SQL.select(ORGANIZATION.ID)
                                            .from(ORGANIZATION)
                                            .where(ORGANIZATION.NUMBER.in(query.organizations()))));
        }
        if (!query.sets().isEmpty()) {
            asked = asked.and(SALE.SUBSTITUTION_SET.in(query.sets()));
        }
        Boolean inHouse = query.inHouse();
        return inHouse == null ? asked : asked.and(SALE.IN_HOUSE.eq(inHouse));
    }

    /// The report that was given to this question.
    Optional<byte[]> report(PriceReport.Query query) {
        for (Row row :
                database.run(
                        SQL.select(PRICE_REPORT.REPORT)
                                .from(PRICE_REPORT)
                                .where(PRICE_REPORT.QUERY.eq(query.text())))) {
            return Optional.of(Rows.get(row, PRICE_REPORT.REPORT));
        }
        return Optional.empty();
    }

    void keep(PriceReport.Result result, String region, byte[] report, Instant now) {
        database.run(
                SQL.insertInto(PRICE_REPORT)
                        .set(PRICE_REPORT.ID, result.id())
                        .set(PRICE_REPORT.REGION, region)
                        .set(PRICE_REPORT.QUERY, result.query().text())
                        .set(PRICE_REPORT.SEED, result.seed())
                        .set(PRICE_REPORT.AS_OF, result.query().asOf())
                        .set(PRICE_REPORT.REPORT, report)
                        .set(PRICE_REPORT.CREATED_AT, now)
                        .onConflictDoNothing());
    }
}
