package org.yifang.statistics;

import java.util.Arrays;

/// Which change of a price stands out from the others (UNECE/ILO, Practical Guide to Producing
/// Consumer Price Indices (2009), 5.3).
public final class PriceOutliers {
    /// Makes the median absolute deviation an estimate of a normal standard deviation.
    public static final double MAD_TO_SIGMA = 1.4826;

    /// Where all prices are the same the deviation is 0 and any change would stand out; below two
    /// per cent nothing does.
    public static final double MAD_FLOOR = 0.02;

    /// Above this robust z a change stands out (Iglewicz and Hoaglin, 1993).
    public static final double ROBUST_Z_LIMIT = 3.5;

    /// Where values lie and how widely, reckoned once for many to be judged against.
    ///
    /// @param deviation median of the distances from the median, not below [#MAD_FLOOR]
    public record Spread(double median, double deviation) {
        public static Spread of(double[] values) {
            double median = Quantiles.type7(sorted(values), 0.5);
            return new Spread(median, Math.max(medianDeviation(values, median), MAD_FLOOR));
        }

        /// How many robust standard deviations a value lies from the median.
        public double robustZ(double value) {
            return Math.abs(value - median) / (MAD_TO_SIGMA * deviation);
        }
    }

    static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double medianDeviation(double[] values, double median) {
        double[] deviations = new double[values.length];
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = Math.abs(values[i] - median);
        }
        Arrays.sort(deviations);
        return Quantiles.type7(deviations, 0.5);
    }

    private PriceOutliers() {}
}
