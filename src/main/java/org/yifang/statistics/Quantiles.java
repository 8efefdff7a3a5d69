package org.yifang.statistics;

import org.apache.commons.statistics.distribution.BinomialDistribution;

import java.util.Optional;

/// Percentiles of whole samples, of weighted samples and of published bands.
///
/// Type 7 of Hyndman and Fan (1996) throughout: what R, NumPy and PostgreSQL's `percentile_cont`
/// give when nothing else is asked for.
public final class Quantiles {
    /// The type 7 quantile of values in ascending order.
    ///
    /// @param sorted at least one value, ascending
    /// @param q between 0 and 1
    public static double type7(double[] sorted, double q) {
        requireShare(q);
        if (sorted.length == 0) {
            throw new IllegalArgumentException("A quantile needs at least one value.");
        }
        double position = (sorted.length - 1) * q;
        int below = (int) Math.floor(position);
        if (below + 1 >= sorted.length) {
            return sorted[sorted.length - 1];
        }
        return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }

    /// The type 7 quantile of values in any order, which stay as they are.
    public static double of(double[] values, double q) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return type7(sorted, q);
    }

    /// The exact interval of the median from the order statistics: ranks l and n + 1 - l of the
    /// binomial distribution with one half, whatever the distribution of the values.
    ///
    /// @return empty when the sample is too small for the confidence asked for (6 for 95 %)
    public static Optional<Interval> medianInterval(double[] sorted, double confidence) {
        int rank = medianRank(sorted.length, confidence);
        if (rank == 0) {
            return Optional.empty();
        }
        double outside =
                2 * BinomialDistribution.of(sorted.length, 0.5).cumulativeProbability(rank - 1);
        return Optional.of(
                new Interval(sorted[rank - 1], sorted[sorted.length - rank], 1 - outside));
    }

    /// The lower rank (1 is the smallest value) of that interval, or 0 when there is none.
    static int medianRank(int n, double confidence) {
        if (n == 0) {
            return 0;
        }
        BinomialDistribution ranks = BinomialDistribution.of(n, 0.5);
        double tail = (1 - confidence) / 2;
        int rank = ranks.inverseCumulativeProbability(tail);
        // The inverse gives the first count that reaches the tail; the rank must stay within it.
        while (rank > 0 && ranks.cumulativeProbability(rank - 1) > tail) {
            rank--;
        }
        return rank;
    }

    /// The quantile of published bands, by linear interpolation inside the band that holds it, as
    /// the NHS does with weekly waiting bands.
    ///
    /// @param edges lower edge of each band and, last, the upper edge of the last band
    /// @param counts how many fell into each band
    public static double banded(double[] edges, double[] counts, double q) {
        requireShare(q);
        if (edges.length != counts.length + 1) {
            throw new IllegalArgumentException("Bands need one edge more than counts.");
        }
        double total = 0;
        for (double count : counts) {
            total += count;
        }
        if (total <= 0) {
            throw new IllegalArgumentException("A quantile needs at least one value.");
        }
        double wanted = q * total;
        double before = 0;
        for (int band = 0; band < counts.length; band++) {
            if (counts[band] > 0 && before + counts[band] >= wanted) {
                double width = edges[band + 1] - edges[band];
                return edges[band] + (wanted - before) / counts[band] * width;
            }
            before += counts[band];
        }
        return edges[counts.length];
    }

    /// The quantile of a weighted sample: the smallest value at which the weighted distribution
    /// function reaches `q`.
    ///
    /// @param sorted ascending
    /// @param weights one for each value, none negative, not all zero
    public static double weighted(double[] sorted, double[] weights, double q) {
        requireShare(q);
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        if (total <= 0 || sorted.length != weights.length) {
            throw new IllegalArgumentException("Every value needs a weight, not all zero.");
        }
        double wanted = q * total * (1 - ROUNDING);
        double reached = 0;
        for (int i = 0; i < sorted.length; i++) {
            reached += weights[i];
            if (reached >= wanted && weights[i] > 0) {
                return sorted[i];
            }
        }
        return sorted[sorted.length - 1];
    }

    /// Relative error of sums of weights that must not push a quantile to the next value.
    static final double ROUNDING = 1e-12;

    private static void requireShare(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("A quantile is between 0 and 1, not " + q + ".");
        }
    }

    private Quantiles() {}
}
