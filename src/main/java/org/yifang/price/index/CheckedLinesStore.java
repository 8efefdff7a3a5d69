package org.yifang.price.index;

import static org.jooq.impl.DSL.abs;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.percentileCont;
import static org.jooq.impl.DSL.when;
import static org.yifang.generated.Tables.DRUG;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.generated.Tables.SALE_RELEASE;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.WithStep;
import org.yifang.price.compare.SaleKind;
import org.yifang.price.compare.SaleStore;

import java.time.LocalDate;
import java.util.List;

/// The part that all queries over checked sales have in common: which lines a question asks for,
/// and which of them stand out.
final class CheckedLinesStore {
    /// Prices of a product that are this near are the price that was released.
    private static final double RELEASED_WITHIN = 0.1;

    static final Field<String> MAKER =
            coalesce(SALE.MAKER, DRUG.MAKER, SALE.DRUG_CODE).as("line_maker");
    static final Field<Integer> MONTH =
            field(
                            "(extract(year from {0}) * 12 + extract(month from {0}))::int",
                            Integer.class, SALE.SOLD_FROM)
                    .as("month");
    static final Field<Double> UNITS = SALE.QUANTITY.cast(Double.class).as("units");
    static final Field<Double> FEN = SALE.VALUE_FEN.cast(Double.class).as("fen");
    static final Field<Double> UNIT_FEN =
            field(name("fen"), Double.class).div(field(name("units"), Double.class));
    static final Field<Double> MEDIAN = field(name("median"), Double.class);
    static final Field<Boolean> HELD = field(name("held"), Boolean.class);
    static final Field<Double> COUNTED = field(name("counted"), Double.class);
    static final Field<Double> WEIGHT = field(name("weight"), Double.class);

    /// `WITH line, middle, checked`: each line of the months of both periods, with the period it
    /// counts in (0, 1, -1 for neither), whether it is held out, and what it counts.
    static WithStep checked(PriceQuestion question) {
        CommonTableExpression<Record> line = name("line").as(lines(question));
        // Reckoned once: a planner with stale statistics would reckon it anew for every line.
        CommonTableExpression<?> middle =
                name("middle")
                        .asMaterialized(
                                SQL.select(
                                                field(name("substitution_set")),
                                                field(name("line_maker")),
                                                field(name("month")),
                                                percentileCont(inline(0.5))
                                                        .withinGroupOrderBy(UNIT_FEN)
                                                        .as("median"))
                                        .from(name("line"))
                                        .where(field(name("units"), Double.class).gt(0.0))
                                        .groupBy(
                                                field(name("substitution_set")),
                                                field(name("line_maker")),
                                                field(name("month"))));
        Field<Double> fen = field(name("fen"), Double.class);
        Field<Double> atMedian = MEDIAN.times(field(name("units"), Double.class));
        Condition held =
                MEDIAN.gt(0.0)
                        .and(
                                UNIT_FEN.gt(MEDIAN.times(inline(PriceFigures.APART)))
                                        .or(UNIT_FEN.lt(MEDIAN.div(inline(PriceFigures.APART)))))
                        .and(not(isReleased(question)));
        CommonTableExpression<?> judged =
                name("judged")
                        .as(
                                SQL.select(
                                                field("line.*"),
                                                MEDIAN,
                                                coalesce(field(held), inline(false)).as("held"))
                                        .from(name("line"))
                                        .leftJoin(name("middle"))
                                        .using(
                                                field(name("substitution_set")),
                                                field(name("line_maker")),
                                                field(name("month"))));
        CommonTableExpression<?> checked =
                name("checked")
                        .as(
                                SQL.select(
                                                field("judged.*"),
                                                when(HELD, atMedian).otherwise(fen).as("counted"),
                                                when(HELD, greatest(abs(fen), abs(atMedian)))
                                                        .otherwise(abs(fen))
                                                        .as("weight"))
                                        .from(name("judged")));
        return SQL.with(line).with(middle).with(judged).with(checked);
    }

