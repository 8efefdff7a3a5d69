package org.yifang.statistics;

import java.util.Arrays;

/// How likely each value of Mann and Whitney's statistic is when two samples differ by chance only.
/// The numbers are those of R's `wilcox.test`.
final class RankChances {
    /// Up to this many values a side the distribution is counted out; above, the normal one stands
    /// in for it (as R does from 50).
    static final int EXACT_BELOW = 50;

    /// Chances of every value of the Mann-Whitney statistic: its generating function is the
    /// Gaussian binomial coefficient, multiplied out factor by factor.
    static double[] mannWhitneyCounts(int m, int n) {
        double[] chances = new double[m * n + 1];
        chances[0] = 1;
        for (int i = 1; i <= m; i++) {
            for (int w = m * n; w >= n + i; w--) {
                chances[w] -= chances[w - n - i];
            }
            for (int w = i; w <= m * n; w++) {
                chances[w] += chances[w - i];
            }
        }
        return asShares(chances);
    }

    /// The smallest value whose cumulative chance reaches `share`.
    static int quantile(double[] chances, double share) {
        double reached = 0;
        for (int i = 0; i < chances.length; i++) {
            reached += chances[i];
            if (reached >= share * (1 - Quantiles.ROUNDING)) {
                return i;
            }
        }
        return chances.length - 1;
    }

    /// The chance of at most `value`.
    static double cumulative(double[] chances, int value) {
        double reached = 0;
        for (int i = 0; i <= value; i++) {
            reached += chances[i];
        }
        return reached;
    }

    private static double[] asShares(double[] counts) {
        double total = Arrays.stream(counts).sum();
        return Arrays.stream(counts).map(count -> count / total).toArray();
    }

    private RankChances() {}
}
