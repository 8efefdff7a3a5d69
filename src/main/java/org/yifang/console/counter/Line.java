package org.yifang.console.counter;

import java.math.BigDecimal;
import java.util.List;

/// One line at the counter.
///
/// @param id of the MedicationRequest
/// @param prescribed as text, with unit
/// @param remaining in `unit`
/// @param products that fulfil it, the prescribed one first
public record Line(
        int number,
        String id,
        String name,
        String dosage,
        String prescribed,
        BigDecimal remaining,
        String unit,
        boolean exact,
        List<Product> products) {

    /// A product that may be handed out.
    ///
    /// @param price of one pack here, null when no offer is known
    /// @param units preparation units in a pack
    public record Product(
            String code, String name, String maker, BigDecimal price, BigDecimal units) {
        /// What `quantity` costs by that pack price, empty when it is not known.
        public String of(BigDecimal quantity) {
            return price.signum() == 0 || units.signum() == 0
                    ? ""
                    : price.multiply(quantity)
                            .divide(units, 2, java.math.RoundingMode.HALF_UP)
                            .toPlainString();
        }
    }

    public boolean isOpen() {
        return remaining.signum() > 0;
    }
}
