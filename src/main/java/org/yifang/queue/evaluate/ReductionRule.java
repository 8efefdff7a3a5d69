package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.Verdict;
import org.yifang.queue.plan.Words;
import org.yifang.statistics.Interval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Decides what may be said of a reduction. "Half as long" is said only of a registered plan, and
/// only when every line holds; what the lines are was fixed before the data.
public final class ReductionRule {
    /// The lines, in the order in which they are printed.
    public enum Line {
        COVERAGE("coverage", true),
        SINGLE_TICKETS("single-tickets", true),
        LINKED("linked", true),
        WEEKS("weeks", true),
        STRATA("strata", true),
        DEPARTMENTS("departments", true),
        CLOCKS("clocks", true),
        MOVED("moved", false),
        CONTROL("control", false),
        LEAVING("leaving", false),
        LENGTH("length", false),
        SEASON("season", false),
        CRUDE("crude", false),
        MEDIAN("median", false),
        P90("p90", false),
        INTERVAL("interval", false),
        CHART("chart", false),
        SERIES("series", false);

        private final String code;
        private final boolean needed;

        Line(String code, boolean needed) {
            this.code = code;
            this.needed = needed;
        }

        public String code() {
            return code;
        }
    }

    /// One line and whether it holds.
    ///
    /// @param value the figure that decided
    /// @param words the line in words, with the figure
    public record Tick(Line line, boolean holds, String value, Words words) {}

    /// The answer, as if a plan had asked; what may be printed of it [#verdict] says.
    ///
    /// @param reason why it is no more than that
    public record Judgement(Verdict verdict, List<Tick> ticks, Words reason) {
        /// Whether so little is known that no figure means anything.
        boolean isUnknown() {
            return verdict == Verdict.NOT_SHOWN
                    && ticks.stream().anyMatch(tick -> tick.line.needed && !tick.holds);
        }
    }

    /// Judges line by line.
    ///
    /// @param aggregatesOnly true when either period is known from monthly or banded figures alone
    /// @param facts what is known beside the waits, null for a question outside of plans
    public static Judgement judge(
            Reduction reduction,
            Coverage coverage,
            boolean aggregatesOnly,
            ReductionTerms terms,
            @Nullable PlanFacts facts,
            ReductionMethod method) {
        List<Tick> ticks = new ArrayList<>();
        List<Coverage.Gap> gaps = coverage.gaps();
        ticks.add(
                tick(
                        Line.COVERAGE,
                        gaps.isEmpty(),
                        gaps.size() + " gaps",
                        "上报覆盖缺口%d处".formatted(gaps.size()),
                        gaps.size() + " gaps of coverage"));
        ticks.add(
                tick(
                        Line.SINGLE_TICKETS,
                        !aggregatesOnly,
                        aggregatesOnly ? "no" : "yes",
                        aggregatesOnly ? "某一期只有汇总数，没有逐票数据" : "两期均有逐票数据",
                        aggregatesOnly ? "a period has no single tickets" : "single tickets"));
        ticks.add(weeks(Line.WEEKS, reduction, method.weeksLeast()));
        ticks.add(strata(reduction, method));
        ticks.add(departments(reduction, method));
        ticks.add(leaving(reduction, method));
        if (facts != null) {
            PlanLines.add(ticks, reduction, facts, method);
            ticks.add(season(terms));
        }
        if (reduction.controlSeries() != null) {
            ticks.add(control(reduction, reduction.controlSeries()));
        }
        ticks.add(weeks(Line.LENGTH, reduction, method.weeksForClaim()));
        ticks.add(atLeast(Line.CRUDE, reduction.crudeMedian(), method, "未标准化中位数", "crude median"));
        ticks.add(
                atLeast(Line.MEDIAN, reduction.median(), method, "标准化中位数", "standardised median"));
        ticks.add(atLeast(Line.P90, reduction.p90(), method, "标准化P90", "standardised P90"));
        Optional<Interval> interval = reduction.intervals().median();
        String range = interval.map(ReductionRule::percent).orElse("-");
        ticks.add(
                tick(
                        Line.INTERVAL,
                        interval.filter(one -> one.low() >= method.target()).isPresent(),
                        range,
                        "中位数降幅95%区间" + interval.map(ReductionRule::chinese).orElse("未知"),
                        "95 % interval of the median " + range));
        ticks.add(chart(reduction));
        ticks.add(series(reduction));
        ticks.sort(java.util.Comparator.comparing(Tick::line));
        return judged(ticks, interval);
    }

