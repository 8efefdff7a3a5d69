package org.yifang.prescription.counter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// One MedicationDispense as a pharmacy sent it.
///
/// @param system and value: the pharmacy's own number, its key
/// @param line the MedicationRequest it authorizes itself by
/// @param subject the Patient it names, [#NOBODY] when we know none such, null when it names none
/// @param quantity in `unit`
/// @param preparer who prepared it, by staff number
/// @param checker who checked it, another
/// @param split whether it says that a pack was split
/// @param priceFen what was charged for the line, null when not said
/// @param content as it will be read, without what changes
/// @param hash SHA-256 of what was sent
record Handed(
        String system,
        String value,
        UUID line,
        @Nullable UUID subject,
        String drugCode,
        BigDecimal quantity,
        String unit,
        Instant handedOverAt,
        Instant handedOverTo,
        String preparer,
        String checker,
        List<String> traceCodes,
        boolean split,
        @Nullable Long priceFen,
        @Nullable String furtherTokens,
        byte[] content,
        byte[] hash,
        String expression) {
    /// The id of no patient.
    static final UUID NOBODY = new UUID(0, 0);
}
