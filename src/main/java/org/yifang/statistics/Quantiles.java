package org.yifang.statistics;

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

    /// Relative error of sums of weights that must not push a quantile to the next value.
    static final double ROUNDING = 1e-12;

    private static void requireShare(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("A quantile is between 0 and 1, not " + q + ".");
        }
    }

    private Quantiles() {}
}