    private static Judgement judged(List<Tick> ticks, Optional<Interval> interval) {
        List<Tick> failed = ticks.stream().filter(tick -> !tick.holds).toList();
        List<Words> missing =
                failed.stream().filter(tick -> tick.line.needed).map(Tick::words).toList();
        if (interval.isEmpty() && missing.isEmpty()) {
            missing = List.of(new Words("周数太少，无法给出区间", "too few weeks for an interval"));
        }
        if (!missing.isEmpty()) {
            return new Judgement(Verdict.NOT_SHOWN, ticks, Words.joined(missing));
        }
        Words others = Words.joined(failed.stream().map(Tick::words).toList());
        if (failed.isEmpty()) {
            return new Judgement(Verdict.MET, ticks, others);
        }
        Interval range = interval.orElseThrow();
        if (range.high() < 0) {
            return new Judgement(Verdict.LONGER, ticks, others);
        }
        if (range.low() <= 0) {
            return new Judgement(Verdict.NO_CHANGE, ticks, others);
        }
        // Shorter by the interval: then it must not have another cause, and be seen by all means.
        List<Words> against =
                failed.stream()
                        .filter(tick ->
                                switch (tick.line) {
                                    case MOVED, CONTROL, LEAVING, LENGTH, SEASON, SERIES -> true;
                                    case CRUDE -> tick.value.startsWith("-");
                                    default -> false;
                                })
                        .map(Tick::words)
                        .toList();
        return against.isEmpty()
                ? new Judgement(Verdict.IMPROVED, ticks, others)
                : new Judgement(Verdict.NOT_SHOWN, ticks, Words.joined(against));
    }

    static Tick tick(Line line, boolean holds, String value, String chinese, String english) {
        return new Tick(line, holds, value, new Words(chinese, english));
    }

    private static Tick weeks(Line line, Reduction reduction, int least) {
        int before = reduction.series().before().size();
        int after = reduction.series().after().size();
        boolean enough = before >= least && after >= least;
        return tick(
                line,
                enough,
                before + " / " + after,
                "完整周数%d与%d（至少%d）".formatted(before, after, least),
                "%d and %d whole weeks (at least %d)".formatted(before, after, least));
    }

    private static Tick strata(Reduction reduction, ReductionMethod method) {
        boolean matched =
                reduction.largestEmptyStratum() <= method.emptyStratumMost()
                        && reduction.emptyStrata() <= method.emptyStrataMost();
        String share = percent(reduction.emptyStrata());
        return tick(
                Line.STRATA,
                matched,
                share,
                "基期有、报告期无人的层占" + share,
                share + " of the baseline in strata that are empty later");
    }

    private static Tick departments(Reduction reduction, ReductionMethod method) {
        String share = percent(reduction.newDepartments());
        return tick(
                Line.DEPARTMENTS,
                reduction.newDepartments() <= method.newDepartmentsMost(),
                share,
                "基期没有的科室占报告期" + share,
                share + " of the period in departments that are new");
    }

    private static Tick leaving(Reduction reduction, ReductionMethod method) {
        Reduction.Leaving leaving = reduction.leaving();
        double worse = leaving.change();
        // Worse only when the interval says so; without one the share itself decides.
        boolean isWorse =
                leaving.interval()
                        .map(one -> one.low() > method.leavingWorseMost())
                        .orElse(worse > method.leavingWorseMost());
        String range = leaving.interval().map(ReductionRule::pointsOf).orElse("-");
        return tick(
                Line.LEAVING,
                !isWorse,
                points(worse) + " (" + range + ")",
                "未见服务者占比变化%s（95%%区间%s）"
                        .formatted(
                                chinesePoints(worse),
                                leaving.interval()
                                        .map(one ->
                                                chinesePoints(one.low())
                                                        + "至"
                                                        + chinesePoints(one.high()))
                                        .orElse("未知")),
                "share not seen served changed by %s (95 %% interval %s)"
                        .formatted(points(worse), range));
    }