    private static Select<Record> lines(PriceQuestion question) {
        Field<Integer> period =
                when(within(question.baselineStart(), question.baselineEnd()), inline(0))
                        .when(within(question.start(), question.end()), inline(1))
                        .otherwise(inline(-1))
                        .as("period");
        List<Field<?>> fields =
                List.of(
                        SALE.ID,
                        SALE.PHARMACY_ID,
                        SALE.IN_HOUSE,
                        SALE.SUBSTITUTION_SET,
                        SALE.DRUG_CODE,
                        SALE.KIND,
                        SALE.RECORDED_BY,
                        SALE.SOLD_FROM,
                        SALE.DAILY_DOSES,
                        MAKER,
                        MONTH,
                        period,
                        UNITS,
                        FEN);
        return SQL.select(fields)
                .from(SALE)
                .leftJoin(DRUG)
                .on(DRUG.CODE.eq(SALE.DRUG_CODE))
                .where(within(question.firstMonth(), question.lastDay()))
                .and(asked(question));
    }

    private static Condition isReleased(PriceQuestion question) {
        Field<Double> tenth = SALE_RELEASE.UNIT_FEN.times(inline(RELEASED_WITHIN));
        return exists(
                SQL.selectOne()
                        .from(SALE_RELEASE)
                        .where(
                                SALE_RELEASE.SUBSTITUTION_SET.eq(
                                        field(name("line", "substitution_set"), String.class)))
                        .and(SALE_RELEASE.MAKER.eq(field(name("line", "line_maker"), String.class)))
                        .and(SALE_RELEASE.DECIDED_AT.le(question.asOf()))
                        .and(SALE_RELEASE.RELEASED)
                        .and(isNewest(question))
                        .and(abs(UNIT_FEN.minus(SALE_RELEASE.UNIT_FEN)).le(tenth)));
    }

    /// Nobody decided otherwise since, as far as the question's moment knows.
    static Condition isNewest(PriceQuestion question) {
        var later = SALE_RELEASE.as("later");
        return notExists(
                SQL.selectOne()
                        .from(later)
                        .where(later.SALE_ID.eq(SALE_RELEASE.SALE_ID))
                        .and(later.ID.gt(SALE_RELEASE.ID))
                        .and(later.DECIDED_AT.le(question.asOf())));
    }

    static Condition within(LocalDate from, LocalDate to) {
        return SALE.SOLD_FROM.ge(from).and(SALE.SOLD_TO.le(to));
    }

    /// Made-up sales count for the plan of the demonstration and where there are no others.
    private static Condition isReal(PriceQuestion question) {
        PriceQuestion.Plan plan = question.plan();
        if (plan != null) {
            return plan.madeUp()
                    ? SALE.RECORDED_BY.eq(inline(SaleStore.DEMONSTRATION))
                    : SALE.RECORDED_BY.ne(inline(SaleStore.DEMONSTRATION));
        }
        var real = SALE.as("real");
        return SALE.RECORDED_BY
                .ne(inline(SaleStore.DEMONSTRATION))
                .or(
                        notExists(
                                SQL.selectOne()
                                        .from(real)
                                        .where(real.SOLD_FROM.ge(question.firstMonth()))
                                        .and(real.SOLD_TO.le(question.lastDay()))
                                        .and(real.RECORDED_AT.le(question.asOf()))
                                        .and(
                                                real.RECORDED_BY.ne(
                                                        inline(SaleStore.DEMONSTRATION)))));
    }

    static Condition asked(PriceQuestion question) {
        Condition asked = SALE.RECORDED_AT.le(question.asOf()).and(isReal(question));
        asked =
                switch (question.basis()) {
                    case ALL -> asked;
                    case DISPENSED -> asked.and(SALE.KIND.ne(SaleKind.HISTORY.code()));
                    case HISTORY -> asked.and(SALE.KIND.eq(SaleKind.HISTORY.code()));
                };
        if (!question.organizations().isEmpty()) {
            asked =
                    asked.and(
                            SALE.PHARMACY_ID.in(
                                    SQL.select(ORGANIZATION.ID)
                                            .from(ORGANIZATION)
                                            .where(
                                                    ORGANIZATION.NUMBER.in(
                                                            question.organizations()))));
        }
        if (!question.sets().isEmpty()) {
            asked = asked.and(SALE.SUBSTITUTION_SET.in(question.sets()));
        }
        Boolean inHouse = question.inHouse();
        return inHouse == null ? asked : asked.and(SALE.IN_HOUSE.eq(inHouse));
    }

    private CheckedLinesStore() {}
}
