package org.yifang.statistics;

import org.apache.commons.statistics.distribution.TDistribution;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;

/// A straight line through points in time, with errors that remember the week before.
///
/// @param coefficients one per column of the design
/// @param covariance of the coefficients
/// @param residuals of each point
/// @param degreesOfFreedom points less coefficients
/// @param autocorrelation of neighbouring errors as estimated by Prais and Winsten, else 0
public record LinearRegression(
        double[] coefficients,
        double[][] covariance,
        double[] residuals,
        int degreesOfFreedom,
        double autocorrelation) {
    private static final int PRAIS_WINSTEN_ROUNDS_MAX = 100;
    private static final double PRAIS_WINSTEN_SETTLED = 1e-10;

    /// Ordinary least squares.
    public static LinearRegression ordinary(double[][] design, double[] y) {
        Fit fit = fit(design, y);
        double variance = squares(fit.residuals) / fit.freedom();
        double[][] covariance = fit.inverse.scalarMultiply(variance).getData();
        return new LinearRegression(fit.coefficients, covariance, fit.residuals, fit.freedom(), 0);
    }

    /// Least squares with standard errors after Newey and West (1987): Bartlett weights 1 - l / (L
    /// + 1), L = floor(4 (n / 100)^(2/9)), enlarged by n / (n - k) for short series.
    public static LinearRegression neweyWest(double[][] design, double[] y) {
        Fit fit = fit(design, y);
        int n = y.length;
        int k = design[0].length;
        int lags = neweyWestLags(n);
        RealMatrix middle = new Array2DRowRealMatrix(k, k);
        for (int lag = 0; lag <= lags; lag++) {
            double weight = 1 - lag / (lags + 1.0);
            for (int t = lag; t < n; t++) {
                double product = weight * fit.residuals[t] * fit.residuals[t - lag];
                for (int a = 0; a < k; a++) {
                    for (int b = 0; b < k; b++) {
                        double term = design[t][a] * design[t - lag][b];
                        double mirrored = lag == 0 ? 0 : design[t - lag][a] * design[t][b];
                        middle.addToEntry(a, b, product * (term + mirrored));
                    }
                }
            }
        }
        double enlarged = (double) n / (n - k);
        RealMatrix covariance =
                fit.inverse.multiply(middle).multiply(fit.inverse).scalarMultiply(enlarged);
        return new LinearRegression(
                fit.coefficients, covariance.getData(), fit.residuals, fit.freedom(), 0);
    }

    /// How many lags [#neweyWest] takes for `n` points.
    public static int neweyWestLags(int n) {
        return (int) Math.floor(4 * Math.pow(n / 100.0, 2.0 / 9.0));
    }

    /// Generalised least squares for errors of the first order (Prais and Winsten, 1954), repeated
    /// until the autocorrelation settles; the first point is kept.
    public static LinearRegression praisWinsten(double[][] design, double[] y) {
        double rho = 0;
        double[] residuals = fit(design, y).residuals;
        for (int round = 0; round < PRAIS_WINSTEN_ROUNDS_MAX; round++) {
            double next = autocorrelation(residuals);
            double[] coefficients = fit(quasi(design, next), quasi(y, next)).coefficients;
            residuals = residuals(design, y, coefficients);
            boolean settled = Math.abs(next - rho) < PRAIS_WINSTEN_SETTLED;
            rho = next;
            if (settled) {
                break;
            }
        }
        LinearRegression last = ordinary(quasi(design, rho), quasi(y, rho));
        return new LinearRegression(
                last.coefficients, last.covariance, residuals, last.degreesOfFreedom, rho);
    }

    /// The value of a linear combination of the coefficients with its interval from Student's
    /// distribution.
    public Estimate combination(double[] weights, double confidence) {
        double value = 0;
        double variance = 0;
        for (int a = 0; a < weights.length; a++) {
            value += weights[a] * coefficients[a];
            for (int b = 0; b < weights.length; b++) {
                variance += weights[a] * weights[b] * covariance[a][b];
            }
        }
        double error = Math.sqrt(Math.max(variance, 0));
        double t =
                TDistribution.of(degreesOfFreedom)
                        .inverseCumulativeProbability((1 + confidence) / 2);
        return new Estimate(
                value, error, new Interval(value - t * error, value + t * error, confidence));
    }

    /// A number with its standard error and interval.
    public record Estimate(double value, double standardError, Interval interval) {}

    private record Fit(double[] coefficients, RealMatrix inverse, double[] residuals) {
        int freedom() {
            return residuals.length - coefficients.length;
        }
    }

    private static Fit fit(double[][] design, double[] y) {
        if (y.length != design.length || y.length <= design[0].length) {
            throw new IllegalArgumentException(
                    "A regression needs more points than coefficients: " + y.length + ".");
        }
        RealMatrix x = new Array2DRowRealMatrix(design, false);
        QRDecomposition decomposition = new QRDecomposition(x, 1e-12);
        DecompositionSolver solver = decomposition.getSolver();
        if (!solver.isNonSingular()) {
            throw new IllegalArgumentException("A column of the design repeats another.");
        }
        double[] coefficients = solver.solve(new ArrayRealVector(y, false)).toArray();
        int k = design[0].length;
        RealMatrix r = decomposition.getR().getSubMatrix(0, k - 1, 0, k - 1);
        RealMatrix rInverse = MatrixUtils.inverse(r);
        RealMatrix inverse = rInverse.multiply(rInverse.transpose());
        return new Fit(coefficients, inverse, residuals(design, y, coefficients));
    }

    private static double[] residuals(double[][] design, double[] y, double[] coefficients) {
        double[] residuals = y.clone();
        for (int t = 0; t < y.length; t++) {
            for (int a = 0; a < coefficients.length; a++) {
                residuals[t] -= design[t][a] * coefficients[a];
            }
        }
        return residuals;
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    private static double autocorrelation(double[] residuals) {
        double products = 0;
        double squares = 0;
        for (int t = 1; t < residuals.length; t++) {
            products += residuals[t] * residuals[t - 1];
            squares += residuals[t - 1] * residuals[t - 1];
        }
        double rho = squares == 0 ? 0 : products / squares;
        return Math.clamp(rho, -0.99, 0.99);
    }

    private static double[][] quasi(double[][] design, double rho) {
        double[][] changed = new double[design.length][];
        double first = Math.sqrt(1 - rho * rho);
        for (int t = 0; t < design.length; t++) {
            changed[t] = design[t].clone();
            for (int a = 0; a < changed[t].length; a++) {
                changed[t][a] =
                        t == 0 ? first * design[0][a] : design[t][a] - rho * design[t - 1][a];
            }
        }
        return changed;
    }

    private static double[] quasi(double[] y, double rho) {
        double[] changed = new double[y.length];
        changed[0] = Math.sqrt(1 - rho * rho) * y[0];
        for (int t = 1; t < y.length; t++) {
            changed[t] = y[t] - rho * y[t - 1];
        }
        return changed;
    }
}
