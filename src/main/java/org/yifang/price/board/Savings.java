package org.yifang.price.board;

import org.yifang.statistics.Quantiles;

import java.util.Arrays;

/// What could have been saved had everybody paid what the cheapest tenth pays.
///
/// OpenPrescribing's price-per-unit method (Croker et al., BMJ Open 2018;8:e019643): the target is
/// the tenth percentile of the unit price over all sellers of a substitution set.
public final class Savings {
    private static final double TARGET = 0.10;

    /// The tenth percentile of unit prices; sellers without one (NaN) do not count.
    public static double target(double[] unitPrices) {
        double[] known = Arrays.stream(unitPrices).filter(price -> !Double.isNaN(price)).toArray();
        return Quantiles.of(known, TARGET);
    }

    /// Paid over the target, never below 0.
    ///
    /// @param cost what was paid for `quantity` units
    public static double possible(double cost, double quantity, double target) {
        return Math.max(0, cost - quantity * target);
    }

    private Savings() {}
}
