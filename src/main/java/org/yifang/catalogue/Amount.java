package org.yifang.catalogue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/// How much of a substance or of a form: `5 mg`, `300 U`, `100 ml`.
///
/// @param value above zero, without zeros at the end
/// @param unit as written: Chinese, Latin or UCUM
public record Amount(BigDecimal value, String unit) {
    /// A unit's base and how much of it the unit is.
    private record Scale(String base, BigDecimal factor) {}

    private static final int DIGITS = 12;
    private static final Map<String, Scale> SCALES =
            Map.ofEntries(
                    Map.entry("kg", scale("mg", "1000000")),
                    Map.entry("g", scale("mg", "1000")),
                    Map.entry("克", scale("mg", "1000")),
                    Map.entry("mg", scale("mg", "1")),
                    Map.entry("毫克", scale("mg", "1")),
                    Map.entry("ug", scale("mg", "0.001")),
                    Map.entry("mcg", scale("mg", "0.001")),
                    Map.entry("μg", scale("mg", "0.001")),
                    Map.entry("µg", scale("mg", "0.001")),
                    Map.entry("微克", scale("mg", "0.001")),
                    Map.entry("U", scale("U", "1")),
                    Map.entry("IU", scale("U", "1")),
                    Map.entry("[U]", scale("U", "1")),
                    Map.entry("[iU]", scale("U", "1")),
                    Map.entry("[IU]", scale("U", "1")),
                    Map.entry("单位", scale("U", "1")),
                    Map.entry("国际单位", scale("U", "1")),
                    Map.entry("万U", scale("U", "10000")),
                    Map.entry("万单位", scale("U", "10000")),
                    Map.entry("L", scale("ml", "1000")),
                    Map.entry("l", scale("ml", "1000")),
                    Map.entry("ml", scale("ml", "1")),
                    Map.entry("mL", scale("ml", "1")),
                    Map.entry("毫升", scale("ml", "1")),
                    Map.entry("mmol", scale("mmol", "1")));

    /// @throws IllegalArgumentException when the value is not above zero or the unit is blank
    public Amount {
        if (value.signum() <= 0 || unit.isBlank()) {
            throw new IllegalArgumentException(
                    "`%s %s` is no amount above zero with a unit."
                            .formatted(value.toPlainString(), unit));
        }
        value = plain(value);
    }

    /// How many times `part` is contained in this, exact to 12 digits after the point; empty when
    /// the units do not measure the same.
    public Optional<BigDecimal> dividedBy(Amount part) {
        Amount whole = inBase();
        Amount by = part.inBase();
        return whole.unit.equals(by.unit)
                ? Optional.of(plain(whole.value.divide(by.value, DIGITS, RoundingMode.HALF_EVEN)))
                : Optional.empty();
    }

    /// The same amount in the smallest common unit (mg, U, ml), so that equal amounts are equal; an
    /// unknown unit stays as it is.
    public Amount inBase() {
        Scale scale = SCALES.get(unit);
        if (scale == null) {
            return this;
        }
        return new Amount(value.multiply(scale.factor), scale.base);
    }

    /// `5 mg`, without zeros at the end.
    @Override
    public String toString() {
        return value.toPlainString() + " " + unit;
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static Scale scale(String base, String factor) {
        return new Scale(base, new BigDecimal(factor));
    }
}
