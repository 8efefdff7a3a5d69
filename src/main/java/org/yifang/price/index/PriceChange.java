package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.FewClusterInterval;
import org.yifang.statistics.IndexContributions;
import org.yifang.statistics.MultilateralIndex;
import org.yifang.statistics.PriceIndex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Whether drugs got cheaper between two periods, by how much, and whether that may be claimed.
///
/// The headline is a Laspeyres index on dispensed prices with the weights of the baseline; what
/// else stands beside it is there to be compared. The rule for "-10 %" was fixed before the data:
/// the upper end of the 95 % interval is at or below 0.90 and at least 80 % of the baseline's value
/// is matched.
///
/// @param figures null where there is nothing to compare
/// @param met whether "-10 %" may be printed
/// @param reasons why not, in the order of the rule; empty when met
record PriceChange(@Nullable Figures figures, boolean met, List<Reason> reasons) {
    /// The goal: ten per cent less.
    static final double GOAL = 0.90;

    /// The least part of the baseline's value that must be matched.
    static final double MATCHED_LEAST = 0.80;

    static final double LEVEL = 0.95;
    static final int REPLICATES = 9999;

    /// Seasons meet in thirteen months.
    private static final int GEKS_MONTHS = 13;

    /// Why the goal is not shown.
    enum Reason {
        NO_BASELINE("no-baseline-sales"),
        NO_CURRENT("no-current-sales"),
        NOTHING_MATCHED("nothing-matched"),
        LITTLE_MATCHED("matched-below-80-percent"),
        FEW_PHARMACIES("too-few-pharmacies"),
        INTERVAL("interval-above-0.90"),
        /// Monthly sums from a file support no claim: nobody can check the sales behind them.
        IMPORTED("imported-aggregates");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /// The 95 % interval of the headline.
    record Interval(double low, double high, long seed, int replicates) {}

    /// What was found for the products sold in both periods.
    ///
    /// @param interval null with fewer than five pharmacies
    /// @param geks rolling, Törnqvist, mean splice; null where the months do not hang together
    /// @param parts value = price × mix × volume, the volume in defined daily doses
    /// @param perDailyDose ratio of the value per defined daily dose
    /// @param matchedShare part of the baseline's value that the matched products have
    /// @param products numbers of the matched products
    /// @param contributions of each matched product to the headline less 1
    /// @param ratios of unit prices of each matched product
    /// @param baselineShares of the value of each matched product
    @SuppressWarnings("ArrayRecordComponent") // Never compared; primitive for speed.
    record Figures(
            double laspeyres,
            @Nullable Interval interval,
            double paasche,
            double fisher,
            double tornqvist,
            double jevons,
            @Nullable Double geks,
            IndexContributions.Decomposition parts,
            double perDailyDose,
            double matchedShare,
            int pharmacies,
            double baselineYuan,
            double currentYuan,
            int[] products,
            double[] contributions,
            double[] ratios,
            double[] baselineShares) {}

    /// The same figures without a claim, since part of them was imported.
    PriceChange imported() {
        List<Reason> more = new ArrayList<>(reasons);
        more.add(Reason.IMPORTED);
        return new PriceChange(figures, false, List.copyOf(more));
    }

    /// @param dailyDoses defined daily doses in one preparation unit of each product; 1 where there
    ///   is no such dose
    /// @param monthIn which months lie in the baseline (-1), in the current period (1) or in
    ///   neither
    /// @param seed of the interval: the same seed and sales give the same report
    static PriceChange of(SalesTable sales, double[] dailyDoses, int[] monthIn, long seed) {
        Totals totals = new Totals(sales);
        List<Reason> reasons = new ArrayList<>();
        if (totals.baseline <= 0) {
            reasons.add(Reason.NO_BASELINE);
        }
        if (totals.current <= 0) {
            reasons.add(Reason.NO_CURRENT);
        }
        if (!reasons.isEmpty() || totals.matched.length == 0) {
            if (reasons.isEmpty()) {
                reasons.add(Reason.NOTHING_MATCHED);
            }
            return new PriceChange(null, false, reasons);
        }
        Figures figures = figures(sales, totals, dailyDoses, monthIn, seed);
        if (figures.matchedShare < MATCHED_LEAST) {
            reasons.add(Reason.LITTLE_MATCHED);
        }
        if (figures.interval == null) {
            reasons.add(Reason.FEW_PHARMACIES);
        } else if (figures.interval.high > GOAL) {
            reasons.add(Reason.INTERVAL);
        }
        return new PriceChange(figures, reasons.isEmpty(), List.copyOf(reasons));
    }

