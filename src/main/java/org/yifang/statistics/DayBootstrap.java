package org.yifang.statistics;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/// How sure a reduction of the median and of the ninetieth percentile is, when whole days are drawn
/// again, because people of one day share its staff, its weather and its breakdowns.
///
/// Within each weekday n - 1 of its n days are drawn with replacement and count n / (n - 1) times
/// (Rao and Wu, 1988), which keeps the interval wide enough when a period has few weeks. The
/// strata's shares and counts are drawn along: their effect on the reweighted curve is taken to
/// first order, so that a replicate is a weighted sum of one histogram per day, however many
/// tickets there are.
public final class DayBootstrap {
    /// Replicates of a published figure.
    public static final int REPLICATES = 2000;

    private static final double MISSING_MAX = 0.025;

    /// What the replicates say of one side, in seconds and shares: the earlier in the strata found
    /// on both sides, the later with the earlier mix.
    ///
    /// @param mean up to eight hours
    /// @param withinTenMinutes share served within ten minutes
    /// @param withinThirtyMinutes share served within thirty minutes
    public record Side(
            Optional<Interval> median,
            Optional<Interval> p90,
            Optional<Interval> mean,
            Optional<Interval> withinTenMinutes,
            Optional<Interval> withinThirtyMinutes) {
        static final Side UNKNOWN =
                new Side(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    /// What the replicates say; an interval is empty when more than 2.5 % of them have no value.
    ///
    /// @param seed with which the same numbers come again
    public record Result(
            long seed,
            int replicates,
            Side before,
            Side after,
            Optional<Interval> medianReduction,
            Optional<Interval> p90Reduction,
            Optional<Interval> meanReduction) {}

    private final WaitBins bins;
    private final List<double[]> before;
    private final List<double[]> cross;
    private final List<double[]> after;
    private final double[] afterBase;
    private final List<int[]> beforeGroups;
    private final List<int[]> afterGroups;

    private DayBootstrap(StandardisedWaits waits) {
        bins = WaitBins.of(waits.before(), waits.after(), waits.strata());
        DayCurves curves = new DayCurves(waits, bins);
        before = curves.before();
        cross = curves.cross();
        after = curves.after();
        afterBase = curves.afterBase();
        beforeGroups = byWeekday(waits.before().days());
        afterGroups = byWeekday(waits.after().days());
    }

    /// Draws the days again and again.
    ///
    /// @param progress told how many replicates are done, about a hundred times
    public static Result run(
            StandardisedWaits waits, int replicates, long seed, IntConsumer progress) {
        if (waits.before().size() == 0 || waits.after().size() == 0) {
            Optional<Interval> none = Optional.empty();
            return new Result(seed, replicates, Side.UNKNOWN, Side.UNKNOWN, none, none, none);
        }
        return new DayBootstrap(waits).draw(replicates, seed, progress);
    }

    private Result draw(int replicates, long seed, IntConsumer progress) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] was = new double[WaitBins.FIGURES][replicates];
        double[][] is = new double[WaitBins.FIGURES][replicates];
        double[] earlier = new double[afterBase.length];
        double[] later = new double[afterBase.length];
        int step = Math.max(replicates / 100, 1);
        for (int r = 0; r < replicates; r++) {
            double[] beforeTimes = draw(random, beforeGroups, before.size());
            double[] afterTimes = draw(random, afterGroups, after.size());
            Arrays.fill(earlier, 0);
            System.arraycopy(afterBase, 0, later, 0, later.length);
            addAll(earlier, before, beforeTimes);
            addAll(later, cross, beforeTimes);
            addAll(later, after, afterTimes);
            put(was, r, bins.figures(earlier));
            put(is, r, bins.figures(later));
            if ((r + 1) % step == 0 || r + 1 == replicates) {
                progress.accept(r + 1);
            }
        }
        return new Result(
                seed,
                replicates,
                side(was),
                side(is),
                percentiles(reductions(was[0], is[0])),
                percentiles(reductions(was[1], is[1])),
                percentiles(reductions(was[2], is[2])));
    }

    private static void put(double[][] values, int replicate, double[] figures) {
        for (int f = 0; f < figures.length; f++) {
            values[f][replicate] = figures[f];
        }
    }

    private static double[] reductions(double[] was, double[] is) {
        double[] reductions = new double[was.length];
        for (int r = 0; r < reductions.length; r++) {
            reductions[r] = 1 - is[r] / was[r];
        }
        return reductions;
    }

    private static Side side(double[][] values) {
        return new Side(
                percentiles(values[0]),
                percentiles(values[1]),
                percentiles(values[2]),
                percentiles(values[3]),
                percentiles(values[4]));
    }

    /// How often each day counts in one replicate.
    private static double[] draw(SplittableRandom random, List<int[]> groups, int days) {
        double[] times = new double[days];
        for (int[] group : groups) {
            int n = group.length;
            if (n == 1) {
                times[group[0]] = 1;
                continue;
            }
            double each = n / (n - 1.0);
            for (int i = 1; i < n; i++) {
                times[group[random.nextInt(n)]] += each;
            }
        }
        return times;
    }

    private static void addAll(double[] sum, List<double[]> rows, double[] times) {
        for (int d = 0; d < times.length; d++) {
            double time = times[d];
            if (time != 0) {
                double[] row = rows.get(d);
                for (int b = 0; b < sum.length; b++) {
                    sum[b] += time * row[b];
                }
            }
        }
    }

    private static Optional<Interval> percentiles(double[] values) {
        double[] known = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        if (known.length < values.length * (1 - MISSING_MAX)) {
            return Optional.empty();
        }
        return Optional.of(
                new Interval(Quantiles.type7(known, 0.025), Quantiles.type7(known, 0.975), 0.95));
    }

    private static List<int[]> byWeekday(List<LocalDate> days) {
        Map<DayOfWeek, List<Integer>> groups = new EnumMap<>(DayOfWeek.class);
        for (int d = 0; d < days.size(); d++) {
            groups.computeIfAbsent(days.get(d).getDayOfWeek(), _ -> new ArrayList<>()).add(d);
        }
        return groups.values().stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }
}
