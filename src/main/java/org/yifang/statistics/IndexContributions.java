package org.yifang.statistics;

/// Which product moved an index by how much, and what a change of value is made of.
public final class IndexContributions {

    /// Contributions to Fisher's index less 1, after van IJzeren; they sum to it exactly.
    ///
    /// Balk, Price and Quantity Index Numbers (2008), section 4.2.2.
    public static double[] fisher(double[] p0, double[] q0, double[] p1, double[] q1) {
        double fisherQuantity = PriceIndex.FISHER.quantityIndex(p0, q0, p1, q1);
        double laspeyresQuantity = PriceIndex.LASPEYRES.quantityIndex(p0, q0, p1, q1);
        double ofBase = fisherQuantity / (fisherQuantity + laspeyresQuantity);
        double[] baseShares = PriceIndex.shares(p0, q0);
        double[] hybridShares = PriceIndex.shares(p0, q1);
        double[] contributions = new double[p0.length];
        for (int i = 0; i < contributions.length; i++) {
            double weight = ofBase * baseShares[i] + (1 - ofBase) * hybridShares[i];
            contributions[i] = weight * (p1[i] / p0[i] - 1);
        }
        return contributions;
    }

    /// Contributions to Laspeyres' index less 1.
    public static double[] laspeyres(double[] p0, double[] q0, double[] p1) {
        double[] shares = PriceIndex.shares(p0, q0);
        double[] contributions = new double[p0.length];
        for (int i = 0; i < contributions.length; i++) {
            contributions[i] = shares[i] * (p1[i] / p0[i] - 1);
        }
        return contributions;
    }

    /// value = price × mix × volume, each as the ratio of the current to the base period.
    ///
    /// @param price Fisher's price index
    /// @param mix the dearer or cheaper choice of products at the same prices
    /// @param volume units bought, all products added up in one common unit (as DDD)
    public record Decomposition(double value, double price, double mix, double volume) {}

    /// Splits the change of value; `commonUnits[i]` is what one unit of product i is in the common
    /// unit.
    public static Decomposition decompose(
            double[] p0, double[] q0, double[] p1, double[] q1, double[] commonUnits) {
        double then = 0;
        double now = 0;
        double unitsThen = 0;
        double unitsNow = 0;
        for (int i = 0; i < p0.length; i++) {
            then += p0[i] * q0[i];
            now += p1[i] * q1[i];
            unitsThen += q0[i] * commonUnits[i];
            unitsNow += q1[i] * commonUnits[i];
        }
        double price = PriceIndex.FISHER.of(p0, q0, p1, q1);
        double volume = unitsNow / unitsThen;
        double value = now / then;
        return new Decomposition(value, price, value / (price * volume), volume);
    }

    private IndexContributions() {}
}
