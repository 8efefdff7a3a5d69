package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.DayBootstrap;
import org.yifang.statistics.DifferenceInDifferences;
import org.yifang.statistics.HodgesLehmann;
import org.yifang.statistics.InterruptedSeries;
import org.yifang.statistics.KaplanMeier;
import org.yifang.statistics.QuasiPoisson;
import org.yifang.statistics.StandardisedWaits;
import org.yifang.statistics.WaitSample;
import org.yifang.statistics.WeeklyWaits;
import org.yifang.statistics.WeeklyWaits.Week;
import org.yifang.statistics.XmrChart;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/// How much shorter waits are in the later of two periods, by every reading that the claim needs.
///
/// @param crudeMedian one less the ratio of the medians as they are
/// @param median the same with the later mix made the earlier one
/// @param p90 the same of the ninetieth percentile
/// @param bootstrap intervals, whole days drawn again
/// @param ratio typical later wait as a share of the earlier one (Hodges and Lehmann), served only
/// @param leaving shares not seen to be served
/// @param leaverRate factor by which the weekly rate of leaving changed, null when it cannot be
///   told
/// @param series the weekly medians on both sides
/// @param chart of that series with limits from the weeks before
/// @param interrupted the segmented regression, null with too few weeks
/// @param control the change less that of the control sites, null without any
/// @param controlSeries the weeks of the control sites and what they say, null without any
public record Reduction(
        PeriodFigures before,
        PeriodFigures after,
        OptionalDouble crudeMedian,
        OptionalDouble median,
        OptionalDouble p90,
        DayBootstrap.Result bootstrap,
        @Nullable HodgesLehmann ratio,
        Leaving leaving,
        QuasiPoisson.@Nullable Rate leaverRate,
        Series series,
        @Nullable XmrChart chart,
        @Nullable InterruptedSeries interrupted,
        @Nullable DifferenceInDifferences control,
        @Nullable ControlSeries controlSeries,
        double largestEmptyStratum,
        double emptyStrata) {
    /// Shares not seen to be served, with tickets that were expected and never reported.
    public record Leaving(double before, double after) {
        public double change() {
            return after - before;
        }
    }

    /// Weekly medians before and after.
    public record Series(List<Week> before, List<Week> after) {
        double[] medians() {
            return Stream.concat(before.stream(), after.stream())
                    .mapToDouble(Week::medianSeconds)
                    .toArray();
        }
    }

    /// The periods of control sites, where no change was made.
    public record Control(PeriodTally before, PeriodTally after) {}

    /// Works everything out.
    ///
    /// @param progress told the replicates done
    public static Reduction of(
            PeriodTally before,
            PeriodTally after,
            Coverage coverage,
            Optional<Control> control,
            ReductionMethod method,
            IntConsumer progress) {
        StandardisedWaits waits =
                StandardisedWaits.of(before.sample(), after.sample(), before.strata().count());
        DayBootstrap.Result bootstrap =
                DayBootstrap.run(waits, method.replicates(), method.seed(), progress);
        PeriodFigures was = PeriodFigures.of(before);
        PeriodFigures is = PeriodFigures.of(after);
        Series series = series(before, after, method);
        return new Reduction(
                was,
                is,
                StandardisedWaits.reduction(was.median(), is.median()),
                waits.reduction(0.5),
                waits.reduction(0.9),
                bootstrap,
                ratio(before.sample(), after.sample()),
                new Leaving(
                        before.leavingShare(coverage.expectedBefore()),
                        after.leavingShare(coverage.expectedAfter())),
                leaverRate(series),
                series,
                chart(series),
                interrupted(series),
                control.map(sites -> difference(was, is, sites)).orElse(null),
                control.map(sites ->
                                ControlSeries.of(
                                        series, series(sites.before(), sites.after(), method)))
                        .orElse(null),
                waits.largestEmptyShare(),
                waits.emptyShare());
    }

    private static Series series(PeriodTally before, PeriodTally after, ReductionMethod method) {
        int least = method.ticketsPerWeekLeast();
        return new Series(
                WeeklyWaits.of(before.sample(), before.start(), before.end(), least),
                WeeklyWaits.of(after.sample(), after.start(), after.end(), least));
    }

    private static @Nullable HodgesLehmann ratio(WaitSample before, WaitSample after) {
        double[] earlier = before.servedSeconds();
        double[] later = after.servedSeconds();
        return earlier.length == 0 || later.length == 0
                ? null
                : HodgesLehmann.ratio(later, earlier, ReductionMethod.CONFIDENCE);
    }

    private static @Nullable XmrChart chart(Series series) {
        int weeks = series.before().size();
        return weeks < 2 ? null : XmrChart.of(series.medians(), weeks, true);
    }

    private static @Nullable InterruptedSeries interrupted(Series series) {
        if (series.before().size() < 3 || series.after().size() < 3) {
            return null;
        }
        return InterruptedSeries.fit(
                weekNumbers(series),
                series.medians(),
                weekNumber(series, series.after().getFirst().monday()),
                ReductionMethod.CONFIDENCE);
    }

    static int[] weekNumbers(Series series) {
        return Stream.concat(series.before().stream(), series.after().stream())
                .mapToInt(week -> weekNumber(series, week.monday()))
                .toArray();
    }

    private static int weekNumber(Series series, LocalDate monday) {
        return (int) ChronoUnit.WEEKS.between(series.before().getFirst().monday(), monday);
    }

    private static QuasiPoisson.@Nullable Rate leaverRate(Series series) {
        List<Week> weeks = new ArrayList<>(series.before());
        weeks.addAll(series.after());
        long leftBefore = series.before().stream().mapToLong(Week::left).sum();
        long leftAfter = series.after().stream().mapToLong(Week::left).sum();
        if (series.before().size() < 3 || leftBefore == 0 || leftAfter == 0) {
            return null;
        }
        double[][] design = new double[weeks.size()][];
        for (int i = 0; i < design.length; i++) {
            design[i] = new double[] {1, i < series.before().size() ? 0 : 1};
        }
        double[] left = weeks.stream().mapToDouble(Week::left).toArray();
        double[] tickets = weeks.stream().mapToDouble(Week::tickets).toArray();
        return QuasiPoisson.fit(design, left, tickets).rate(1, ReductionMethod.CONFIDENCE);
    }

    private static @Nullable DifferenceInDifferences difference(
            PeriodFigures was, PeriodFigures is, Control sites) {
        KaplanMeier earlier = StandardisedWaits.crude(sites.before().sample());
        KaplanMeier later = StandardisedWaits.crude(sites.after().sample());
        List<OptionalDouble> medians =
                List.of(was.median(), is.median(), earlier.quantile(0.5), later.quantile(0.5));
        if (medians.stream().anyMatch(median -> median.orElse(0) <= 0)) {
            return null;
        }
        return DifferenceInDifferences.of(
                medians.get(0).getAsDouble(),
                medians.get(1).getAsDouble(),
                medians.get(2).getAsDouble(),
                medians.get(3).getAsDouble());
    }
}
