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
/// docs/adr/0012 says what else was tried and what each covered.
///
/// @param week number of each week, ascending; gaps are fine
/// @param value of each week, a logarithm or a share
/// @param variance of each week's value through its own days and tickets
/// @param design one row for each week
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

    /// The mixture over rho and sigma.
    public Estimate integrated(double[] combination, double confidence) {
        double[] weight = new double[RHOS * SIGMAS];
        double[] value = new double[weight.length];
        double[] error = new double[weight.length];
        double most = Double.NEGATIVE_INFINITY;
        WhitenedFit fit = new WhitenedFit(this, combination);
        for (int i = 0; i < weight.length; i++) {
            int step = i / SIGMAS;
            double rho = RHO_MOST * (step + 0.5) / RHOS;
            double sigma = sigma(i % SIGMAS);
            fit.at(rho, sigma);
            // Rho's density rises with rho; sigma's is that of the half Cauchy on a grid of logs.
            weight[i] =
                    fit.likelihood()
                            + Math.log(rho)
                            + Math.log(sigma)
                            - Math.log1p(sigma * sigma / (SIGMA_SCALE * SIGMA_SCALE));
            value[i] = fit.value();
            error[i] = Math.sqrt(fit.variance());
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
        // A step along the density where it stays in the bracket, halving where it does not.
        double middle = (low + high) / 2;
        while (high - low > 1e-9 * Math.max(1, Math.abs(low))) {
            double below = 0;
            double density = 0;
            for (int i = 0; i < weight.length; i++) {
                if (weight[i] > NEGLIGIBLE) {
                    double x = (middle - value[i]) / error[i];
                    below += weight[i] * NORMAL.cumulativeProbability(x);
                    density += weight[i] / error[i] * Math.exp(-x * x / 2);
                }
            }
            double miss = below - p;
            if (miss < 0) {
                low = middle;
            } else {
                high = middle;
            }
            double step = miss / (density / Math.sqrt(2 * Math.PI));
            double next = middle - step;
            if (Math.abs(step) < 1e-12 * Math.max(1, Math.abs(next))) {
                return next;
            }
            middle = next > low && next < high ? next : (low + high) / 2;
        }
        return middle;
    }

    /// Rho and sigma where the restricted likelihood is largest, with the degrees of freedom of
    /// Satterthwaite: the companion where weeks are few.
    public Estimate restricted(double[] combination, double confidence) {
        double best = Double.NEGATIVE_INFINITY;
        double rho = 0;
        double logSigma = 0;
        WhitenedFit fit = new WhitenedFit(this, combination);
        for (int i = 0; i < RHOS * SIGMAS; i++) {
            int step = i / SIGMAS;
            double r = RHO_MOST * step / RHOS;
            double s = sigma(i % SIGMAS);
            double likelihood = fit.at(r, s).likelihood();
            if (likelihood > best) {
                best = likelihood;
                rho = r;
                logSigma = Math.log(s);
            }
        }
        double freedom = satterthwaite(rho, logSigma, fit);
        fit.at(rho, Math.exp(logSigma));
        double t = TDistribution.of(freedom).inverseCumulativeProbability((1 + confidence) / 2);
        double reach = t * Math.sqrt(fit.variance());
        return new Estimate(
                fit.value(), new Interval(fit.value() - reach, fit.value() + reach, confidence));
    }

    /// Twice the variance squared over the variance of the variance, from the curvature of the
    /// likelihood in rho and the logarithm of sigma.
    private double satterthwaite(double rho, double logSigma, WhitenedFit fit) {
        double h = 0.05;
        double r = Math.max(rho, h);
        double[] v = new double[9];
        double[] l = new double[9];
        for (int i = 0; i < 9; i++) {
            double rr = Math.min(r + (i / 3 - 1) * h, RHO_MOST);
            fit.at(rr, Math.exp(logSigma + (i % 3 - 1) * h));
            v[i] = fit.variance();
            l[i] = fit.likelihood();
        }
        double there = fit.at(rho, Math.exp(logSigma)).variance();
        double gr = (v[7] - v[1]) / (2 * h);
        double gs = (v[5] - v[3]) / (2 * h);
        double irr = -(l[7] - 2 * l[4] + l[1]) / (h * h);
        double iss = -(l[5] - 2 * l[4] + l[3]) / (h * h);
        double irs = -(l[8] - l[6] - l[2] + l[0]) / (4 * h * h);
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
        double freedom = spread <= 0 ? most : 2 * there * there / spread;
        return Math.clamp(freedom, 2, Math.max(most, 2));
    }
}
