package org.yifang.queue.evaluate;

import org.yifang.queue.evaluate.PlanFacts.Linking;
import org.yifang.queue.evaluate.PlanFacts.Pair;
import org.yifang.queue.evaluate.ReductionRule.Line;
import org.yifang.queue.evaluate.ReductionRule.Tick;
import org.yifang.queue.plan.Words;

import java.util.List;
import java.util.Locale;

/// The lines that only a plan's tickets have: linked to units of another sender, waits not moved,
/// clocks not shifted.
final class PlanLines {
    /// A visit, or the way from registration, counts as longer beyond this share.
    private static final double LONGER_FROM = 1.02;

    static void add(
            List<Tick> ticks, Reduction reduction, PlanFacts facts, ReductionMethod method) {
        ticks.add(linked(facts, method));
        ticks.add(moved(reduction, facts));
        if (!facts.merged().isEmpty()) {
            // Put together, a fast and a slow department hide that people turned to the fast one.
            String names = String.join(", ", facts.merged());
            ticks.removeIf(tick -> tick.line() == Line.DEPARTMENTS);
            ticks.add(
                    ReductionRule.tick(
                            Line.DEPARTMENTS,
                            false,
                            names,
                            "更名后的科室在基期已另有同名科室：" + names,
                            "a renamed department takes the name of another of the baseline: "
                                    + names));
        }
        if (facts.controlsSilent()) {
            ticks.add(
                    ReductionRule.tick(
                            Line.CONTROL,
                            false,
                            "-",
                            "方案指定的对照机构没有票号，无法比较",
                            "the control sites that the plan names told no tickets"));
        }
        boolean steady = facts.clocks().isSteady();
        Words against = facts.clocks().against();
        ticks.add(
                ReductionRule.tick(
                        Line.CLOCKS,
                        steady,
                        steady ? "steady" : against.english(),
                        steady ? "各来源时钟未变" : against.chinese(),
                        steady ? "no clock shifted" : against.english()));
    }

    private static Tick linked(PlanFacts facts, ReductionMethod method) {
        Linking links = facts.linking();
        if (links == null) {
            return ReductionRule.tick(
                    Line.LINKED,
                    false,
                    "-",
                    "方案未指定应到单位的来源，票号无法核对",
                    "the plan names no source of expected units to link tickets to");
        }
        double before = links.shareBefore();
        double after = links.shareAfter();
        boolean few = facts.dropped().size() > method.droppedMost() * facts.weeks();
        boolean holds = Math.min(before, after) >= method.linkedLeast() && !few;
        String shares = ReductionRule.percent(before) + " / " + ReductionRule.percent(after);
        String dropped =
                facts.dropped().isEmpty() ? "" : ", " + facts.dropped().size() + " weeks dropped";
        return ReductionRule.tick(
                Line.LINKED,
                holds,
                shares + dropped,
                "与另一来源的应到单位逐一核对上的占比%s（至少%s），未核对票号%d个不计，剔除%d周%s"
                        .formatted(
                                shares,
                                ReductionRule.percent(method.linkedLeast()),
                                links.struck().before() + links.struck().after(),
                                facts.dropped().size(),
                                facts.dropped().isEmpty() ? "" : facts.dropped()),
                ("%s of the units of another sender linked to a ticket (at least %s), %d tickets of"
                                + " no unit not counted, %d weeks dropped%s")
                        .formatted(
                                shares,
                                ReductionRule.percent(method.linkedLeast()),
                                links.struck().before() + links.struck().after(),
                                facts.dropped().size(),
                                facts.dropped().isEmpty() ? "" : " " + facts.dropped()));
    }

    /// A wait moved elsewhere is no wait saved: into the service, before the ticket, or to another
    /// stage of the visit.
    private static Tick moved(Reduction reduction, PlanFacts facts) {
        double claimed =
                reduction.before().median().orElse(0) - reduction.after().median().orElse(0);
        Pair toEnd = facts.toEnd();
        boolean toldOnce = (toEnd.before() == null) != (toEnd.after() == null);
        boolean endFalls =
                claimed <= 0
                        || (toEnd.before() == null && toEnd.after() == null)
                        || (!toldOnce && fall(toEnd) >= claimed / 2);
        boolean stopped = isNoLongerTold(facts.toJoining()) || isNoLongerTold(facts.visits());
        boolean holds =
                endFalls && !stopped && !isLonger(facts.toJoining()) && !isLonger(facts.visits());
        List<Pair> medians = List.of(toEnd, facts.toJoining(), facts.visits());
        return ReductionRule.tick(
                Line.MOVED,
                holds,
                "end %s, joining %s, visit %s".formatted(minutes(medians, "not told")),
                "排队至服务结束、登记至排队、整次就诊的中位数（分钟）：%s、%s、%s".formatted(minutes(medians, "未上报")),
                ("medians in minutes of joining to end of service %s, registration to joining %s,"
                                + " whole visit %s")
                        .formatted(minutes(medians, "not told")));
    }

    private static double fall(Pair pair) {
        return pair.before() == null || pair.after() == null ? 0 : pair.before() - pair.after();
    }

    /// By more than a minute and more than a few percent.
    private static boolean isLonger(Pair pair) {
        return pair.before() != null
                && pair.after() != null
                && pair.after() > LONGER_FROM * pair.before()
                && pair.after() - pair.before() > 60;
    }

    /// What was told before and is not any more could have grown unseen.
    private static boolean isNoLongerTold(Pair pair) {
        return pair.before() != null && pair.after() == null;
    }

    /// `12.0 → 5.5` for each.
    ///
    /// @param untold what is said of a side that told none
    private static Object[] minutes(List<Pair> medians, String untold) {
        return medians.stream()
                .map(pair ->
                        pair.before() == null && pair.after() == null
                                ? untold
                                : minutes(pair.before(), untold)
                                        + " → "
                                        + minutes(pair.after(), untold))
                .toArray();
    }

    private static String minutes(
            @org.jspecify.annotations.Nullable Double seconds, String untold) {
        return seconds == null ? untold : String.format(Locale.ROOT, "%.1f", seconds / 60);
    }

    private PlanLines() {}
}
