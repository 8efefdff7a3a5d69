package org.yifang.statistics;

/// Generalised least squares at one rho and sigma after another: the filter of Kalman whitens
/// values and design week by week. One of these is asked some seven hundred times for one interval,
/// so it keeps its arrays.
final class WhitenedFit {
    /// Below and above, the product of variances is told to the logarithm.
    private static final double SMALL = 1e-250;

    private static final double LARGE = 1e250;

    private final int[] week;
    private final double[] variance;
    private final double[] combination;
    private final int k;
    private final double[][] columns;
    private final double[][] normal;
    private final double[][] root;
    private final double[] right;
    private final double[] expected;
    private final double[] surprise;
    private final double[] u;
    private final double[] z;

    private double value;
    private double valueVariance;
    private double likelihood;

    WhitenedFit(CorrelatedWeeks weeks, double[] combination) {
        this.week = weeks.week();
        this.variance = weeks.variance();
        this.combination = combination;
        k = weeks.design()[0].length;
        columns = new double[week.length][k + 1];
        for (int t = 0; t < week.length; t++) {
            System.arraycopy(weeks.design()[t], 0, columns[t], 0, k);
            columns[t][k] = weeks.value()[t];
        }
        normal = new double[k][k];
        root = new double[k][k];
        right = new double[k];
        expected = new double[k + 1];
        surprise = new double[k + 1];
        u = new double[k];
        z = new double[k];
    }

    /// The combination of the coefficients at the last rho and sigma.
    double value() {
        return value;
    }

    /// Its variance.
    double variance() {
        return valueVariance;
    }

    /// The restricted log likelihood.
    double likelihood() {
        return likelihood;
    }

    /// Reckons all three.
    WhitenedFit at(double rho, double sigma) {
        for (int a = 0; a < k; a++) {
            java.util.Arrays.fill(normal[a], 0);
        }
        java.util.Arrays.fill(right, 0);
        java.util.Arrays.fill(expected, 0);
        double state = sigma * sigma;
        double squares = 0;
        double logs = 0;
        double product = 1;
        for (int t = 0; t < columns.length; t++) {
            if (t > 0) {
                int gap = week[t] - week[t - 1];
                double memory = gap == 1 ? rho : Math.pow(rho, gap);
                for (int a = 0; a <= k; a++) {
                    expected[a] *= memory;
                }
                state = memory * memory * state + sigma * sigma * (1 - memory * memory);
            }
            double all = state + variance[t];
            double gain = state / all;
            double weight = 1 / all;
            product *= all;
            if (product < SMALL || product > LARGE) {
                logs += Math.log(product);
                product = 1;
            }
            double[] row = columns[t];
            for (int a = 0; a <= k; a++) {
                surprise[a] = row[a] - expected[a];
                expected[a] += gain * surprise[a];
            }
            state *= 1 - gain;
            double last = surprise[k] * weight;
            for (int a = 0; a < k; a++) {
                double one = surprise[a] * weight;
                for (int b = 0; b <= a; b++) {
                    normal[a][b] += one * surprise[b];
                }
                right[a] += surprise[a] * last;
            }
            squares += surprise[k] * last;
        }
        solve(squares + logs + Math.log(product));
        return this;
    }

    private void solve(double squaresAndLogs) {
        value = 0;
        valueVariance = 0;
        double found = squaresAndLogs;
        for (int a = 0; a < k; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = normal[a][b];
                for (int c = 0; c < b; c++) {
                    sum -= root[a][c] * root[b][c];
                }
                root[a][b] = a == b ? Math.sqrt(Math.max(sum, 1e-300)) : sum / root[b][b];
            }
            u[a] = right[a];
            z[a] = combination[a];
            for (int b = 0; b < a; b++) {
                u[a] -= root[a][b] * u[b];
                z[a] -= root[a][b] * z[b];
            }
            u[a] /= root[a][a];
            z[a] /= root[a][a];
            value += u[a] * z[a];
            valueVariance += z[a] * z[a];
            found += 2 * Math.log(root[a][a]) - u[a] * u[a];
        }
        likelihood = -found / 2;
    }
}
