package org.yifang.price.index;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.partitionBy;
import static org.jooq.impl.DSL.sum;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.generated.Tables.SALE_RELEASE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.price.index.CheckedLinesStore.COUNTED;
import static org.yifang.price.index.CheckedLinesStore.checked;
import static org.yifang.price.index.CheckedLinesStore.isNewest;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Field;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Sets each month of a question against its baseline, added up by pharmacy in the database: a
/// county has too many pharmacies, products and months to hand them over one by one.
final class MonthlySalesStore {
    /// 2,000 pharmacies in 25 months.
    private static final int CELLS_MOST = 50_000;

    private static final Field<Double> Q = field(name("q"), Double.class);
    private static final Field<Double> V = field(name("v"), Double.class);
    private static final Field<Double> Q0 = field(name("q0"), Double.class);
    private static final Field<Double> V0 = field(name("v0"), Double.class);

    /// Price of the month over that of the baseline.
    private static final Field<Double> RATIO = V.div(Q).times(Q0).div(V0);

    private static final Field<Double> UNITS = field(name("units"), Double.class);
    private static final Condition BEFORE = field(name("period"), Integer.class).eq(0);
    private static final Field<BigDecimal> TOP = sum(V0.times(RATIO)).as("top");
    private static final Field<BigDecimal> BOTTOM = sum(V0).as("bottom");
    private static final Field<BigDecimal> VALUE = sum(V).as("value");
    private static final Field<BigDecimal> AT_BASELINE = sum(V.div(RATIO)).as("at_baseline");

    /// One pharmacy in one month, over the products that it sold then and in the baseline.
    ///
    /// @param month years times 12 plus month
    /// @param top what the baseline would have cost at the month's prices
    /// @param bottom what it did cost
    /// @param value of the month
    /// @param atBaseline what the month would have cost at the baseline's prices
    record Cell(
            UUID pharmacy, int month, double top, double bottom, double value, double atBaseline) {}

    private final Database database;

    MonthlySalesStore(Database database) {
        this.database = database;
    }

    /// In the order of months and pharmacies.
    Future<List<Cell>> cells(PriceQuestion question) {
        Field<UUID> pharmacy = field(name("pharmacy_id"), UUID.class);
        Field<?> set = field(name("substitution_set"));
        Field<?> maker = field(name("line_maker"));
        Field<Integer> month = field(name("month"), Integer.class);
        CommonTableExpression<?> item =
                name("item")
                        .as(
                                SQL.select(
                                                pharmacy,
                                                set,
                                                maker,
                                                month,
                                                sum(UNITS).as("q"),
                                                sum(COUNTED).as("v"),
                                                sum(UNITS).filterWhere(BEFORE).as("before_q"),
                                                sum(COUNTED).filterWhere(BEFORE).as("before_v"))
                                        .from(name("checked"))
                                        .groupBy(pharmacy, set, maker, month));
        // Not a join: what a planner takes for one row may be a county's baseline.
        CommonTableExpression<?> beside =
                name("beside")
                        .as(
                                SQL.select(
                                                pharmacy,
                                                set,
                                                maker,
                                                month,
                                                Q,
                                                V,
                                                sum(field(name("before_q"), Double.class))
                                                        .over(partitionBy(pharmacy, set, maker))
                                                        .as("q0"),
                                                sum(field(name("before_v"), Double.class))
                                                        .over(partitionBy(pharmacy, set, maker))
                                                        .as("v0"))
                                        .from(name("item")));
        return database.forReports()
                .start(
                        checked(question)
                                .with(item)
                                .with(beside)
                                .select(pharmacy, month, TOP, BOTTOM, VALUE, AT_BASELINE)
                                .from(name("beside"))
                                .where(Q.gt(0.0).and(V.gt(0.0)).and(Q0.gt(0.0)).and(V0.gt(0.0)))
                                .and(isNear(question))
                                .groupBy(pharmacy, month)
                                .orderBy(month, pharmacy)
                                .limit(CELLS_MOST))
                .map(rows -> {
                    List<Cell> cells = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        cells.add(
                                new Cell(
                                        Rows.get(row, SALE.PHARMACY_ID),
                                        Rows.get(row, month),
                                        Rows.get(row, TOP).doubleValue(),
                                        Rows.get(row, BOTTOM).doubleValue(),
                                        Rows.get(row, VALUE).doubleValue(),
                                        Rows.get(row, AT_BASELINE).doubleValue()));
                    }
                    return cells;
                });
    }

    /// As [MatchedItems] has it: what lies further apart is a box taken for a tablet, unless a
    /// person released a price of it.
    private static Condition isNear(PriceQuestion question) {
        return RATIO.between(inline(1 / PriceFigures.APART), inline(PriceFigures.APART))
                .or(
                        exists(
                                SQL.selectOne()
                                        .from(SALE_RELEASE)
                                        .where(
                                                SALE_RELEASE.SUBSTITUTION_SET.eq(
                                                        field(
                                                                name("beside", "substitution_set"),
                                                                String.class)))
                                        .and(
                                                SALE_RELEASE.MAKER.eq(
                                                        field(
                                                                name("beside", "line_maker"),
                                                                String.class)))
                                        .and(SALE_RELEASE.DECIDED_AT.le(question.asOf()))
                                        .and(SALE_RELEASE.RELEASED)
                                        .and(isNewest(question))));
    }
}
