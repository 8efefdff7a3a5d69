package org.yifang.fhir;

import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Resource;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.math.BigDecimal;

/// Refuses numbers that are short to write and very long to reckon with, as `1e999999999`. In JSON
/// they are found while it is read; in XML a number looks like any other text until then.
final class Decimals {
    private static final int EXPONENT_MAX = 308;
    private static final int DIGITS_MAX = 64;

    /// @throws Problem `RX-1401`
    static void requireModest(Resource read) {
        for (DecimalType one :
                Fhir.CONTEXT
                        .newTerser()
                        .getAllPopulatedChildElementsOfType(read, DecimalType.class)) {
            BigDecimal value = one.getValue();
            if (value != null
                    && (Math.abs((long) value.scale()) > EXPONENT_MAX + DIGITS_MAX
                            || value.precision() > DIGITS_MAX
                            || Math.abs((long) value.precision() - value.scale()) > EXPONENT_MAX)) {
                throw new Problem(
                        ProblemCode.NOT_FHIR,
                        "The body holds a number beyond 1e" + EXPONENT_MAX + ".",
                        "Write numbers as they are measured.");
            }
        }
    }

    private Decimals() {}
}
