package org.yifang.statistics;

import java.util.ArrayList;
import java.util.List;

/// A chart of single values with moving ranges (XmR), read by the rules of NHS England's Making
/// Data Count: is a change more than noise, and can the process be relied on to meet its target.
///
/// @param centre mean of the values that set the limits
/// @param lower lower process limit
/// @param upper upper process limit
/// @param meanRange mean moving range, after screening when it was asked for
/// @param screened true when moving ranges of 3.267 times their mean and more were left out once,
///   as NHSRplotthedots does and the NHS spreadsheet does not
/// @param points one per value
public record XmrChart(
        double centre,
        double lower,
        double upper,
        double meanRange,
        boolean screened,
        List<Point> points) {
    private static final double LIMIT_FACTOR = 2.66;
    private static final double RANGE_LIMIT_FACTOR = 3.267;

    /// At least this many values set the limits of a segment.
    public static final int SEGMENT_MIN = 12;

    /// What a value's place says; the first that applies, in this order.
    public enum Sign {
        OUTSIDE_LIMITS,
        TREND_OF_SEVEN,
        TWO_OF_THREE_NEAR_LIMIT,
        SEVEN_ON_ONE_SIDE,
        COMMON_CAUSE
    }

    /// Whether the process meets a target of itself.
    public enum Assurance {
        CONSISTENTLY_PASSES,
        CONSISTENTLY_FAILS,
        HIT_AND_MISS
    }

    /// A value and what it says.
    ///
    /// @param direction -1 when a special cause points down, 1 up, 0 none
    public record Point(double value, Sign sign, int direction) {}

    /// A chart whose limits come from the first `baseline` values (all of them when none follow).
    public static XmrChart of(double[] values, int baseline, boolean screen) {
        if (baseline < 2 || baseline > values.length) {
            throw new IllegalArgumentException("Limits need two values at least.");
        }
        double centre = 0;
        for (int i = 0; i < baseline; i++) {
            centre += values[i] / baseline;
        }
        double range = meanRange(values, baseline, Double.POSITIVE_INFINITY);
        if (screen) {
            range = meanRange(values, baseline, RANGE_LIMIT_FACTOR * range);
        }
        double reach = LIMIT_FACTOR * range;
        double lower = centre - reach;
        double upper = centre + reach;
        return new XmrChart(
                centre, lower, upper, range, screen, points(values, centre, lower, upper));
    }

    /// Whether lower values than `target` can be relied on; lower is better.
    public Assurance assurance(double target) {
        if (upper < target) {
            return Assurance.CONSISTENTLY_PASSES;
        }
        return lower > target ? Assurance.CONSISTENTLY_FAILS : Assurance.HIT_AND_MISS;
    }

    /// True when a special cause points down at any value from `first` on.
    public boolean improvedFrom(int first) {
        return points.stream().skip(first).anyMatch(point -> point.direction() < 0);
    }

    private static double meanRange(double[] values, int n, double below) {
        double sum = 0;
        int counted = 0;
        for (int i = 1; i < n; i++) {
            double range = Math.abs(values[i] - values[i - 1]);
            if (range < below || range == 0) {
                sum += range;
                counted++;
            }
        }
        return counted == 0 ? 0 : sum / counted;
    }

    private static List<Point> points(double[] values, double centre, double lower, double upper) {
        int n = values.length;
        double near = (upper - centre) * 2 / 3;
        int[] side = new int[n];
        boolean[] nearLimit = new boolean[n];
        for (int i = 0; i < n; i++) {
            double off = values[i] - centre;
            side[i] = (int) Math.signum(off);
            boolean within = lower <= values[i] && values[i] <= upper;
            nearLimit[i] = within && Math.abs(off) > near;
        }
        int[] trend = partOfSeven(trendOfSeven(values));
        boolean[] twoOfThree = twoOfThree(nearLimit, side);
        int[] shift = partOfSeven(sevenOnOneSide(side));
        List<Point> points = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            boolean outside = values[i] < lower || upper < values[i];
            if (outside) {
                points.add(new Point(values[i], Sign.OUTSIDE_LIMITS, side[i]));
            } else if (trend[i] != 0) {
                points.add(new Point(values[i], Sign.TREND_OF_SEVEN, trend[i]));
            } else if (twoOfThree[i] && nearLimit[i]) {
                points.add(new Point(values[i], Sign.TWO_OF_THREE_NEAR_LIMIT, side[i]));
            } else if (shift[i] != 0) {
                points.add(new Point(values[i], Sign.SEVEN_ON_ONE_SIDE, side[i]));
            } else {
                points.add(new Point(values[i], Sign.COMMON_CAUSE, 0));
            }
        }
        return List.copyOf(points);
    }

    /// 1 at the last of seven strictly rising values, -1 at the last of seven falling ones.
    static int[] trendOfSeven(double[] values) {
        int[] flags = new int[values.length];
        int run = 0;
        for (int i = 1; i < values.length; i++) {
            int step = (int) Math.signum(values[i] - values[i - 1]);
            run = step == 0 ? 0 : Integer.signum(run) == step ? run + step : step;
            flags[i] = Math.abs(run) >= 6 ? step : 0;
        }
        return flags;
    }

    /// The side (-1 or 1) at the seventh and every later value in a row on one side of the centre.
    static int[] sevenOnOneSide(int[] side) {
        int[] flags = new int[side.length];
        int run = 0;
        for (int i = 0; i < side.length; i++) {
            run = i > 0 && side[i] == side[i - 1] ? run + 1 : 1;
            flags[i] = side[i] != 0 && run >= 7 ? side[i] : 0;
        }
        return flags;
    }

    /// Carries a flag that ends a run of seven back to all seven.
    static int[] partOfSeven(int[] flags) {
        int[] part = new int[flags.length];
        for (int i = flags.length - 1; i >= 0; i--) {
            if (flags[i] != 0) {
                for (int back = Math.max(i - 6, 0); back <= i; back++) {
                    part[back] = flags[i];
                }
            }
        }
        return part;
    }

    /// True inside every three values in a row on one side of the centre of which two lie near the
    /// limit.
    static boolean[] twoOfThree(boolean[] nearLimit, int[] side) {
        boolean[] part = new boolean[nearLimit.length];
        for (int i = 2; i < nearLimit.length; i++) {
            int near = (nearLimit[i - 2] ? 1 : 0) + (nearLimit[i - 1] ? 1 : 0);
            near += nearLimit[i] ? 1 : 0;
            if (near >= 2 && Math.abs(side[i - 2] + side[i - 1] + side[i]) == 3) {
                part[i - 2] = true;
                part[i - 1] = true;
                part[i] = true;
            }
        }
        return part;
    }
}