    private static Tick season(ReductionTerms terms) {
        return tick(
                Line.SEASON,
                terms.isYearBefore(),
                terms.isYearBefore() ? "same season" : "another season",
                terms.isYearBefore() ? "基期为上年同期" : "基期不是上年同期，季节不可比",
                terms.isYearBefore()
                        ? "the baseline is of the same season"
                        : "the baseline is of another season");
    }

    private static Tick atLeast(
            Line line,
            OptionalDouble value,
            ReductionMethod method,
            String chinese,
            String english) {
        boolean holds = value.isPresent() && value.getAsDouble() >= method.target();
        String told = value.isPresent() ? percent(value.getAsDouble()) : "-";
        return tick(
                line,
                holds,
                told,
                "%s降幅%s（目标%s）".formatted(chinese, told, percent(method.target())),
                "%s shorter by %s (target %s)".formatted(english, told, percent(method.target())));
    }

    private static Tick chart(Reduction reduction) {
        boolean improved =
                reduction.chart() != null
                        && reduction.chart().improvedFrom(reduction.series().before().size());
        return tick(
                Line.CHART,
                improved,
                improved ? "special cause" : "common cause",
                improved ? "控制图显示特殊原因的改善" : "控制图未显示特殊原因",
                improved ? "a special cause on the chart" : "no special cause on the chart");
    }

    private static Tick series(Reduction reduction) {
        if (reduction.interrupted() == null) {
            return tick(Line.SERIES, false, "-", "周数太少，间断时间序列无法计算", "too few weeks for the series");
        }
        Interval effect = reduction.interrupted().effect().interval();
        Interval fall = new Interval(-effect.high(), -effect.low(), effect.confidence());
        String shorter = percent(fall);
        return tick(
                Line.SERIES,
                effect.high() < 0,
                shorter,
                "间断时间序列降幅95%区间" + chinese(fall),
                "95 % interval of the interrupted series " + shorter);
    }

    /// Control sites decide: side by side before, less of an improvement than at the sites, and
    /// most of the fall the sites' own. An interval alone passes one county in a hundred in which
    /// all sites fall alike.
    private static Tick control(Reduction reduction, ControlSeries control) {
        boolean parallel = control.trends() != ControlSeries.Trends.NOT_PARALLEL;
        boolean more = control.less() != null && control.less().interval().high() < 0;
        double own = ownShare(reduction);
        String share = reduction.control() == null ? "-" : percent(-reduction.control().share());
        String trends = control.trends().code();
        return tick(
                Line.CONTROL,
                parallel && more && own >= ReductionMethod.OWN_LEAST,
                share + ", trends before: " + trends,
                "减去对照后降幅%s（本机构自身占降幅的%s），此前趋势%s"
                        .formatted(share, percent(own), parallel ? "平行" : "不平行"),
                "shorter by %s less the control sites (%s the sites' own), trends before: %s"
                        .formatted(share, percent(own), trends));
    }

    /// Which part of the fall, as logarithms, is not seen at the control sites too; 0 where nothing
    /// fell.
    private static double ownShare(Reduction reduction) {
        double fall = Math.log1p(-reduction.median().orElse(0));
        return reduction.control() == null || fall >= 0
                ? 0
                : Math.clamp(reduction.control().logarithm() / fall, 0, 1);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String percent(Interval interval) {
        return percent(interval.low()) + " to " + percent(interval.high());
    }

    private static String chinese(Interval interval) {
        return String.format(
                Locale.ROOT, "%.1f%%至%.1f%%", 100 * interval.low(), 100 * interval.high());
    }

    private static String chinesePoints(double change) {
        return String.format(Locale.ROOT, "%+.1f个百分点", 100 * change);
    }

    static String points(double change) {
        return String.format(Locale.ROOT, "%+.1f points", 100 * change);
    }

    private static String pointsOf(Interval interval) {
        return points(interval.low()) + " to " + points(interval.high());
    }

    private ReductionRule() {}
}
