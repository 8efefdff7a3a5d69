package org.yifang.price.index;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.generated.Tables.SALE_RELEASE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.price.index.CheckedLinesStore.COUNTED;
import static org.yifang.price.index.CheckedLinesStore.FEN;
import static org.yifang.price.index.CheckedLinesStore.HELD;
import static org.yifang.price.index.CheckedLinesStore.MAKER;
import static org.yifang.price.index.CheckedLinesStore.MEDIAN;
import static org.yifang.price.index.CheckedLinesStore.UNITS;
import static org.yifang.price.index.CheckedLinesStore.UNIT_FEN;
import static org.yifang.price.index.CheckedLinesStore.WEIGHT;
import static org.yifang.price.index.CheckedLinesStore.asked;
import static org.yifang.price.index.CheckedLinesStore.checked;
import static org.yifang.price.index.CheckedLinesStore.isNewest;
import static org.yifang.price.index.CheckedLinesStore.within;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.price.compare.SaleKind;
import org.yifang.price.compare.SaleStore;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Adds up the sales of a question in the database, each line checked first: a unit price outside a
/// quarter to four times the county's median of that product and month is held out, that is,
/// counted at the median and told, until a person releases it.
final class CheckedSalesStore {
    /// 300 pharmacies with 3,000 products in two periods are 1,800,000; a hundred counties in one
    /// report belong offline.
    private static final int CELLS_MOST = 5_000_000;

    private static final int IMPORTS_MOST = 20;

    private static final Field<BigDecimal> SUM_UNITS =
            sum(field(name("units"), Double.class)).as("sum_units");
    private static final Field<BigDecimal> SUM_COUNTED = sum(COUNTED).as("sum_counted");
    private static final Field<BigDecimal> SUM_WEIGHT = sum(WEIGHT).as("sum_weight");
    private static final Field<BigDecimal> SUM_HELD = sum(WEIGHT).filterWhere(HELD).as("sum_held");
    private static final Field<BigDecimal> SUM_IMPORTED =
            sum(WEIGHT)
                    .filterWhere(field(name("kind")).eq(SaleKind.HISTORY.code()))
                    .as("sum_imported");
    private static final Field<Integer> MADE_UP =
            count().filterWhere(field(name("recorded_by")).eq(SaleStore.DEMONSTRATION))
                    .as("made_up_lines");
    private static final Field<BigDecimal> DOSES =
            max(field(name("daily_doses"), BigDecimal.class)).as("max_doses");
    private static final Field<Integer> LINES = count().as("lines");
    private static final Field<Integer> HELD_LINES = count().filterWhere(HELD).as("held_lines");

    /// What one pharmacy sold of one product in one of the periods.
    ///
    /// @param valueFen with lines that were held out at the median
    /// @param chargedFen without sign, held lines at the more of charge and median
    /// @param heldFen part of `chargedFen` that was held out
    /// @param importedFen part of `chargedFen` that comes from imported files
    /// @param dailyDoses in one preparation unit; null when the drug has none
    record Cell(
            UUID pharmacy,
            boolean inHouse,
            String set,
            String maker,
            ItemTable.Period period,
            double quantity,
            double valueFen,
            double chargedFen,
            double heldFen,
            double importedFen,
            @Nullable Double dailyDoses,
            int lines,
            int heldLines,
            int madeUpLines) {}

    /// What the county sold of one product in one month.
    ///
    /// @param month years times 12 plus month
    record Month(String set, String maker, int month, double quantity, double valueFen) {}

    /// A line that was held out.
    record Held(
            UUID sale,
            UUID pharmacy,
            String drug,
            String kind,
            LocalDate from,
            double quantity,
            double fen,
            double unitFen,
            double medianFen) {}

    /// A product with a price that a person released.
    record Released(String set, String maker) {}

    /// A file that sales of the baseline came by.
    record Imported(String by, byte[] sha256) {}

    private final Database database;

    /// The first day of what somebody recorded.
    static Optional<LocalDate> firstDay(Tx tx, String recordedBy) {
        Field<LocalDate> first = min(SALE.SOLD_FROM).as("first_day");
        for (Row row :
                tx.run(SQL.select(first).from(SALE).where(SALE.RECORDED_BY.eq(recordedBy)))) {
            return Optional.ofNullable(Rows.find(row, first));
        }
        return Optional.empty();
    }

    CheckedSalesStore(Database database) {
        this.database = database;
    }

    /// The cells of both periods, always in the same order. A month of an imported file counts
    /// where it lies in a period as a whole.
    Future<List<Cell>> cells(PriceQuestion question) {
        Field<UUID> pharmacy = field(name("pharmacy_id"), UUID.class);
        Field<Boolean> inHouse = field(name("in_house"), Boolean.class);
        Field<String> set = field(name("substitution_set"), String.class);
        Field<String> maker = field(name("line_maker"), String.class);
        Field<Integer> period = field(name("period"), Integer.class);
        return database.forReports()
                .start(
                        checked(question)
                                .select(
                                        pharmacy,
                                        inHouse,
                                        set,
                                        maker,
                                        period,
                                        SUM_UNITS,
                                        SUM_COUNTED,
                                        SUM_WEIGHT,
                                        SUM_HELD,
                                        SUM_IMPORTED,
                                        DOSES,
                                        LINES,
                                        HELD_LINES,
                                        MADE_UP)
                                .from(name("checked"))
                                .where(period.ge(0))
                                .groupBy(pharmacy, inHouse, set, maker, period)
                                .orderBy(pharmacy, inHouse, set, maker, period)
                                .limit(CELLS_MOST))
                .map(rows -> cells(rows, period));
    }

