package org.yifang.prescription;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.FhirJson;

/// Why something was done: a code of the operation's own system, a text, or both.
public record Reason(@Nullable String code, @Nullable String text) {
    public static final Reason NONE = new Reason(null, null);

    /// The longest text that is kept, in characters.
    private static final int TEXT_MOST = 1000;

    /// Reads a coding of `system`, or without system, which means that one.
    static Reason of(@Nullable CodeableConcept concept, String system) {
        if (concept == null) {
            return NONE;
        }
        String code =
                concept.getCoding().stream()
                        .filter(one ->
                                !one.hasSystem()
                                        || one.getSystem().equals(FhirJson.SYSTEMS + system))
                        .map(one -> one.getCode())
                        .filter(java.util.Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        String text = concept.hasText() ? concept.getText() : null;
        if (text == null && code == null && concept.hasCoding()) {
            text = concept.getCodingFirstRep().getDisplay();
        }
        return new Reason(
                code,
                text == null || text.length() <= TEXT_MOST ? text : text.substring(0, TEXT_MOST));
    }
}
