package org.yifang.price.index;

import org.yifang.statistics.IndexContributions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The elementary items that were sold in both periods, and what the others were worth.
final class MatchedItems {
    private static final int START = 1 << 8;

    final ItemTable sales;
    int[] pharmacy = new int[START];
    int[] product = new int[START];
    double[] q0 = new double[START];
    double[] v0 = new double[START];
    double[] q1 = new double[START];
    double[] v1 = new double[START];
    int count;
    double baseline;
    double matchedValue;
    double apart0;
    double apart1;
    private final List<double[]> unmatched = new ArrayList<>();

    MatchedItems(ItemTable sales) {
        this.sales = sales;
        sales.forEach(this::take);
    }

    private void take(int where, int what, double a0, double b0, double a1, double b1) {
        baseline += Math.max(b0, 0);
        if (!(b0 > 0 && a0 > 0 && b1 > 0 && a1 > 0)) {
            unmatched.add(new double[] {what, Math.max(b0, 0)});
            return;
        }
        double ratio = b1 / a1 / (b0 / a0);
        if ((ratio > PriceFigures.APART || ratio < 1 / PriceFigures.APART)
                && !sales.isReleased(what)) {
            // Boxes for tablets in a whole pharmacy look like this; so does a procurement
            // price, which a person releases.
            apart0 += b0;
            apart1 += b1;
            return;
        }
        if (count == pharmacy.length) {
            grow();
        }
        pharmacy[count] = where;
        product[count] = what;
        q0[count] = a0;
        v0[count] = b0;
        q1[count] = a1;
        v1[count] = b1;
        matchedValue += b0;
        count++;
    }

    private void grow() {
        int wider = count * 2;
        pharmacy = Arrays.copyOf(pharmacy, wider);
        product = Arrays.copyOf(product, wider);
        q0 = Arrays.copyOf(q0, wider);
        v0 = Arrays.copyOf(v0, wider);
        q1 = Arrays.copyOf(q1, wider);
        v1 = Arrays.copyOf(v1, wider);
    }

    double[] prices(double[] value, double[] quantity) {
        return IntStream.range(0, count).mapToDouble(i -> value[i] / quantity[i]).toArray();
    }

    double otherMakers(SetTotals sets) {
        return unmatched.stream()
                .filter(one -> sets.v1[sales.setOf((int) one[0])] > 0)
                .mapToDouble(one -> one[1])
                .sum();
    }

    List<PriceFigures.Product> products(double[] p0, double[] q0s, double[] p1, double[] q1s) {
        double[] laspeyres = IndexContributions.laspeyres(p0, q0s, p1);
        double[] fisher = IndexContributions.fisher(p0, q0s, p1, q1s);
        double[][] sums = new double[sales.products()][4];
        for (int i = 0; i < count; i++) {
            double[] sum = sums[product[i]];
            sum[0] += v0[i];
            sum[1] += v0[i] * p1[i] / p0[i];
            sum[2] += laspeyres[i];
            sum[3] += fisher[i];
        }
        return IntStream.range(0, sums.length)
                .filter(i -> sums[i][0] > 0)
                .mapToObj(i ->
                        new PriceFigures.Product(
                                i,
                                sums[i][1] / sums[i][0],
                                sums[i][0] / matchedValue,
                                sums[i][2],
                                sums[i][3]))
                .toList();
    }
}
