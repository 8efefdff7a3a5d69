package org.yifang.statistics;

import java.util.Arrays;

/// How much to trust each of several predictions of the same wait, and how wide to be about it.
///
/// Weights are those that missed least over the past (mean absolute error, in steps of one
/// twentieth); the range runs from the 20th to the 80th percentile of what really happened for what
/// was predicted, so three in five waits should fall into it (Ibrahim and Whitt on the predictors).
///
/// @param weights one per predictor, summing to 1
/// @param lowFactor times the blend gives the lower end of the range
/// @param highFactor times the blend gives the upper end
/// @param meanAbsoluteError of the blend over the past, in the unit of the waits
/// @param count how many past waits it was fitted to
public record WaitBlend(
        double[] weights,
        double lowFactor,
        double highFactor,
        double meanAbsoluteError,
        int count) {
    private static final int STEPS = 20;

    /// Below this many past waits nothing is fitted.
    public static final int FITTED_FROM = 30;

    /// What is taken while there is too little past: equal trust and a wide range.
    public static WaitBlend unfitted(int predictors) {
        double[] equal = new double[predictors];
        Arrays.fill(equal, 1.0 / predictors);
        return new WaitBlend(equal, 0.5, 1.6, Double.NaN, 0);
    }

    /// @param predicted one row per past wait, three predictions in each
    /// @param actual what each wait came to
    public static WaitBlend fit(double[][] predicted, double[] actual) {
        if (actual.length < FITTED_FROM) {
            return unfitted(3);
        }
        double[] best = {1, 0, 0};
        double least = Double.POSITIVE_INFINITY;
        for (int a = 0; a <= STEPS; a++) {
            for (int b = 0; a + b <= STEPS; b++) {
                double[] weights = {
                    (double) a / STEPS, (double) b / STEPS, (double) (STEPS - a - b) / STEPS
                };
                double error = error(weights, predicted, actual);
                if (error < least) {
                    least = error;
                    best = weights;
                }
            }
        }
        double[] ratios = new double[actual.length];
        int known = 0;
        for (int i = 0; i < actual.length; i++) {
            double blend = blend(best, predicted[i]);
            if (blend > 0) {
                ratios[known++] = actual[i] / blend;
            }
        }
        double[] sorted = Arrays.copyOf(ratios, known);
        Arrays.sort(sorted);
        double low = known == 0 ? 0 : Quantiles.type7(sorted, 0.2);
        double high = known == 0 ? 1 : Quantiles.type7(sorted, 0.8);
        return new WaitBlend(best, low, high, least / actual.length, actual.length);
    }

    /// The blend of predictions made now.
    public double of(double... predictions) {
        return blend(weights, predictions);
    }

    private static double error(double[] weights, double[][] predicted, double[] actual) {
        double sum = 0;
        for (int i = 0; i < actual.length; i++) {
            sum += Math.abs(actual[i] - blend(weights, predicted[i]));
        }
        return sum;
    }

    private static double blend(double[] weights, double[] predictions) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * predictions[k];
        }
        return sum;
    }
}
