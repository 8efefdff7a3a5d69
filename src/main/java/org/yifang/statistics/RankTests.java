package org.yifang.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

import java.util.Arrays;

/// Whether one sample tends to be larger than another, from ranks alone: Mann and Whitney for two
/// samples, Wilcoxon's signed ranks for pairs. The numbers are those of R's `wilcox.test`.
public final class RankTests {
    /// Up to this many values a side the distribution is counted out; above, the normal one stands
    /// in for it (as R does from 50).
    static final int EXACT_BELOW = 50;

    /// What a test says.
    ///
    /// @param statistic W of Mann and Whitney, or V of Wilcoxon
    /// @param greater chance of a statistic at least this large when nothing differs
    /// @param twoSided chance of one at least this far off on either side
    /// @param exact false when the normal distribution with continuity correction was used
    public record Result(double statistic, double greater, double twoSided, boolean exact) {}

    /// Tests whether `x` tends to be larger than `y`; ties count one half.
    public static Result mannWhitney(double[] x, double[] y) {
        double[] sorted = concat(x, y);
        Arrays.sort(sorted);
        double rankSum = 0;
        for (double value : x) {
            rankSum += midRank(sorted, value);
        }
        double m = x.length;
        double n = y.length;
        double w = rankSum - m * (m + 1) / 2;
        double ties = tieTerm(sorted);
        if (ties == 0 && m < EXACT_BELOW && n < EXACT_BELOW) {
            return exact(w, mannWhitneyCounts(x.length, y.length));
        }
        double total = m + n;
        double deviation = Math.sqrt(m * n / 12 * (total + 1 - ties / (total * (total - 1))));
        return normal(w, m * n / 2, deviation);
    }

    /// Tests whether `first` tends to be larger than `second` of the same pair; pairs without a
    /// difference say nothing and are left out.
    public static Result signedRank(double[] first, double[] second) {
        double[] differences = differences(first, second);
        double[] changed = Arrays.stream(differences).filter(d -> d != 0).toArray();
        double[] sizes = Arrays.stream(changed).map(Math::abs).sorted().toArray();
        double v = 0;
        for (double difference : changed) {
            if (difference > 0) {
                v += midRank(sizes, difference);
            }
        }
        double n = changed.length;
        double ties = tieTerm(sizes);
        if (ties == 0 && changed.length == differences.length && n < EXACT_BELOW) {
            return exact(v, signedRankCounts(changed.length));
        }
        double deviation = Math.sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties / 48);
        return normal(v, n * (n + 1) / 4, deviation);
    }

    static double[] differences(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException("Pairs need as many first as second values.");
        }
        double[] differences = new double[first.length];
        for (int i = 0; i < first.length; i++) {
            differences[i] = first[i] - second[i];
        }
        return differences;
    }

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

    /// Chances of every value of the signed-rank statistic.
    static double[] signedRankCounts(int n) {
        double[] chances = new double[n * (n + 1) / 2 + 1];
        chances[0] = 1;
        for (int rank = 1; rank <= n; rank++) {
            for (int v = chances.length - 1; v >= rank; v--) {
                chances[v] += chances[v - rank];
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

    private static Result exact(double statistic, double[] chances) {
        int value = (int) Math.round(statistic);
        double less = cumulative(chances, value);
        double greater = 1 - (value == 0 ? 0 : cumulative(chances, value - 1));
        return new Result(statistic, greater, Math.min(1, 2 * Math.min(less, greater)), true);
    }

    private static Result normal(double statistic, double mean, double deviation) {
        NormalDistribution standard = NormalDistribution.of(0, 1);
        double off = statistic - mean;
        double greater = standard.survivalProbability((off - 0.5) / deviation);
        double nearer = Math.max(Math.abs(off) - 0.5, 0);
        double twoSided = 2 * standard.survivalProbability(nearer / deviation);
        return new Result(statistic, greater, Math.min(1, twoSided), false);
    }

    private static double midRank(double[] sorted, double value) {
        int first = lowerBound(sorted, value);
        int after = first;
        while (after < sorted.length && sorted[after] == value) {
            after++;
        }
        return (first + 1 + after) / 2.0;
    }

    private static int lowerBound(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double tieTerm(double[] sorted) {
        double term = 0;
        int from = 0;
        while (from < sorted.length) {
            int to = from;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            double tied = to - from;
            term += tied * tied * tied - tied;
            from = to;
        }
        return term;
    }

    private static double[] concat(double[] x, double[] y) {
        double[] both = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, both, x.length, y.length);
        return both;
    }

    private RankTests() {}
}
