package org.yifang.statistics;

import org.apache.commons.statistics.distribution.TDistribution;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/// Counts per week (tickets, leavers) on a logarithmic scale, allowing them to vary more than
/// chance alone would let them: Poisson regression whose errors are stretched by the dispersion
/// that Pearson's residuals show.
///
/// @param coefficients logarithms of rate ratios, one per column of the design
/// @param standardErrors of the coefficients, stretched by the root of the dispersion
/// @param dispersion 1 when counts vary as chance lets them
/// @param degreesOfFreedom points less coefficients
public record QuasiPoisson(
        double[] coefficients, double[] standardErrors, double dispersion, int degreesOfFreedom) {
    private static final int ROUNDS_MAX = 100;
    private static final double SETTLED = 1e-12;

    /// Fits by iterated weighted least squares.
    ///
    /// @param design one row per count, with a column of ones for the level
    /// @param counts how many
    /// @param exposure out of how many, or for how long; all above zero
    public static QuasiPoisson fit(double[][] design, double[] counts, double[] exposure) {
        int n = counts.length;
        int k = design[0].length;
        if (n <= k) {
            throw new IllegalArgumentException(
                    "A regression needs more points than coefficients: " + n + ".");
        }
        RealMatrix x = new Array2DRowRealMatrix(design, false);
        double[] mean = new double[n];
        for (int i = 0; i < n; i++) {
            mean[i] = counts[i] + 0.1;
        }
        double[] coefficients = new double[k];
        RealMatrix information = new Array2DRowRealMatrix(k, k);
        double deviance = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            information = weightedSquares(x, mean);
            RealVector right = workingRight(x, counts, mean, exposure);
            coefficients = new LUDecomposition(information).getSolver().solve(right).toArray();
            for (int i = 0; i < n; i++) {
                mean[i] = Math.exp(dot(design[i], coefficients)) * exposure[i];
            }
            double next = deviance(counts, mean);
            if (Math.abs(next - deviance) < SETTLED * (Math.abs(next) + 0.1)) {
                break;
            }
            deviance = next;
        }
        double pearson = 0;
        for (int i = 0; i < n; i++) {
            pearson += (counts[i] - mean[i]) * (counts[i] - mean[i]) / mean[i];
        }
        double dispersion = pearson / (n - k);
        RealMatrix covariance =
                new LUDecomposition(weightedSquares(x, mean)).getSolver().getInverse();
        double[] errors = new double[k];
        for (int a = 0; a < k; a++) {
            errors[a] = Math.sqrt(dispersion * covariance.getEntry(a, a));
        }
        return new QuasiPoisson(coefficients, errors, dispersion, n - k);
    }

    /// A factor with its interval.
    public record Rate(double ratio, Interval interval) {}

    /// By what factor one step of a column multiplies the rate, with its interval.
    public Rate rate(int column, double confidence) {
        double t =
                TDistribution.of(degreesOfFreedom)
                        .inverseCumulativeProbability((1 + confidence) / 2);
        double value = coefficients[column];
        double error = standardErrors[column];
        return new Rate(
                Math.exp(value),
                new Interval(Math.exp(value - t * error), Math.exp(value + t * error), confidence));
    }

    private static RealMatrix weightedSquares(RealMatrix x, double[] weights) {
        RealMatrix weighted = x.copy();
        for (int i = 0; i < weights.length; i++) {
            for (int a = 0; a < x.getColumnDimension(); a++) {
                weighted.multiplyEntry(i, a, weights[i]);
            }
        }
        return x.transpose().multiply(weighted);
    }

    private static RealVector workingRight(
            RealMatrix x, double[] counts, double[] mean, double[] exposure) {
        double[] right = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            double response = Math.log(mean[i] / exposure[i]) + (counts[i] - mean[i]) / mean[i];
            right[i] = mean[i] * response;
        }
        return x.transpose().operate(new ArrayRealVector(right, false));
    }

    private static double deviance(double[] counts, double[] mean) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double log = counts[i] == 0 ? 0 : counts[i] * Math.log(counts[i] / mean[i]);
            sum += 2 * (log - (counts[i] - mean[i]));
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
