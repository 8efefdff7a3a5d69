package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.Verdict;
import org.yifang.queue.plan.Words;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Says a reading of prices in sentences that may be printed as they stand, Chinese and English.
final class PriceWords {
    /// Below this, that makers changed is not worth a warning.
    private static final double OTHER_MAKERS_TOLD = 0.05;

    private static final int HASH_DIGITS = 12;

    private final PriceReading.Result result;
    private final PriceQuestion question;
    private final long number;

    /// @param number which exploratory question it is
    PriceWords(PriceReading.Result result, long number) {
        this.result = result;
        this.question = result.question();
        this.number = number;
    }

    /// The verdict, with every warning in it.
    Words verdict() {
        Verdict verdict = result.judgement().verdict();
        PriceFigures figures = result.figures();
        Words said =
                switch (verdict) {
                    case MET -> met(Objects.requireNonNull(figures));
                    case IMPROVED, NO_CHANGE, LONGER -> changed(Objects.requireNonNull(figures));
                    case NOT_SHOWN ->
                            new Words(
                                    planned().chinese()
                                            + "，无法判断同厂同药价格是否下降：%s。".formatted(reason().chinese()),
                                    planned().english()
                                            + ": cannot tell whether prices of the same products"
                                            + " fell: %s.".formatted(reason().english()));
                    case EXPLORATORY -> exploratory(figures);
                };
        Words warned = warnings(said);
        return result.madeUp()
                ? new Words("演示数据：" + warned.chinese(), "Made-up data: " + warned.english())
                : warned;
    }

    private Words warnings(Words said) {
        List<Words> warnings = warnings();
        if (warnings.isEmpty()) {
            return said;
        }
        Words joined = Words.joined(warnings);
        return new Words(
                said.chinese() + joined.chinese() + "。",
                said.english() + " " + joined.english() + ".");
    }

    private Words planned() {
        PriceQuestion.Plan plan = question.plan();
        return plan == null
                ? new Words("未登记方案", "Without a registered plan")
                : new Words(
                        "按%s登记的方案".formatted(plan.registered()),
                        "Under the plan registered %s".formatted(plan.registered()));
    }

    private Words met(PriceFigures figures) {
        Words fell = fell(figures.laspeyres(), figures.interval());
        return new Words(
                "%s，全县%s同厂同药价格比%s%s，达到下降10%%目标。"
                        .formatted(planned().chinese(), period(), base(), fell.chinese()),
                "%s, prices of the same products in the county %s from %s to %s: 10%% target met."
                        .formatted(planned().english(), fell.english(), base(), period()));
    }

    private Words changed(PriceFigures figures) {
        Words fell = fell(figures.laspeyres(), figures.interval());
        Verdict verdict = result.judgement().verdict();
        boolean same = verdict == Verdict.NO_CHANGE;
        Words outcome =
                same
                        ? new Words("，与没有变化不可区分", ", which cannot be told from no change")
                        : new Words(
                                "，未证实达标：%s".formatted(reason().chinese()),
                                "; target not shown: %s".formatted(reason().english()));
        return new Words(
                "%s，全县%s同厂同药价格比%s%s%s。"
                        .formatted(
                                planned().chinese(),
                                period(),
                                base(),
                                fell.chinese(),
                                outcome.chinese()),
                "%s, prices of the same products in the county %s from %s to %s%s."
                        .formatted(
                                planned().english(),
                                fell.english(),
                                base(),
                                period(),
                                outcome.english()));
    }

    private Words exploratory(@Nullable PriceFigures figures) {
        Words found =
                figures == null
                        ? new Words(
                                "无法判断同厂同药价格是否下降：" + unsold().chinese(),
                                "cannot tell whether prices of the same products fell: "
                                        + unsold().english())
                        : found(figures);
        List<String> filters = question.filters();
        String narrowed = filters.isEmpty() ? "" : "（只计%s）".formatted(String.join("、", filters));
        String only = filters.isEmpty() ? "" : " (only %s)".formatted(String.join(", ", filters));
        return new Words(
                "探索性查询（第%d次），不作达标依据：%s%s。".formatted(number, found.chinese(), narrowed),
                "Exploratory (question %d), no evidence of the target: %s%s."
                        .formatted(number, found.english(), only));
    }

