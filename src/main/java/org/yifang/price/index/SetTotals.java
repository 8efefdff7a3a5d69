package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.IndexContributions;
import org.yifang.statistics.PriceIndex;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Both periods' sums by substitution set, whatever maker and pharmacy.
final class SetTotals {
    private final double[] doses;
    private final double[] q0;
    private final double[] v0;
    private final double[] q1;
    final double[] v1;

    SetTotals(ItemTable sales, double[] dailyDoses) {
        int sets = sales.sets();
        doses = dailyDoses;
        q0 = new double[sets];
        v0 = new double[sets];
        q1 = new double[sets];
        v1 = new double[sets];
        sales.forEach((_, product, a0, b0, a1, b1) -> {
            int set = sales.setOf(product);
            q0[set] += a0;
            v0[set] += b0;
            q1[set] += a1;
            v1[set] += b1;
        });
    }

    private boolean isInBoth(int set) {
        return doses[set] > 0 && v0[set] > 0 && q0[set] > 0 && v1[set] > 0 && q1[set] > 0;
    }

    PriceFigures.@Nullable Factors factors(
            MatchedItems items, double[] p0, double[] quantity0, double[] p1, double[] quantity1) {
        int[] sets = IntStream.range(0, v0.length).filter(this::isInBoth).toArray();
        int[] those =
                IntStream.range(0, items.count)
                        .filter(i -> isInBoth(items.sales.setOf(items.product[i])))
                        .toArray();
        if (those.length == 0) {
            return null;
        }
        var whole =
                IndexContributions.decompose(
                        pick(sets, s -> v0[s] / q0[s]),
                        pick(sets, s -> q0[s]),
                        pick(sets, s -> v1[s] / q1[s]),
                        pick(sets, s -> q1[s]),
                        pick(sets, s -> doses[s]));
        double price =
                PriceIndex.FISHER.of(
                        pick(those, i -> p0[i]),
                        pick(those, i -> quantity0[i]),
                        pick(those, i -> p1[i]),
                        pick(those, i -> quantity1[i]));
        return new PriceFigures.Factors(
                whole.value(), price, whole.price() / price, whole.mix(), whole.volume());
    }

    PriceFigures.@Nullable PerDay perDay(ItemTable sales, long seed) {
        double[][] sums = new double[sales.pharmacies()][4];
        double[] all = new double[5];
        sales.forEach((pharmacy, product, a0, b0, a1, b1) -> {
            double dose = doses[sales.setOf(product)];
            all[4] += b0 + b1;
            if (dose > 0) {
                double[] one = {b0, a0 * dose, b1, a1 * dose};
                for (int i = 0; i < one.length; i++) {
                    sums[pharmacy][i] += one[i];
                    all[i] += one[i];
                }
            }
        });
        if (!(all[0] > 0 && all[1] > 0 && all[2] > 0 && all[3] > 0)) {
            return null;
        }
        double ratio = all[2] / all[3] / (all[0] / all[1]);
        int[] those = IntStream.range(0, sums.length).filter(g -> sums[g][0] > 0).toArray();
        PharmacyClusters clusters =
                new PharmacyClusters(
                        pick(
                                those,
                                g ->
                                        sums[g][2] / all[2]
                                                - sums[g][3] / all[3]
                                                - sums[g][0] / all[0]
                                                + sums[g][1] / all[1]),
                        pick(those, g -> sums[g][0] / all[0]));
        return new PriceFigures.PerDay(
                ratio, clusters.interval(ratio, seed), (all[0] + all[2]) / all[4]);
    }

    private static double[] pick(int[] those, IntToDoubleFunction value) {
        return Arrays.stream(those).mapToDouble(value).toArray();
    }
}
