package org.yifang.statistics;

import java.util.Arrays;

/// Which price ratios stand out from the rest.
///
/// The methods and their defaults are those of the consumer-price offices (UNECE/ILO, Practical
/// Guide to Producing Consumer Price Indices (2009), 5.3); each answers one flag per element.
public final class PriceOutliers {
    /// Makes the median absolute deviation an estimate of a normal standard deviation.
    public static final double MAD_TO_SIGMA = 1.4826;

    /// Where all prices are the same the deviation is 0 and any change would stand out; below two
    /// per cent nothing does.
    public static final double MAD_FLOOR = 0.02;

    /// Above this robust z a change stands out (Iglewicz and Hoaglin, 1993).
    public static final double ROBUST_Z_LIMIT = 3.5;

    /// Outside `1/cut` to `cut`.
    public static boolean[] fixedCutoff(double[] ratios, double cut) {
        boolean[] flags = new boolean[ratios.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = ratios[i] > cut || ratios[i] < 1 / cut;
        }
        return flags;
    }

    /// Further from the median than `cut` times the distance of the quartile on that side; `floor`
    /// (times the median) keeps that distance from collapsing where many ratios are equal.
    public static boolean[] quartiles(double[] ratios, double cut, double floor) {
        double[] sorted = sorted(ratios);
        double median = Quantiles.type7(sorted, 0.5);
        double least = Math.abs(floor * median);
        double above = median + cut * Math.max(Quantiles.type7(sorted, 0.75) - median, least);
        double below = median - cut * Math.max(median - Quantiles.type7(sorted, 0.25), least);
        return outside(ratios, below, above);
    }

    /// Further outside the quartiles than `cut` times the distance between them.
    public static boolean[] resistantFences(double[] ratios, double cut, double floor) {
        double[] sorted = sorted(ratios);
        double low = Quantiles.type7(sorted, 0.25);
        double high = Quantiles.type7(sorted, 0.75);
        double range = Math.max(high - low, Math.abs(floor * Quantiles.type7(sorted, 0.5)));
        return outside(ratios, low - cut * range, high + cut * range);
    }

    /// Kimber's rule: outside the quartiles by more than `cut` times the distance of each from the
    /// median, which follows a skewed distribution better than fences of one width.
    public static boolean[] kimber(double[] ratios, double cut, double floor) {
        double[] sorted = sorted(ratios);
        double low = Quantiles.type7(sorted, 0.25);
        double median = Quantiles.type7(sorted, 0.5);
        double high = Quantiles.type7(sorted, 0.75);
        double least = Math.abs(floor * median);
        return outside(
                ratios,
                low - cut * Math.max(median - low, least),
                high + cut * Math.max(high - median, least));
    }

    /// More than `cut` robust standard deviations from the median.
    public static boolean[] robustZ(double[] values, double cut, double madFloor) {
        double[] sorted = sorted(values);
        double median = Quantiles.type7(sorted, 0.5);
        double sigma = MAD_TO_SIGMA * Math.max(medianDeviation(values, median), madFloor);
        return outside(values, median - cut * sigma, median + cut * sigma);
    }

    /// How many robust standard deviations `value` lies from the median of `others`, the deviation
    /// never taken below [#MAD_FLOOR].
    public static double robustZ(double value, double[] others) {
        return Spread.of(others).robustZ(value);
    }

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

    /// Hidiroglou and Berthelot's transformation: distances from the median that treat a halving
    /// and a doubling alike; 0 at the median.
    public static double[] hidiroglouBerthelot(double[] ratios) {
        double median = Quantiles.type7(sorted(ratios), 0.5);
        double[] transformed = new double[ratios.length];
        for (int i = 0; i < transformed.length; i++) {
            double ratio = ratios[i];
            transformed[i] = ratio < median ? 1 - median / ratio : ratio / median - 1;
        }
        return transformed;
    }

    /// Tukey's algorithm: the outer five per cent of each side, and what is further from the mean
    /// of the rest (unchanged prices left out) than `cut` times the mean distance on that side.
    public static boolean[] tukey(double[] ratios, double cut) {
        if (ratios.length == 0) {
            return new boolean[0];
        }
        double[] sorted = sorted(ratios);
        boolean[] flags =
                outside(ratios, Quantiles.type7(sorted, 0.05), Quantiles.type7(sorted, 0.95));
        double[] rest = new double[ratios.length];
        int count = 0;
        for (int i = 0; i < ratios.length; i++) {
            if (!flags[i] && ratios[i] != 1) {
                rest[count++] = ratios[i];
            }
        }
        if (count == 0) {
            return flags;
        }
        double[] middle = Arrays.copyOf(rest, count);
        double mean = Arrays.stream(middle).average().orElseThrow();
        double above = Arrays.stream(middle).filter(x -> x >= mean).average().orElse(mean) - mean;
        double below = mean - Arrays.stream(middle).filter(x -> x <= mean).average().orElse(mean);
        boolean[] far = outside(ratios, mean - cut * below, mean + cut * above);
        for (int i = 0; i < flags.length; i++) {
            flags[i] |= far[i];
        }
        return flags;
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

    private static boolean[] outside(double[] values, double low, double high) {
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[i] < low || values[i] > high;
        }
        return flags;
    }

    private PriceOutliers() {}
}
