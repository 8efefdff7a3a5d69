package org.yifang.statistics;

import java.util.Arrays;

/// Index numbers over many periods that do not drift when prices bounce: GEKS with a rolling window
/// and a mean splice.
///
/// Prices and quantities come as `[period][product]`; a product that was not sold in a period has
/// quantity 0 there, and each pair of periods is compared on what both have.
public final class MultilateralIndex {

    /// GEKS over all periods at once, 1 in the first: the geometric mean of the ways from the first
    /// period to each over every period; transitive, so the chain does not matter.
    ///
    /// @param formula the bilateral index; FISHER, or TORNQVIST for what is also named CCDI
    public static double[] geks(PriceIndex formula, double[][] prices, double[][] quantities) {
        double[][] ways = ways(formula, prices, quantities);
        double[] index = new double[prices.length];
        for (int t = 0; t < index.length; t++) {
            index[t] = Math.exp(logMean(ways, 0, t, 0, index.length));
        }
        return index;
    }

    /// GEKS in a window that rolls on one period at a time, each new period joined by the mean
    /// splice to what has been published before; that is never revised.
    ///
    /// @param window how many periods it spans; 13 months let the seasons meet
    public static double[] rollingGeks(
            PriceIndex formula, double[][] prices, double[][] quantities, int window) {
        if (prices.length <= window) {
            return geks(formula, prices, quantities);
        }
        double[][] ways = ways(formula, prices, quantities);
        double[] logs = new double[prices.length];
        for (int t = 0; t < window; t++) {
            logs[t] = logMean(ways, 0, t, 0, window);
        }
        for (int t = window; t < logs.length; t++) {
            int first = t - window + 1;
            double sum = 0;
            for (int k = first; k < t; k++) {
                sum += logs[k] + logMean(ways, k, t, first, t + 1);
            }
            logs[t] = sum / (window - 1);
        }
        return Arrays.stream(logs).map(Math::exp).toArray();
    }

    /// Mean, over the periods `from` to `to`, of the log index from a to b by way of each.
    private static double logMean(double[][] ways, int a, int b, int from, int to) {
        double sum = 0;
        for (int k = from; k < to; k++) {
            sum += ways[a][k] + ways[k][b];
        }
        return sum / (to - from);
    }

    /// The log index of each period against each.
    private static double[][] ways(PriceIndex formula, double[][] prices, double[][] quantities) {
        int periods = prices.length;
        double[][] ways = new double[periods][periods];
        for (int a = 0; a < periods; a++) {
            for (int b = a + 1; b < periods; b++) {
                ways[a][b] = Math.log(matched(formula, prices, quantities, a, b));
                ways[b][a] = -ways[a][b];
            }
        }
        return ways;
    }

    private static double matched(
            PriceIndex formula, double[][] prices, double[][] quantities, int a, int b) {
        int[] both = new int[prices[a].length];
        int count = 0;
        for (int i = 0; i < both.length; i++) {
            if (quantities[a][i] > 0 && quantities[b][i] > 0) {
                both[count++] = i;
            }
        }
        if (count == 0) {
            return Double.NaN;
        }
        return formula.of(
                pick(prices[a], both, count),
                pick(quantities[a], both, count),
                pick(prices[b], both, count),
                pick(quantities[b], both, count));
    }

    private static double[] pick(double[] all, int[] which, int count) {
        double[] picked = new double[count];
        for (int i = 0; i < count; i++) {
            picked[i] = all[which[i]];
        }
        return picked;
    }

    private MultilateralIndex() {}
}
