package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.Words;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;

/// What is known of a plan's tickets beside their waits: which could be linked, whether a wait was
/// moved elsewhere, whose clock shifted.
///
/// @param linking null when the plan names no source of expected units
/// @param dropped Mondays of the weeks left out on both sides because too few were linked
/// @param weeks weeks of both periods, the dropped ones too
/// @param toEnd medians of joining to the end of service, seconds, both sides
/// @param toJoining medians of registration to joining, seconds, both sides
/// @param visits medians of whole visits, seconds, both sides
/// @param clocks whether the clocks of those who told moved between the periods
/// @param noArrival transferred tickets that arrived nowhere, counted as leaving
/// @param imports who imported tickets of the baseline, and the file's hash
/// @param controlsSilent whether the control sites that the plan names told nothing
/// @param merged names that a plan gives to renamed departments although others had them before
/// @param lateBefore share of the baseline that was told as live, long after its days
public record PlanFacts(
        @Nullable Linking linking,
        SortedSet<LocalDate> dropped,
        int weeks,
        Pair toEnd,
        Pair toJoining,
        Pair visits,
        Clocks clocks,
        Counts noArrival,
        List<String> imports,
        boolean controlsSilent,
        List<String> merged,
        double lateBefore) {
    /// Tickets linked one to one to units that another sender told of.
    ///
    /// @param struck tickets of no unit, which count for nothing
    public record Linking(Counts units, Counts linked, Counts struck) {
        double shareBefore() {
            return share(linked.before, units.before);
        }

        double shareAfter() {
            return share(linked.after, units.after);
        }

        private static double share(long some, long all) {
            return all == 0 ? 0 : some / (double) all;
        }
    }

    /// A count on each side.
    public record Counts(long before, long after) {}

    /// A figure on each side, null where nothing tells it.
    public record Pair(@Nullable Double before, @Nullable Double after) {}

    /// More tickets than units by this share is told: nobody knows who they are.
    private static final double OVER_REPORTED = 1.2;

    /// A share of late tickets that is worth a word.
    private static final double LATE_TOLD = 0.05;

    /// What has to be said with the figure.
    List<Words> warnings() {
        List<Words> warnings = new java.util.ArrayList<>();
        if (!imports.isEmpty()) {
            String files = String.join(", ", imports);
            warnings.add(
                    new Words(
                            "基期数据为事后导入（" + files + "）",
                            "the baseline rests on imported files (" + files + ")"));
        }
        if (lateBefore > LATE_TOLD) {
            String share = ReductionRule.percent(lateBefore);
            warnings.add(
                    new Words(
                            "基期票号有%s在当日%d天之后才上报".formatted(share, PlanDayStore.LATE_DAYS),
                            "%s of the tickets before were told more than %d days after their day"
                                    .formatted(share, PlanDayStore.LATE_DAYS)));
        }
        if (toEnd.before() == null || toEnd.after() == null) {
            warnings.add(
                    new Words(
                            "服务结束时间未上报，不能排除等候移入服务",
                            "the end of service is not told: waits may have moved into it"));
        }
        if (toJoining.before() == null || toJoining.after() == null) {
            warnings.add(
                    new Words(
                            "取号前的时间未上报，不能排除等候移至取号之前",
                            "the time before the ticket is not told: waits may have moved there"));
        }
        if (!clocks.unmeasured().isEmpty()) {
            String sources = String.join(", ", clocks.unmeasured());
            warnings.add(
                    new Words(
                            "以下来源从未上报发送时间，其时钟未经核对（" + sources + "）",
                            "the clocks of these sources were never measured (" + sources + ")"));
        }
        Optional.ofNullable(linking).ifPresent(links -> overReported(links, warnings));
        return warnings;
    }

    private static void overReported(Linking links, List<Words> warnings) {
        long all = links.linked.after + links.struck.after;
        if (links.units.after > 0 && all > OVER_REPORTED * links.units.after) {
            warnings.add(
                    new Words(
                            "报告期上报票号%d个，应到单位仅%d个".formatted(all, links.units.after),
                            "%d tickets were reported in the period for %d expected units"
                                    .formatted(all, links.units.after)));
        }
    }

    /// What is known of the clocks of those who told of a plan's sites in both periods.
    ///
    /// @param shifted whose clock moved by more than a minute between the periods
    /// @param untold whose clock was measured in one of the periods and not in the other, so that
    ///   nobody knows whether it moved
    /// @param unmeasured who never told the time of sending
    record Clocks(List<Shift> shifted, List<String> untold, List<String> unmeasured) {
        static final Clocks STEADY = new Clocks(List.of(), List.of(), List.of());

        /// A clock that moved.
        record Shift(String source, long seconds) {
            @Override
            public String toString() {
                return String.format(Locale.ROOT, "%s %d s", source, seconds);
            }
        }

        boolean isSteady() {
            return shifted.isEmpty() && untold.isEmpty();
        }

        /// What stands against a claim, empty when nothing does.
        Words against() {
            String moved = String.join(", ", shifted.stream().map(Shift::toString).toList());
            String silent = String.join(", ", untold);
            StringBuilder chinese = new StringBuilder();
            StringBuilder english = new StringBuilder();
            if (!shifted.isEmpty()) {
                chinese.append("来源时钟移动超过60秒：").append(moved);
                english.append("clocks shifted by over 60 s: ").append(moved);
            }
            if (!untold.isEmpty()) {
                chinese.append(chinese.isEmpty() ? "" : "；").append("仅一个时期上报了发送时间：").append(silent);
                english.append(english.isEmpty() ? "" : "; ")
                        .append("the time of sending was told in one period only: ")
                        .append(silent);
            }
            return new Words(chinese.toString(), english.toString());
        }
    }
}