    private static List<Cell> cells(RowSet<Row> rows, Field<Integer> period) {
        List<Cell> cells = new ArrayList<>(rows.size());
        for (Row row : rows) {
            BigDecimal doses = Rows.find(row, DOSES);
            cells.add(
                    new Cell(
                            Rows.get(row, SALE.PHARMACY_ID),
                            Rows.get(row, SALE.IN_HOUSE),
                            Rows.get(row, SALE.SUBSTITUTION_SET),
                            Rows.get(row, MAKER),
                            Rows.get(row, period) == 0
                                    ? ItemTable.Period.BASELINE
                                    : ItemTable.Period.CURRENT,
                            number(row, SUM_UNITS),
                            number(row, SUM_COUNTED),
                            number(row, SUM_WEIGHT),
                            number(row, SUM_HELD),
                            number(row, SUM_IMPORTED),
                            doses == null ? null : doses.doubleValue(),
                            Rows.get(row, LINES),
                            Rows.get(row, HELD_LINES),
                            Rows.get(row, MADE_UP)));
        }
        return cells;
    }

    private static double number(Row row, Field<?> field) {
        Object value = row.getValue(field.getName());
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    /// The months from the first of both periods to the last, always in the same order.
    Future<List<Month>> months(PriceQuestion question) {
        Field<String> set = field(name("substitution_set"), String.class);
        Field<String> maker = field(name("line_maker"), String.class);
        Field<Integer> month = field(name("month"), Integer.class);
        return database.forReports()
                .start(
                        checked(question)
                                .select(set, maker, month, SUM_UNITS, SUM_COUNTED)
                                .from(name("checked"))
                                .groupBy(set, maker, month)
                                .orderBy(set, maker, month)
                                .limit(CELLS_MOST))
                .map(rows -> {
                    List<Month> months = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        months.add(
                                new Month(
                                        Rows.get(row, SALE.SUBSTITUTION_SET),
                                        Rows.get(row, MAKER),
                                        Rows.get(row, month),
                                        number(row, SUM_UNITS),
                                        number(row, SUM_COUNTED)));
                    }
                    return months;
                });
    }

    /// The lines held out of either period, those of most value first.
    Future<List<Held>> held(PriceQuestion question, int most) {
        Field<Double> unit = UNIT_FEN.as("unit_fen");
        return database.forReports()
                .start(
                        checked(question)
                                .select(
                                        field(name("id")),
                                        field(name("pharmacy_id")),
                                        field(name("drug_code")),
                                        field(name("kind")),
                                        field(name("sold_from")),
                                        field(name("units")),
                                        field(name("fen")),
                                        unit,
                                        MEDIAN)
                                .from(name("checked"))
                                .where(HELD)
                                .and(field(name("period"), Integer.class).ge(0))
                                .orderBy(WEIGHT.desc(), field(name("id")))
                                .limit(most))
                .map(rows -> {
                    List<Held> held = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        held.add(
                                new Held(
                                        Rows.get(row, SALE.ID),
                                        Rows.get(row, SALE.PHARMACY_ID),
                                        Rows.get(row, SALE.DRUG_CODE),
                                        Rows.get(row, SALE.KIND),
                                        Rows.get(row, SALE.SOLD_FROM),
                                        number(row, UNITS),
                                        number(row, FEN),
                                        number(row, unit),
                                        number(row, MEDIAN)));
                    }
                    return held;
                });
    }

    /// Products of which a person released a price, as far as the question's moment knows.
    Future<List<Released>> released(PriceQuestion question) {
        return database.forReports()
                .start(
                        SQL.selectDistinct(SALE_RELEASE.SUBSTITUTION_SET, SALE_RELEASE.MAKER)
                                .from(SALE_RELEASE)
                                .where(SALE_RELEASE.DECIDED_AT.le(question.asOf()))
                                .and(SALE_RELEASE.RELEASED)
                                .and(isNewest(question))
                                .limit(CELLS_MOST))
                .map(rows -> {
                    List<Released> released = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        released.add(
                                new Released(
                                        Rows.get(row, SALE_RELEASE.SUBSTITUTION_SET),
                                        Rows.get(row, SALE_RELEASE.MAKER)));
                    }
                    return released;
                });
    }

    /// By whom and in which files the imported part of the baseline came.
    Future<List<Imported>> imports(PriceQuestion question) {
        return database.forReports()
                .start(
                        SQL.selectDistinct(SALE.RECORDED_BY, SALE.FILE_HASH)
                                .from(SALE)
                                .where(within(question.baselineStart(), question.baselineEnd()))
                                .and(SALE.KIND.eq(SaleKind.HISTORY.code()))
                                .and(asked(question))
                                .orderBy(SALE.RECORDED_BY, SALE.FILE_HASH)
                                .limit(IMPORTS_MOST))
                .map(rows -> {
                    List<Imported> imports = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        imports.add(
                                new Imported(
                                        Rows.get(row, SALE.RECORDED_BY),
                                        Rows.get(row, SALE.FILE_HASH)));
                    }
                    return imports;
                });
    }
}
