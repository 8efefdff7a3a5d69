package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.DifferenceInDifferences;
import org.yifang.statistics.HodgesLehmann;
import org.yifang.statistics.InterruptedSeries;
import org.yifang.statistics.Interval;
import org.yifang.statistics.QuasiPoisson;
import org.yifang.statistics.StandardisedWaits;
import org.yifang.statistics.WaitSample;
import org.yifang.statistics.WeekContrast;
import org.yifang.statistics.WeeklyFigures;
import org.yifang.statistics.WeeklyFigures.Figure;
import org.yifang.statistics.WeeklyFigures.Week;
import org.yifang.statistics.XmrChart;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;

/// How much shorter waits are in the later of two periods, by every reading that the claim needs.
///
/// @param crudeMedian one less the ratio of the medians as they are
/// @param median the same with the later mix made the earlier one
/// @param p90 the same of the ninetieth percentile
/// @param intervals how sure each is, weeks being correlated
/// @param ratio typical later wait as a share of the earlier one (Hodges and Lehmann), served only
/// @param leaving shares not seen to be served
/// @param leaverRate factor by which the weekly rate of leaving changed, null when it cannot be
///   told
/// @param series the standardised weekly medians on both sides
/// @param chart of that series with limits from the weeks before
/// @param interrupted the segmented regression over all weeks, null with too few
/// @param control the change less that of the control sites, null without any
/// @param controlSeries the weeks of the control sites and what they say, null without any
/// @param newDepartments share of the later tickets in departments that nobody came to before
public record Reduction(
        PeriodFigures before,
        PeriodFigures after,
        OptionalDouble crudeMedian,
        OptionalDouble median,
        OptionalDouble p90,
        Intervals intervals,
        @Nullable HodgesLehmann ratio,
        Leaving leaving,
        QuasiPoisson.@Nullable Rate leaverRate,
        Series series,
        @Nullable XmrChart chart,
        @Nullable InterruptedSeries interrupted,
        List<Week> interruptedWeeks,
        @Nullable DifferenceInDifferences control,
        @Nullable ControlSeries controlSeries,
        double largestEmptyStratum,
        double emptyStrata,
        double newDepartments,
        int strata) {
    /// Shares not seen to be served, with tickets that were expected and never reported.
    public record Leaving(double before, double after, Optional<Interval> interval) {
        public double change() {
            return after - before;
        }
    }

    /// How sure each figure is.
    public record Intervals(
            Optional<Interval> median,
            Optional<Interval> p90,
            Optional<Interval> mean,
            Map<Figure, Interval> before,
            Map<Figure, Interval> after) {}

    /// Standardised weekly medians before, between the periods, and after.
    public record Series(List<Week> before, List<Week> between, List<Week> after, double variance) {
        double[] medians() {
            return Stream.concat(before.stream(), after.stream())
                    .mapToDouble(Week::medianSeconds)
                    .toArray();
        }
    }

    /// The periods of control sites, where no change was made.
    public record Control(PeriodTally before, PeriodTally after) {}

    /// What was told of one stage.
    ///
    /// @param between days between the periods, null when nothing was asked of them
    public record StageTallies(
            PeriodTally before,
            @Nullable PeriodTally between,
            PeriodTally after,
            Coverage coverage,
            Optional<Control> control) {}

    /// Works everything out.
    public static Reduction of(StageTallies told, ReductionTerms terms, ReductionMethod method) {
        PeriodTally before = told.before();
        PeriodTally after = told.after();
        int[] places = places(before, after);
        int strata = places[places.length - 1];
        StandardisedWaits waits =
                StandardisedWaits.of(before.sample(), after.sample(), places, strata);
        PeriodFigures was = PeriodFigures.of(before);
        PeriodFigures is = PeriodFigures.of(after);
        WeeklyFigures weeksBefore = weeks(waits, before, true, method);
        WeeklyFigures weeksAfter = weeks(waits, after, false, method);
        Series series = series(waits, told, weeksBefore, weeksAfter, method);
        return new Reduction(
                was,
                is,
                StandardisedWaits.reduction(was.median(), is.median()),
                waits.reduction(0.5),
                waits.reduction(0.9),
                intervals(waits, weeksBefore, weeksAfter),
                ratio(before.sample(), after.sample()),
                LeavingShares.of(told),
                leaverRate(series),
                series,
                chart(series),
                interrupted(series, terms),
                interruptedWeeks(series, terms),
                told.control().map(sites -> difference(waits, sites)).orElse(null),
                told.control()
                        .map(sites -> ControlSeries.of(series, series(sites, method)))
                        .orElse(null),
                waits.largestEmptyShare(),
                waits.emptyShare(),
                newDepartments(before, after),
                strata);
    }

    private static int[] places(PeriodTally before, PeriodTally after) {
        int strata = before.strata().count();
        return before.strata()
                .joined(
                        before.sample().countByStratum(strata),
                        after.sample().countByStratum(strata));
    }

    private static WeeklyFigures weeks(
            StandardisedWaits waits, PeriodTally tally, boolean isBefore, ReductionMethod method) {
        int least = method.ticketsPerWeekLeast();
        return isBefore
                ? waits.weeksBefore(tally.start(), tally.end(), least)
                : waits.weeksAfter(tally.start(), tally.end(), least);
    }

    private static Series series(
            StandardisedWaits waits,
            StageTallies told,
            WeeklyFigures before,
            WeeklyFigures after,
            ReductionMethod method) {
        PeriodTally between = told.between();
        List<Week> weeksBetween =
                between == null
                        ? List.of()
                        : waits.weeksOf(
                                        between.sample(),
                                        between.start(),
                                        between.end(),
                                        method.ticketsPerWeekLeast())
                                .weeks();
        double variance = Math.max(before.variance(Figure.MEDIAN), after.variance(Figure.MEDIAN));
        return new Series(before.weeks(), weeksBetween, after.weeks(), variance);
    }

    /// The series of control sites, each with the mix of its own first weeks.
    private static Series series(Control sites, ReductionMethod method) {
        int[] places = places(sites.before(), sites.after());
        StandardisedWaits waits =
                StandardisedWaits.of(
                        sites.before().sample(),
                        sites.after().sample(),
                        places,
                        places[places.length - 1]);
        WeeklyFigures before = weeks(waits, sites.before(), true, method);
        WeeklyFigures after = weeks(waits, sites.after(), false, method);
        return new Series(
                before.weeks(),
                List.of(),
                after.weeks(),
                Math.max(before.variance(Figure.MEDIAN), after.variance(Figure.MEDIAN)));
    }

    private static Intervals intervals(
            StandardisedWaits waits, WeeklyFigures before, WeeklyFigures after) {
        Map<Figure, Interval> was = new TreeMap<>();
        Map<Figure, Interval> is = new TreeMap<>();
        for (Figure figure : Figure.values()) {
            WeekContrast.level(before, figure, ReductionMethod.CONFIDENCE)
                    .ifPresent(one -> was.put(figure, one));
            WeekContrast.level(after, figure, ReductionMethod.CONFIDENCE)
                    .ifPresent(one -> is.put(figure, one));
        }
        return new Intervals(
                reduction(before, after, Figure.MEDIAN, waits.reduction(0.5)),
                reduction(before, after, Figure.P90, waits.reduction(0.9)),
                reduction(before, after, Figure.MEAN, OptionalDouble.empty()),
                was,
                is);
    }

    /// The interval of the weeks, laid around what the whole periods come to.
    private static Optional<Interval> reduction(
            WeeklyFigures before, WeeklyFigures after, Figure figure, OptionalDouble told) {
        return WeekContrast.change(before, after, figure, ReductionMethod.CONFIDENCE)
                .map(change -> {
                    double around =
                            told.isPresent() && told.getAsDouble() < 1
                                    ? Math.log(1 - told.getAsDouble())
                                    : change.value();
                    double shift = around - change.value();
                    return new Interval(
                            -Math.expm1(change.interval().high() + shift),
                            -Math.expm1(change.interval().low() + shift),
                            ReductionMethod.CONFIDENCE);
                });
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

    /// The weeks that the interrupted series is fitted to.
    private static List<Week> interruptedWeeks(Series series, ReductionTerms terms) {
        List<Week> all = new ArrayList<>(series.before());
        all.addAll(series.between());
        all.addAll(series.after());
        // A week that the change or its wash-in falls into belongs to neither side.
        all.removeIf(week ->
                week.monday().plusDays(6).isAfter(terms.change().minusDays(1))
                        && week.monday().isBefore(terms.washInEnd()));
        all.sort(java.util.Comparator.comparing(Week::monday));
        return List.copyOf(all);
    }

    private static @Nullable InterruptedSeries interrupted(Series series, ReductionTerms terms) {
        List<Week> weeks = interruptedWeeks(series, terms);
        long before = weeks.stream().filter(w -> w.monday().isBefore(terms.washInEnd())).count();
        int most = InterruptedSeries.WEEKS_LEAST;
        if (before < most || weeks.size() - before < most || weeks.size() < 2 * most + 1) {
            return null;
        }
        LocalDate first = weeks.getFirst().monday();
        int[] numbers =
                weeks.stream()
                        .mapToInt(week -> (int) ChronoUnit.WEEKS.between(first, week.monday()))
                        .toArray();
        double[] variance = new double[numbers.length];
        java.util.Arrays.fill(variance, series.variance());
        return InterruptedSeries.fit(
                numbers,
                weeks.stream().mapToDouble(Week::medianSeconds).toArray(),
                variance,
                numbers[(int) before],
                ReductionMethod.CONFIDENCE);
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

    /// Standardised medians of both: the mix of a control site changes, too.
    private static @Nullable DifferenceInDifferences difference(
            StandardisedWaits waits, Control sites) {
        int[] places = places(sites.before(), sites.after());
        StandardisedWaits control =
                StandardisedWaits.of(
                        sites.before().sample(),
                        sites.after().sample(),
                        places,
                        places[places.length - 1]);
        List<OptionalDouble> medians =
                List.of(
                        waits.beforeMatched().quantile(0.5),
                        waits.afterStandardised().quantile(0.5),
                        control.beforeMatched().quantile(0.5),
                        control.afterStandardised().quantile(0.5));
        if (medians.stream().anyMatch(median -> median.orElse(0) <= 0)) {
            return null;
        }
        return DifferenceInDifferences.of(
                medians.get(0).getAsDouble(),
                medians.get(1).getAsDouble(),
                medians.get(2).getAsDouble(),
                medians.get(3).getAsDouble());
    }

    private static double newDepartments(PeriodTally before, PeriodTally after) {
        PeriodTally.Strata strata = after.strata();
        int[] was = before.sample().countByStratum(strata.count());
        int[] is = after.sample().countByStratum(strata.count());
        long[] known = new long[strata.departments().size()];
        for (int h = 0; h < was.length; h++) {
            known[strata.department(h)] += was[h];
        }
        long unknown = 0;
        for (int h = 0; h < is.length; h++) {
            unknown += known[strata.department(h)] == 0 ? is[h] : 0;
        }
        return after.sample().size() == 0 ? 0 : unknown / (double) after.sample().size();
    }
}
