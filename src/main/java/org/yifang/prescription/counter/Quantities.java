package org.yifang.prescription.counter;

import java.math.BigDecimal;

/// What quantity the platform can keep without rounding it.
final class Quantities {
    /// Digits after the point in the columns of the database.
    private static final int DECIMALS = 4;

    /// The columns have ten digits before the point.
    private static final BigDecimal MOST = BigDecimal.TEN.pow(10);

    /// Whether it is above zero and kept to the last digit. Cheap for any exponent.
    static boolean isKept(BigDecimal value) {
        return value.signum() > 0
                && value.compareTo(MOST) < 0
                && value.stripTrailingZeros().scale() <= DECIMALS;
    }

    private Quantities() {}
}
