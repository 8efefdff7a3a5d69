package org.yifang.prescription.life;

import java.math.BigDecimal;
import java.util.UUID;

/// One line of a prescription as the rules see it; quantities in preparation units.
///
/// @param id the MedicationRequest
/// @param number its place in the prescription, from 1
/// @param quantity what each fill holds
/// @param remaining what is open of the current fill
/// @param dispensed what was handed out over all fills, less what was taken back
public record Line(
        UUID id, int number, BigDecimal quantity, BigDecimal remaining, BigDecimal dispensed) {
    /// @throws IllegalArgumentException when the quantities cannot be true together
    public Line {
        if (remaining.signum() < 0 || remaining.compareTo(quantity) > 0 || dispensed.signum() < 0) {
            throw new IllegalArgumentException(
                    "Line %d cannot have %s of %s open with %s dispensed."
                            .formatted(number, remaining, quantity, dispensed));
        }
    }

    boolean isComplete() {
        return remaining.signum() == 0;
    }

    /// Whether something of the current fill has been handed out.
    boolean isBegun() {
        return remaining.compareTo(quantity) < 0;
    }

    Line dispense(BigDecimal units) {
        return new Line(id, number, quantity, remaining.subtract(units), dispensed.add(units));
    }

    /// @param open whether what came back may be dispensed again
    Line takeBack(BigDecimal units, boolean open) {
        BigDecimal again = open ? remaining.add(units).min(quantity) : remaining;
        return new Line(id, number, quantity, again, dispensed.subtract(units));
    }

    Line refill() {
        return new Line(id, number, quantity, quantity, dispensed);
    }
}
