package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.FewClusterInterval;

import java.util.Arrays;
import java.util.stream.IntStream;

/// How the sales of each pharmacy move the log of a ratio, and what part of its base each has.
record PharmacyClusters(double[] influences, double[] shares) {
    /// With N = Σ v0·p1/p0 and D = Σ v0 over the matched items, each of one pharmacy.
    static PharmacyClusters ofIndex(int pharmacies, MatchedItems items, double[] p0, double[] p1) {
        double[] top = new double[pharmacies];
        double[] bottom = new double[pharmacies];
        for (int i = 0; i < items.count; i++) {
            top[items.pharmacy[i]] += items.v0[i] * p1[i] / p0[i];
            bottom[items.pharmacy[i]] += items.v0[i];
        }
        double n = Arrays.stream(top).sum();
        double d = Arrays.stream(bottom).sum();
        int[] those = IntStream.range(0, pharmacies).filter(g -> bottom[g] > 0).toArray();
        return new PharmacyClusters(
                Arrays.stream(those).mapToDouble(g -> top[g] / n - bottom[g] / d).toArray(),
                Arrays.stream(those).mapToDouble(g -> bottom[g] / d).toArray());
    }

    int count() {
        return shares.length;
    }

    PriceFigures.@Nullable Interval interval(double ratio, long seed) {
        return interval(ratio, seed, PriceFigures.REPLICATES);
    }

    PriceFigures.@Nullable Interval interval(double ratio, long seed, int replicates) {
        if (shares.length < FewClusterInterval.CLUSTERS_MIN) {
            return null;
        }
        var around =
                FewClusterInterval.around(
                        Math.log(ratio), influences, shares, PriceFigures.LEVEL, replicates, seed);
        return new PriceFigures.Interval(
                Math.exp(around.low()), Math.exp(around.high()), seed, replicates);
    }
}
