package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.MultilateralIndex;
import org.yifang.statistics.PriceIndex;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How prices changed between two periods, reckoned on elementary items: the same product in the
/// same pharmacy. So neither a shift from brand to generic nor one to cheaper pharmacies counts as
/// a change of price; both stand beside it as figures of their own.
///
/// @param interval null with fewer than five pharmacies
/// @param geks rolling, Törnqvist, mean splice, on the county's products; null where the months do
///   not hang together
/// @param factors null where no drug has a defined daily dose
/// @param perDay ratio of the value per defined daily dose, switching included; null likewise
/// @param matchedShare part of the baseline's value that the matched items have
/// @param otherMakersShare part of the baseline's value whose drug is still sold, but not by this
///   maker at this pharmacy
/// @param heldOutShare part of what was charged that stood on lines held out, of the worse period
/// @param products of the matched items, added up by product
record PriceFigures(
        double laspeyres,
        @Nullable Interval interval,
        double paasche,
        double fisher,
        double tornqvist,
        double jevons,
        @Nullable Double geks,
        @Nullable Factors factors,
        @Nullable PerDay perDay,
        double matchedShare,
        double otherMakersShare,
        double heldOutShare,
        int pharmacies,
        int items,
        List<Product> products) {
    static final double LEVEL = 0.95;
    static final int REPLICATES = 9999;

    /// A unit price four times another one's is a box taken for a tablet, or has papers.
    static final double APART = 4;

    /// Seasons meet in thirteen months.
    private static final int GEKS_MONTHS = 13;

    /// A 95 % interval by pharmacies.
    record Interval(double low, double high, long seed, int replicates) {}

    /// Value = price × mix within sets × mix across sets × volume, each as a ratio; over the sets
    /// that have a defined daily dose and were sold in both periods.
    ///
    /// @param price Fisher's index of the matched items
    /// @param mixWithin other makers and other pharmacies for the same drug
    /// @param mixAcross other drugs for the same days of treatment
    /// @param volume defined daily doses
    record Factors(double value, double price, double mixWithin, double mixAcross, double volume) {}

    /// What a day of treatment costs, as a ratio.
    ///
    /// @param share part of the value of both periods that belongs to drugs with a daily dose
    record PerDay(double ratio, @Nullable Interval interval, double share) {}

    /// One product, all pharmacies together.
    ///
    /// @param ratio of its prices, weighted as in the headline
    /// @param toLaspeyres what it adds to the headline less 1
    /// @param toFisher what it adds to Fisher's index less 1, after van IJzeren
    record Product(
            int number, double ratio, double baselineShare, double toLaspeyres, double toFisher) {}

    /// Null where nothing was sold in both periods.
    ///
    /// @param dailyDoses defined daily doses in one preparation unit of each set; 0 where there is
    ///   no such dose
    /// @param monthIn which months lie in the baseline (-1), in the current period (1) or in
    ///   neither
    /// @param seed of the intervals: the same seed and sales give the same figures
    static @Nullable PriceFigures of(
            ItemTable sales, double[] dailyDoses, int[] monthIn, long seed) {
        MatchedItems items = new MatchedItems(sales);
        if (items.count == 0) {
            return null;
        }
        double[] p0 = items.prices(items.v0, items.q0);
        double[] p1 = items.prices(items.v1, items.q1);
        double[] q0 = Arrays.copyOf(items.q0, items.count);
        double[] q1 = Arrays.copyOf(items.q1, items.count);
        double laspeyres = PriceIndex.LASPEYRES.of(p0, q0, p1, q1);
        PharmacyClusters clusters = PharmacyClusters.ofIndex(sales.pharmacies(), items, p0, p1);
        SetTotals sets = new SetTotals(sales, dailyDoses);
        return new PriceFigures(
                laspeyres,
                clusters.interval(laspeyres, seed),
                PriceIndex.PAASCHE.of(p0, q0, p1, q1),
                PriceIndex.FISHER.of(p0, q0, p1, q1),
                PriceIndex.TORNQVIST.of(p0, q0, p1, q1),
                PriceIndex.jevons(p0, p1),
                geks(sales, monthIn),
                sets.factors(items, p0, q0, p1, q1),
                sets.perDay(sales, seed),
                items.matchedValue / items.baseline,
                items.otherMakers(sets) / items.baseline,
                heldOutShare(sales, items),
                clusters.count(),
                items.count,
                items.products(p0, q0, p1, q1));
    }

    /// What the headline could be at worst: what is not matched may have kept its price.
    double boundHigh() {
        return interval == null
                ? Double.POSITIVE_INFINITY
                : matchedShare * interval.high() + (1 - matchedShare);
    }

    private static double heldOutShare(ItemTable sales, MatchedItems items) {
        double worst = 0;
        for (var period : List.of(ItemTable.Period.BASELINE, ItemTable.Period.CURRENT)) {
            double charged = sales.charged(period);
            double held =
                    sales.heldOut(period)
                            + (period == ItemTable.Period.BASELINE ? items.apart0 : items.apart1);
            worst = Math.max(worst, charged > 0 ? held / charged : 0);
        }
        return worst;
    }

    /// Mean level of the current months over that of the baseline's, on the rolling GEKS series.
    private static @Nullable Double geks(ItemTable sales, int[] monthIn) {
        double ratio = Math.exp(meanLog(geksByMonth(sales, monthIn), monthIn, 1));
        return Double.isFinite(ratio) ? ratio : null;
    }

    /// The rolling GEKS series, the mean of the baseline's months being 1.
    static double[] geksByMonth(ItemTable sales, int[] monthIn) {
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
        double level = Math.exp(meanLog(index, monthIn, -1));
        return Arrays.stream(index).map(one -> one / level).toArray();
    }

    private static double meanLog(double[] index, int[] monthIn, int which) {
        return IntStream.range(0, index.length)
                .filter(t -> monthIn[t] == which)
                .mapToDouble(t -> Math.log(index[t]))
                .average()
                .orElse(Double.NaN);
    }
}