    private Words found(PriceFigures figures) {
        Words fell = fell(figures.laspeyres(), figures.interval());
        return new Words(
                "%s同厂同药价格比%s%s".formatted(period(), base(), fell.chinese()),
                "prices of the same products %s from %s to %s"
                        .formatted(fell.english(), base(), period()));
    }

    /// "The same drugs became x % cheaper."
    static Words sameDrugs(PriceFigures figures) {
        double fall = 1 - figures.laspeyres();
        return fall >= 0
                ? new Words(
                        "同样的药便宜了%s。".formatted(percent(fall)),
                        "The same drugs became %s cheaper.".formatted(percent(fall)))
                : new Words(
                        "同样的药贵了%s。".formatted(percent(-fall)),
                        "The same drugs became %s dearer.".formatted(percent(-fall)));
    }

    /// "Patients pay y % less per day of treatment."
    static Words perDay(PriceFigures.PerDay perDay) {
        double fall = 1 - perDay.ratio();
        Words interval = interval(fall, perDay.interval());
        return fall >= 0
                ? new Words(
                        "患者每治疗日少付%s%s，换药的影响计算在内。".formatted(percent(fall), interval.chinese()),
                        "Patients pay %s less per day of treatment%s, switching included."
                                .formatted(percent(fall), interval.english()))
                : new Words(
                        "患者每治疗日多付%s%s，换药的影响计算在内。".formatted(percent(-fall), interval.chinese()),
                        "Patients pay %s more per day of treatment%s, switching included."
                                .formatted(percent(-fall), interval.english()));
    }

    /// What stands inside the sentence besides.
    List<Words> warnings() {
        List<Words> warnings = new ArrayList<>();
        if (result.importedBaseline() > 0) {
            warnings.add(imported());
        }
        PriceFigures figures = result.figures();
        if (figures != null && figures.otherMakersShare() > OTHER_MAKERS_TOLD) {
            warnings.add(
                    new Words(
                            "基期金额中%s的药品已换厂家或原药店不再销售，未计入比较"
                                    .formatted(percent(figures.otherMakersShare())),
                            "%s of the baseline's value changed maker or is no longer sold by its"
                                            .formatted(percent(figures.otherMakersShare()))
                                    + " pharmacy and is not compared"));
        }
        if (result.heldLines() > 0) {
            warnings.add(
                    new Words(
                            "%d条明细因单价异常按中位价计".formatted(result.heldLines()),
                            "%d lines of implausible unit price count at the median"
                                    .formatted(result.heldLines())));
        }
        return warnings;
    }

    private Words imported() {
        String files = "";
        for (var one : result.read().imports()) {
            String hash = HexFormat.of().formatHex(one.sha256()).substring(0, HASH_DIGITS);
            files += (files.isEmpty() ? "" : ", ") + one.by() + " " + hash;
        }
        return new Words(
                "基期金额的%s来自导入文件（%s），平台未曾逐笔记录".formatted(percent(result.importedBaseline()), files),
                "%s of the baseline's value was imported (%s), not dispensed here"
                        .formatted(percent(result.importedBaseline()), files));
    }

    /// Why nothing better is said: the first line of the rule that does not hold.
    private Words reason() {
        PriceRule.Line line = result.judgement().reason();
        return line == null ? new Words("", "") : line(new PriceRule.Tick(line, false));
    }

    private Words unsold() {
        return line(new PriceRule.Tick(PriceRule.Line.SOLD, false));
    }

    /// One line of the rule in words, with its figures.
    Words line(PriceRule.Tick tick) {
        return switch (tick.line()) {
            case PLAN -> tick.holds() ? planned() : new Words("没有登记的方案", "no plan is registered");
            case ALL_SALES ->
                    tick.holds()
                            ? new Words("包括全部药品和全部药店", "all drugs and all pharmacies count")
                            : new Words(
                                    "只计入部分销售：" + String.join("、", question.filters()),
                                    "only a part of the sales counts: "
                                            + String.join(", ", question.filters()));
            case PERIODS ->
                    new Words(
                            "基期%s，报告期%s；要求基期在前，各至少3个整月，且为同样的月份或各12个月".formatted(base(), period()),
                            "baseline %s, period %s; asked are whole months, at least 3 each, the"
                                            .formatted(base(), period())
                                    + " baseline first, the same months of the year or 12 each");
            case OVER ->
                    new Words(
                            "报告期%s，结论在其结束14天后作出".formatted(tick.holds() ? "已结束" : "尚未结束满14天"),
                            "the period %s; the verdict is due 14 days after its end"
                                    .formatted(tick.holds() ? "is over" : "is not over for long"));
            case SOLD ->
                    tick.holds()
                            ? new Words("两期都有销售", "sales in both periods")
                            : new Words("没有两期都销售的药品", "nothing was sold in both periods");
            case DISPENSED ->
                    new Words(
                            "报告期金额的%s来自导入文件，要求为0".formatted(percent(result.importedCurrent())),
                            "%s of the period's value was imported; asked is 0"
                                    .formatted(percent(result.importedCurrent())));
            case CHECKED, MATCHED, PHARMACIES, GOAL ->
                    line(tick.line(), Objects.requireNonNull(result.figures()));
        };
    }

