package org.yifang.prescription.counter;

import org.hl7.fhir.r4.model.Identifier;
import org.jspecify.annotations.Nullable;

/// Numbers that a pharmacy gives its own doings: they are keys, and keys are short.
final class Identifiers {
    private static final int MOST = 200;

    static final String FAULT = "A part of the identifier has more than " + MOST + " characters.";

    static final String REMEDY = "Give system and value of at most " + MOST + " characters each.";

    /// Whether both parts can be kept; what is missing is told elsewhere.
    static boolean isKept(Identifier identifier) {
        return fits(identifier.getSystem()) && fits(identifier.getValue());
    }

    private static boolean fits(@Nullable String part) {
        return part == null || part.length() <= MOST;
    }

    private Identifiers() {}
}
