package org.yifang.price.index;

import java.util.Arrays;
import java.util.Random;

/// A county whose true change of prices is known.
///
/// Each pharmacy has its size, its assortment, its level of prices and, on top of the county's true
/// change, an effect of its own; so has each of its products. Effects have mean 1, so that the true
/// change is the expected one.
final class SimulatedCounty {
    /// @param pharmacies how many
    /// @param products substitution sets
    /// @param change true ratio of prices
    /// @param sizeSpread standard deviation of the log size of a pharmacy
    /// @param pharmacySpread standard deviation of the log effect of a pharmacy
    /// @param productSpread standard deviation of the log effect of a product in a pharmacy
    record Setting(
            int pharmacies,
            int products,
            double change,
            double sizeSpread,
            double pharmacySpread,
            double productSpread) {}

    private static final int MONTHS = 24;
    private static final double PACKS_A_MONTH = 250;

    static final int[] MONTH_IN = new int[MONTHS];

    static {
        Arrays.fill(MONTH_IN, 0, 12, -1);
        Arrays.fill(MONTH_IN, 12, MONTHS, 1);
    }

    static SalesTable sales(Setting setting, Random random) {
        SalesTable sales = new SalesTable(setting.pharmacies, setting.products, MONTHS);
        double[] price = new double[setting.products];
        for (int i = 0; i < price.length; i++) {
            price[i] = 2000 * Math.exp(0.8 * random.nextGaussian());
        }
        for (int g = 0; g < setting.pharmacies; g++) {
            double size = PACKS_A_MONTH * Math.exp(setting.sizeSpread * random.nextGaussian());
            double growth = Math.exp(0.3 * random.nextGaussian());
            double effect = effect(setting.pharmacySpread, random);
            double level = Math.exp(0.08 * random.nextGaussian());
            for (int i = 0; i < price.length; i++) {
                double wanted = size / price.length * 2 * random.nextDouble();
                double before = price[i] * level * Math.exp(0.05 * random.nextGaussian());
                double after =
                        before * setting.change * effect * effect(setting.productSpread, random);
                for (int month = 0; month < MONTHS; month++) {
                    boolean base = month < 12;
                    int packs = poisson(base ? wanted : wanted * growth, random);
                    if (packs > 0) {
                        sales.add(
                                g,
                                i,
                                month,
                                base ? SalesTable.Period.BASELINE : SalesTable.Period.CURRENT,
                                packs,
                                packs * (base ? before : after));
                    }
                }
            }
        }
        return sales;
    }

    static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double effect(double spread, Random random) {
        return Math.exp(spread * random.nextGaussian() - spread * spread / 2);
    }

    private static int poisson(double mean, Random random) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    private SimulatedCounty() {}
}