    private Words line(PriceRule.Line line, PriceFigures figures) {
        return switch (line) {
            case CHECKED ->
                    new Words(
                            "单价异常、未经核实的金额占%s（%d条），要求不超过3%%"
                                    .formatted(percent(figures.heldOutShare()), result.heldLines()),
                            "%s of the value stands on implausible unit prices (%d lines); asked"
                                            .formatted(
                                                    percent(figures.heldOutShare()),
                                                    result.heldLines())
                                    + " is at most 3%");
            case MATCHED ->
                    new Words(
                            "基期金额的%s可以比较，要求至少50%%".formatted(percent(figures.matchedShare())),
                            "%s of the baseline's value can be compared; asked is at least 50%%"
                                    .formatted(percent(figures.matchedShare())));
            case PHARMACIES ->
                    new Words(
                            "%d家药店，区间至少需要5家".formatted(figures.pharmacies()),
                            "%d pharmacies; an interval needs at least 5"
                                    .formatted(figures.pharmacies()));
            default -> goal(figures);
        };
    }

    private static Words goal(PriceFigures figures) {
        PriceFigures.Interval interval = figures.interval();
        if (interval == null) {
            return new Words("没有区间", "there is no interval");
        }
        return new Words(
                "可比部分%s × 区间上限%.3f + 不可比部分%s × 1.00 = %.3f，目标不超过0.900"
                        .formatted(
                                percent(figures.matchedShare()),
                                interval.high(),
                                percent(1 - figures.matchedShare()),
                                figures.boundHigh()),
                "matched %s × upper end %.3f + unmatched %s × 1.00 = %.3f; the target is at most"
                                .formatted(
                                        percent(figures.matchedShare()),
                                        interval.high(),
                                        percent(1 - figures.matchedShare()),
                                        figures.boundHigh())
                        + " 0.900");
    }

    private static Words fell(double ratio, PriceFigures.@Nullable Interval interval) {
        double fall = 1 - ratio;
        Words told = interval(fall, interval);
        return fall >= 0
                ? new Words(
                        "下降%s%s".formatted(percent(fall), told.chinese()),
                        "fell %s%s".formatted(percent(fall), told.english()))
                : new Words(
                        "上涨%s%s".formatted(percent(-fall), told.chinese()),
                        "rose %s%s".formatted(percent(-fall), told.english()));
    }

    /// The ends as changes in the direction that is told.
    private static Words interval(double fall, PriceFigures.@Nullable Interval interval) {
        if (interval == null) {
            return new Words("（药店太少，没有区间）", " (too few pharmacies for an interval)");
        }
        double low = fall >= 0 ? 1 - interval.high() : interval.low() - 1;
        double high = fall >= 0 ? 1 - interval.low() : interval.high() - 1;
        // A dash beside a minus sign would be read as another one.
        boolean dash = low >= 0;
        String ends = number(low) + (dash ? "–" : "至") + number(high);
        return new Words(
                "（95%%区间%s%%）".formatted(ends),
                " (95%% interval %s)".formatted(ends.replace("至", " to ")));
    }

    private String base() {
        return span(question.baselineStart(), question.baselineEnd());
    }

    private String period() {
        return span(question.start(), question.end());
    }

    private static String span(LocalDate from, LocalDate to) {
        return from + "–" + to;
    }

    private static String percent(double share) {
        return number(share) + "%";
    }

    private static String number(double share) {
        // No "-0.0".
        double rounded = Math.rint(share * 1000) / 10;
        return String.format(Locale.ROOT, "%.1f", rounded == 0 ? 0.0 : rounded);
    }
}
