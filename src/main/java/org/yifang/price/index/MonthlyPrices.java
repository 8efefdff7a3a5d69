package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.price.index.MonthlySalesStore.Cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How prices stood month by month against the baseline as a whole: the headline's formula on the
/// products that a pharmacy sold in that month, too.
final class MonthlyPrices {
    /// A band is looked at, no verdict stands on it: fewer than for the headline do.
    private static final int REPLICATES = 1999;

    /// @param month years times 12 plus month
    /// @param band 95 % interval by pharmacies; null with fewer than five of them
    /// @param geks on the county's products, the baseline's mean being 1; null where the months do
    ///   not hang together
    record Month(
            int month,
            double laspeyres,
            PriceFigures.@Nullable Interval band,
            double fisher,
            @Nullable Double geks) {}

    /// @param first the month that `geks` begins with
    static List<Month> of(List<Cell> cells, int first, double[] geks, long seed) {
        Map<Integer, List<Cell>> months = new TreeMap<>();
        for (Cell cell : cells) {
            months.computeIfAbsent(cell.month(), _ -> new ArrayList<>()).add(cell);
        }
        List<Month> all = new ArrayList<>();
        months.forEach((month, those) -> {
            int at = month - first;
            boolean known = at >= 0 && at < geks.length && Double.isFinite(geks[at]);
            all.add(month(month, those, known ? geks[at] : null, seed));
        });
        return all;
    }

    private static Month month(int month, List<Cell> cells, @Nullable Double geks, long seed) {
        double top = cells.stream().mapToDouble(Cell::top).sum();
        double bottom = cells.stream().mapToDouble(Cell::bottom).sum();
        double value = cells.stream().mapToDouble(Cell::value).sum();
        double atBaseline = cells.stream().mapToDouble(Cell::atBaseline).sum();
        double laspeyres = top / bottom;
        PharmacyClusters clusters =
                new PharmacyClusters(
                        cells.stream()
                                .mapToDouble(one -> one.top() / top - one.bottom() / bottom)
                                .toArray(),
                        cells.stream().mapToDouble(one -> one.bottom() / bottom).toArray());
        return new Month(
                month,
                laspeyres,
                clusters.interval(laspeyres, seed, REPLICATES),
                Math.sqrt(laspeyres * value / atBaseline),
                geks);
    }

    private MonthlyPrices() {}
}
