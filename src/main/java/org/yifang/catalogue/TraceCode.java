package org.yifang.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/// The trace code (药品追溯码) printed on one pack of a drug and on no other.
///
/// Three kinds exist side by side: 码上放心 with 20 digits, GS1 element strings on imported drugs, and
/// numbers of the makers' own. All that is common to them is checked.
///
/// @param value 7 to 100 printable ASCII characters without blanks, kept as scanned
public record TraceCode(String value) {
    private static final Pattern SHAPE = Pattern.compile("[\\x21-\\x7E]{7,100}");

    /// @throws IllegalArgumentException when [#fault] finds one
    public TraceCode {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a code, or empty when it is one.
    public static Optional<String> fault(String value) {
        return SHAPE.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(
                        "A trace code has 7 to 100 letters, digits and signs without blanks;"
                                + " this one has %d characters or others."
                                        .formatted(value.length()));
    }
}