    private static Figures figures(
            SalesTable sales, Totals totals, double[] dailyDoses, int[] monthIn, long seed) {
        double[] p0 = totals.pick(i -> totals.v0[i] / totals.q0[i]);
        double[] q0 = totals.pick(i -> totals.q0[i]);
        double[] p1 = totals.pick(i -> totals.v1[i] / totals.q1[i]);
        double[] q1 = totals.pick(i -> totals.q1[i]);
        double laspeyres = PriceIndex.LASPEYRES.of(p0, q0, p1, q1);
        double matchedValue = Arrays.stream(totals.pick(i -> totals.v0[i])).sum();
        var parts = IndexContributions.decompose(p0, q0, p1, q1, totals.pick(i -> dailyDoses[i]));
        Clusters clusters = clusters(sales, totals);
        return new Figures(
                laspeyres,
                interval(laspeyres, clusters, seed),
                PriceIndex.PAASCHE.of(p0, q0, p1, q1),
                PriceIndex.FISHER.of(p0, q0, p1, q1),
                PriceIndex.TORNQVIST.of(p0, q0, p1, q1),
                PriceIndex.jevons(p0, p1),
                geks(sales, monthIn),
                parts,
                parts.value() / parts.volume(),
                matchedValue / totals.baseline,
                clusters.shares.length,
                totals.baseline / 100,
                totals.current / 100,
                totals.matched,
                IndexContributions.laspeyres(p0, q0, p1),
                IntStream.range(0, p0.length).mapToDouble(i -> p1[i] / p0[i]).toArray(),
                totals.pick(i -> totals.v0[i] / matchedValue));
    }

    private static @Nullable Interval interval(double laspeyres, Clusters clusters, long seed) {
        // Pharmacies that sold nothing in the baseline say nothing of how far its mean can be off.
        long carrying = Arrays.stream(clusters.shares).filter(share -> share > 0).count();
        if (carrying < FewClusterInterval.CLUSTERS_MIN) {
            return null;
        }
        var around =
                FewClusterInterval.around(
                        Math.log(laspeyres),
                        clusters.influences,
                        clusters.shares,
                        LEVEL,
                        REPLICATES,
                        seed);
        return new Interval(Math.exp(around.low()), Math.exp(around.high()), seed, REPLICATES);
    }

    /// How the sales of each pharmacy move the log of the headline, and what part of the baseline
    /// each has.
    @SuppressWarnings("ArrayRecordComponent") // Never compared; primitive for speed.
    private record Clusters(double[] influences, double[] shares) {}

    /// With N = Σ V0·P1/P0 and D = Σ V0 over the matched products, a pharmacy moves ln N by Σ
    /// (q0·P1 + (v1 - q1·P1)·Q0/Q1) / N and ln D by Σ v0 / D.
    private static Clusters clusters(SalesTable sales, Totals totals) {
        double[] top = new double[sales.pharmacies()];
        double[] bottom = new double[sales.pharmacies()];
        boolean[] sold = new boolean[sales.pharmacies()];
        sales.forEach((pharmacy, product, q0, v0, q1, v1) -> {
            if (!totals.isMatched(product)) {
                return;
            }
            double price = totals.v1[product] / totals.q1[product];
            double weight = totals.q0[product] / totals.q1[product];
            top[pharmacy] += q0 * price + (v1 - q1 * price) * weight;
            bottom[pharmacy] += v0;
            sold[pharmacy] = true;
        });
        double n = Arrays.stream(top).sum();
        double d = Arrays.stream(bottom).sum();
        int[] those = IntStream.range(0, sold.length).filter(i -> sold[i]).toArray();
        return new Clusters(
                Arrays.stream(those).mapToDouble(i -> top[i] / n - bottom[i] / d).toArray(),
                Arrays.stream(those).mapToDouble(i -> bottom[i] / d).toArray());
    }

    /// Mean level of the current months over that of the baseline's, on the rolling GEKS series.
    private static @Nullable Double geks(SalesTable sales, int[] monthIn) {
        int months = monthIn.length;
        double[][] prices = new double[months][sales.products()];
        for (int t = 0; t < months; t++) {
            for (int i = 0; i < sales.products(); i++) {
                double quantity = sales.monthlyQuantity()[t][i];
                prices[t][i] = quantity > 0 ? sales.monthlyValue()[t][i] / quantity : 0;
            }
        }
        double[] index =
                MultilateralIndex.rollingGeks(
                        PriceIndex.TORNQVIST, prices, sales.monthlyQuantity(), GEKS_MONTHS);
        double then = meanLog(index, monthIn, -1);
        double now = meanLog(index, monthIn, 1);
        double ratio = Math.exp(now - then);
        return Double.isFinite(ratio) ? ratio : null;
    }

    private static double meanLog(double[] index, int[] monthIn, int which) {
        return IntStream.range(0, index.length)
                .filter(t -> monthIn[t] == which)
                .mapToDouble(t -> Math.log(index[t]))
                .average()
                .orElse(Double.NaN);
    }

    /// Both periods' sums by product.
    private static final class Totals {
        private final double[] q0;
        private final double[] v0;
        private final double[] q1;
        private final double[] v1;
        private final int[] matched;
        private final double baseline;
        private final double current;

        Totals(SalesTable sales) {
            int products = sales.products();
            q0 = new double[products];
            v0 = new double[products];
            q1 = new double[products];
            v1 = new double[products];
            sales.forEach((_, product, quantity0, value0, quantity1, value1) -> {
                q0[product] += quantity0;
                v0[product] += value0;
                q1[product] += quantity1;
                v1[product] += value1;
            });
            baseline = Arrays.stream(v0).sum();
            current = Arrays.stream(v1).sum();
            matched = IntStream.range(0, products).filter(this::isMatched).toArray();
        }

        boolean isMatched(int product) {
            return v0[product] > 0 && q0[product] > 0 && v1[product] > 0 && q1[product] > 0;
        }

        double[] pick(java.util.function.IntToDoubleFunction value) {
            return Arrays.stream(matched).mapToDouble(value).toArray();
        }
    }
}
