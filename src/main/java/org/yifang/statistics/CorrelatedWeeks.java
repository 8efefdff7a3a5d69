package org.yifang.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// How sure a difference between weeks is when a week remembers the one before: waves of illness,
/// staff on leave, a lift out of order.
///
/// Each week's value is its expectation, plus an error of the first order (rho, sigma) shared by
/// what happens over weeks, plus a sampling error of known variance, that of its own days and
/// tickets. With few weeks rho and sigma are badly known, so they are not estimated and then taken
/// for true: the interval is that of the mixture over both, weighed by their restricted likelihood
/// and by priors fixed here for all time (rho of 0 to 0.98 with density rising in rho, sigma half
/// Cauchy around 0.3). It is reckoned on a grid, without random numbers: nobody can try seeds.
/// docs/adr/0015 says what else was tried and what each covered.
///
/// @param week number of each week, ascending; gaps are fine
/// @param value of each week, a logarithm or a share
/// @param variance of each week's value through its own days and tickets
/// @param design one row for each week
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record CorrelatedWeeks(int[] week, double[] value, double[] variance, double[][] design) {
    private static final double RHO_MOST = 0.98;
    private static final int RHOS = 24;
    private static final double SIGMA_LEAST = 0.004;
    private static final double SIGMA_MOST = 1.5;
    private static final int SIGMAS = 28;

    /// Where half of the prior of sigma lies below: weeks of a county differ by some ten percent.
    private static final double SIGMA_SCALE = 0.3;

    private static final double NEGLIGIBLE = 1e-9;
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /// What is known of a combination of the coefficients.
    ///
    /// @param value its expectation
    /// @param interval around it
    public record Estimate(double value, Interval interval) {
        /// The wider of two, around the first value.
        public Estimate orWider(Estimate other) {
            double low = Math.max(value - interval.low(), other.value - other.interval.low());
            double high = Math.max(interval.high() - value, other.interval.high() - other.value);
            return new Estimate(
                    value, new Interval(value - low, value + high, interval.confidence()));
        }
    }

    /// Value, variance and restricted log likelihood at one rho and sigma.
    private record Fit(double value, double variance, double likelihood) {}

    /// The mixture over rho and sigma.
    public Estimate integrated(double[] combination, double confidence) {
        double[] weight = new double[RHOS * SIGMAS];
        double[] value = new double[weight.length];
        double[] error = new double[weight.length];
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weight.length; i++) {
            int step = i / SIGMAS;
            double rho = RHO_MOST * (step + 0.5) / RHOS;
            double sigma = sigma(i % SIGMAS);
            Fit fit = fit(rho, sigma, combination);
            // Rho's density rises with rho; sigma's is that of the half Cauchy on a grid of logs.
            weight[i] =
                    fit.likelihood
                            + Math.log(rho)
                            + Math.log(sigma)
                            - Math.log1p(sigma * sigma / (SIGMA_SCALE * SIGMA_SCALE));
            value[i] = fit.value;
            error[i] = Math.sqrt(fit.variance);
            most = Math.max(most, weight[i]);
        }
        double all = 0;
        for (int i = 0; i < weight.length; i++) {
            weight[i] = Math.exp(weight[i] - most);
            all += weight[i];
        }
        double mean = 0;
        for (int i = 0; i < weight.length; i++) {
            weight[i] /= all;
            mean += weight[i] * value[i];
        }
        double tail = (1 - confidence) / 2;
        return new Estimate(
                mean,
                new Interval(
                        quantile(weight, value, error, tail),
                        quantile(weight, value, error, 1 - tail),
                        confidence));
    }

    private static double sigma(int place) {
        return SIGMA_LEAST * Math.pow(SIGMA_MOST / SIGMA_LEAST, place / (SIGMAS - 1.0));
    }

    private static double quantile(double[] weight, double[] value, double[] error, double p) {
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (int i = 0; i < weight.length; i++) {
            if (weight[i] > NEGLIGIBLE) {
                low = Math.min(low, value[i] - 9 * error[i]);
                high = Math.max(high, value[i] + 9 * error[i]);
            }
        }
        while (high - low > 1e-9 * Math.max(1, Math.abs(low))) {
            double middle = (low + high) / 2;
            double below = 0;
            for (int i = 0; i < weight.length; i++) {
                if (weight[i] > NEGLIGIBLE) {
                    below +=
                            weight[i]
                                    * NORMAL.cumulativeProbability((middle - value[i]) / error[i]);
                }
            }
            if (below < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /// Rho and sigma where the restricted likelihood is largest, with the degrees of freedom of
    /// Satterthwaite: the companion where weeks are few.
    public Estimate restricted(double[] combination, double confidence) {
        double best = Double.NEGATIVE_INFINITY;
        double rho = 0;
        double logSigma = 0;
        for (int i = 0; i < RHOS * SIGMAS; i++) {
            int step = i / SIGMAS;
            double r = RHO_MOST * step / RHOS;
            double s = sigma(i % SIGMAS);
            double likelihood = fit(r, s, combination).likelihood;
            if (likelihood > best) {
                best = likelihood;
                rho = r;
                logSigma = Math.log(s);
            }
        }
        Fit fit = fit(rho, Math.exp(logSigma), combination);
        double freedom = satterthwaite(rho, logSigma, fit, combination);
        double t = TDistribution.of(freedom).inverseCumulativeProbability((1 + confidence) / 2);
        double reach = t * Math.sqrt(fit.variance);
        return new Estimate(
                fit.value, new Interval(fit.value - reach, fit.value + reach, confidence));
    }

    /// Twice the variance squared over the variance of the variance, from the curvature of the
    /// likelihood in rho and the logarithm of sigma.
    private double satterthwaite(double rho, double logSigma, Fit at, double[] combination) {
        double h = 0.05;
        double r = Math.max(rho, h);
        Fit[] f = new Fit[9];
        for (int i = 0; i < 9; i++) {
            double rr = Math.min(r + (i / 3 - 1) * h, RHO_MOST);
            f[i] = fit(rr, Math.exp(logSigma + (i % 3 - 1) * h), combination);
        }
        double gr = (f[7].variance - f[1].variance) / (2 * h);
        double gs = (f[5].variance - f[3].variance) / (2 * h);
        double irr = -(f[7].likelihood - 2 * f[4].likelihood + f[1].likelihood) / (h * h);
        double iss = -(f[5].likelihood - 2 * f[4].likelihood + f[3].likelihood) / (h * h);
        double irs =
                -(f[8].likelihood - f[6].likelihood - f[2].likelihood + f[0].likelihood)
                        / (4 * h * h);
        // A likelihood that is flat says nothing: as if of little curvature, and few freedoms.
        irr = Math.max(irr, 0.5);
        iss = Math.max(iss, 0.5);
        double determinant = irr * iss - irs * irs;
        if (determinant < 0.1 * irr * iss) {
            irs = 0;
            determinant = irr * iss;
        }
        double spread = (gr * gr * iss - 2 * gr * gs * irs + gs * gs * irr) / determinant;
        double most = Math.max(value.length - design[0].length, 1);
        double freedom = spread <= 0 ? most : 2 * at.variance * at.variance / spread;
        return Math.clamp(freedom, 2, Math.max(most, 2));
    }

    /// Generalised least squares: the filter of Kalman whitens values and design week by week.
    private Fit fit(double rho, double sigma, double[] combination) {
        int k = design[0].length;
        double[][] normal = new double[k][k];
        double[] right = new double[k];
        double[] expected = new double[k + 1];
        double[] white = new double[k + 1];
        double state = sigma * sigma;
        double squares = 0;
        double logs = 0;
        for (int t = 0; t < value.length; t++) {
            if (t > 0) {
                double memory = Math.pow(rho, week[t] - week[t - 1]);
                for (int a = 0; a <= k; a++) {
                    expected[a] *= memory;
                }
                state = memory * memory * state + sigma * sigma * (1 - memory * memory);
            }
            double all = state + variance[t];
            double gain = state / all;
            double scale = 1 / Math.sqrt(all);
            logs += Math.log(all);
            for (int a = 0; a <= k; a++) {
                double surprise = (a < k ? design[t][a] : value[t]) - expected[a];
                white[a] = surprise * scale;
                expected[a] += gain * surprise;
            }
            state *= 1 - gain;
            for (int a = 0; a < k; a++) {
                for (int b = 0; b <= a; b++) {
                    normal[a][b] += white[a] * white[b];
                }
                right[a] += white[a] * white[k];
            }
            squares += white[k] * white[k];
        }
        return solved(normal, right, squares, logs, combination);
    }

    private static Fit solved(
            double[][] normal, double[] right, double squares, double logs, double[] combination) {
        int k = right.length;
        double[][] root = new double[k][k];
        double[] u = new double[k];
        double[] z = new double[k];
        double value = 0;
        double variance = 0;
        double likelihood = logs + squares;
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
            variance += z[a] * z[a];
            likelihood += 2 * Math.log(root[a][a]) - u[a] * u[a];
        }
        return new Fit(value, variance, -likelihood / 2);
    }
}
