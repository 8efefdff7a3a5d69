package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.Reduction.Series;
import org.yifang.statistics.CorrelatedWeeks;
import org.yifang.statistics.DifferenceInDifferences;
import org.yifang.statistics.InterruptedSeries;
import org.yifang.statistics.WeekContrast;
import org.yifang.statistics.WeeklyFigures.Week;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The weeks of the control sites, and whether they may be compared with at all: what is taken away
/// from a change is what happened everywhere, which the control sites tell only if both ran side by
/// side before.
///
/// @param weeks of the control sites
/// @param preTrend weekly change of the logarithm of site over control before the change, null with
///   fewer than [#WEEKS_LEAST] weeks that both have
/// @param preTrendWeeks those weeks
/// @param interrupted the segmented regression of the difference of both series, null with too few
///   weeks
/// @param less logarithm of the change at the site less that at the control sites, week by week,
///   null with too few weeks
public record ControlSeries(
        Series weeks,
        CorrelatedWeeks.@Nullable Estimate preTrend,
        int preTrendWeeks,
        @Nullable InterruptedSeries interrupted,
        CorrelatedWeeks.@Nullable Estimate less) {
    /// Weeks that a line needs before its error can be told.
    public static final int WEEKS_LEAST = 4;

    /// What the weeks before say of the comparison.
    public enum Trends {
        /// No difference of the slopes is seen.
        PARALLEL("parallel"),
        /// Both drifted apart, or towards each other, before anything was changed.
        NOT_PARALLEL("not-parallel"),
        /// Too few weeks to tell.
        UNKNOWN("unknown");

        private final String code;

        Trends(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /// A week that both have.
    private record Pair(LocalDate monday, double site, double control) {}

    static ControlSeries of(Series site, Series control) {
        List<Pair> before = pairs(site.before(), control.before());
        List<Pair> after = pairs(site.after(), control.after());
        double variance = site.variance() + control.variance();
        List<WeekContrast.Point> points = points(before, variance, false);
        points.addAll(points(after, variance, true));
        return new ControlSeries(
                control,
                preTrend(before, variance),
                before.size(),
                interrupted(before, after, variance),
                WeekContrast.change(points, ReductionMethod.CONFIDENCE).orElse(null));
    }

    private static List<WeekContrast.Point> points(
            List<Pair> pairs, double variance, boolean isLater) {
        List<WeekContrast.Point> points = new ArrayList<>();
        for (Pair pair : pairs) {
            double value = Math.log(pair.site() / pair.control());
            points.add(new WeekContrast.Point(pair.monday(), isLater, value, variance));
        }
        return points;
    }

    /// Whether the comparison is fair.
    public Trends trends() {
        if (preTrend == null) {
            return Trends.UNKNOWN;
        }
        return preTrend.interval().contains(0) ? Trends.PARALLEL : Trends.NOT_PARALLEL;
    }

    private static List<Pair> pairs(List<Week> site, List<Week> control) {
        Map<LocalDate, Week> known = new HashMap<>();
        control.forEach(week -> known.put(week.monday(), week));
        List<Pair> pairs = new ArrayList<>();
        for (Week week : site) {
            Week other = known.get(week.monday());
            if (other != null) {
                pairs.add(new Pair(week.monday(), week.medianSeconds(), other.medianSeconds()));
            }
        }
        return pairs;
    }

    private static CorrelatedWeeks.@Nullable Estimate preTrend(List<Pair> before, double variance) {
        return before.size() < WEEKS_LEAST
                ? null
                : DifferenceInDifferences.preTrend(
                        numbers(before),
                        before.stream().mapToDouble(Pair::site).toArray(),
                        before.stream().mapToDouble(Pair::control).toArray(),
                        filled(before.size(), variance),
                        ReductionMethod.CONFIDENCE);
    }

    private static double[] filled(int n, double value) {
        double[] filled = new double[n];
        Arrays.fill(filled, value);
        return filled;
    }

    private static @Nullable InterruptedSeries interrupted(
            List<Pair> before, List<Pair> after, double variance) {
        if (before.size() < 3 || after.size() < 3 || before.size() + after.size() < 7) {
            return null;
        }
        List<Pair> all = new ArrayList<>(before);
        all.addAll(after);
        int[] weeks = numbers(all);
        double[] ratio = all.stream().mapToDouble(pair -> pair.site() / pair.control()).toArray();
        return InterruptedSeries.fit(
                weeks,
                ratio,
                filled(weeks.length, variance),
                weeks[before.size()],
                ReductionMethod.CONFIDENCE);
    }

    private static int[] numbers(List<Pair> pairs) {
        LocalDate first = pairs.getFirst().monday();
        return pairs.stream()
                .mapToInt(pair -> (int) ChronoUnit.WEEKS.between(first, pair.monday()))
                .toArray();
    }
}
