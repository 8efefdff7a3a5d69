package org.yifang.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

import java.util.Arrays;

/// By how much one sample lies above another: the median of all differences (Hodges and Lehmann,
/// 1963), with the interval that belongs to it.
///
/// Differences are never written down: the k-th smallest is found by halving the range and counting
/// in one pass over the sorted samples, so millions a side take a second.
///
/// @param estimate the shift, or the ratio in the ratio form
/// @param interval exact below 50 values a side, from the normal distribution above
public record HodgesLehmann(double estimate, Interval interval) {
    /// How far `first` lies above `second`: median of all `first - second`.
    public static HodgesLehmann shift(double[] first, double[] second, double confidence) {
        requireValues(first.length, second.length);
        double[] a = sorted(first);
        double[] b = sorted(second);
        long pairs = (long) a.length * b.length;
        Counter counter = value -> differencesUpTo(a, b, value);
        double lowest = a[0] - b[b.length - 1];
        double highest = a[a.length - 1] - b[0];
        Selection select = k -> kthSmallest(counter, k, lowest, highest);
        return of(select, pairs, rankOfShift(a.length, b.length, confidence));
    }

    /// The typical value of `after` as a share of `before`: `exp` of the shift of the logarithms,
    /// so 0.5 is "half as long". Values must be above zero.
    public static HodgesLehmann ratio(double[] after, double[] before, double confidence) {
        HodgesLehmann logarithms =
                shift(
                        Arrays.stream(after).map(Math::log).toArray(),
                        Arrays.stream(before).map(Math::log).toArray(),
                        confidence);
        Interval interval = logarithms.interval();
        return new HodgesLehmann(
                Math.exp(logarithms.estimate()),
                new Interval(
                        Math.exp(interval.low()),
                        Math.exp(interval.high()),
                        interval.confidence()));
    }

    private interface Counter {
        long upTo(double value);
    }

    private interface Selection {
        double kth(long k);
    }

    private record Rank(long fromEnd, double confidence) {}

    private static HodgesLehmann of(Selection select, long pairs, Rank rank) {
        double lower = select.kth((pairs + 1) / 2);
        double upper = pairs % 2 == 1 ? lower : select.kth(pairs / 2 + 1);
        return new HodgesLehmann(
                (lower + upper) / 2,
                new Interval(
                        select.kth(rank.fromEnd()),
                        select.kth(pairs + 1 - rank.fromEnd()),
                        rank.confidence()));
    }

    private static Rank rankOfShift(int m, int n, double confidence) {
        if (m < RankChances.EXACT_BELOW && n < RankChances.EXACT_BELOW) {
            return exactRank(RankChances.mannWhitneyCounts(m, n), confidence);
        }
        double mean = (double) m * n / 2;
        double deviation = Math.sqrt((double) m * n / 12 * (m + n + 1));
        return normalRank(mean, deviation, confidence);
    }

    private static Rank exactRank(double[] chances, double confidence) {
        // Rank 0 does not exist: the widest interval there is, with what it really covers.
        int rank = Math.max(RankChances.quantile(chances, (1 - confidence) / 2), 1);
        return new Rank(rank, 1 - 2 * RankChances.cumulative(chances, rank - 1));
    }

    private static Rank normalRank(double mean, double deviation, double confidence) {
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + confidence) / 2);
        return new Rank(Math.max((long) Math.floor(mean - z * deviation), 1), confidence);
    }

    /// The k-th smallest value: the first at which the count reaches k. Halves the range of doubles
    /// by their bits, so it ends after at most 64 counts at a value that really occurs.
    private static double kthSmallest(Counter counter, long k, double lowest, double highest) {
        long low = ordered(lowest);
        long high = ordered(highest);
        while (low < high) {
            long middle = (low & high) + ((low ^ high) >> 1);
            if (counter.upTo(fromOrdered(middle)) >= k) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return fromOrdered(low);
    }

    private static long differencesUpTo(double[] a, double[] b, double value) {
        long count = 0;
        int reach = 0;
        // As the subtrahend grows, more of the sorted minuends stay at or below the value.
        for (double subtrahend : b) {
            while (reach < a.length && a[reach] - subtrahend <= value) {
                reach++;
            }
            count += reach;
        }
        return count;
    }

    /// Doubles as integers in the same order.
    private static long ordered(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits >= 0 ? bits : bits ^ Long.MAX_VALUE;
    }

    private static double fromOrdered(long ordered) {
        return Double.longBitsToDouble(ordered >= 0 ? ordered : ordered ^ Long.MAX_VALUE);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static void requireValues(int m, int n) {
        if (m == 0 || n == 0) {
            throw new IllegalArgumentException("A shift needs values on both sides.");
        }
    }
}
