package org.yifang.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/// A drug code of the national medical insurance, the name of one product in one pack.
///
/// Western drugs have 23 characters: mark `X`, 5 class (as ATC), 4 name, 4 form, 4 strength and
/// pack, 5 maker. Chinese patent drugs, herbal pieces and hospital preparations follow other
/// layouts and are checked by their character set only.
///
/// @param value the code in capital letters
public record DrugCode(String value) {
    /// The code as FHIR coding.
    public static final String SYSTEM = "https://yifang.org/fhir/sid/nhsa-drug";

    private static final Pattern LAYOUT =
            Pattern.compile("[XZ][A-Z]\\d{2}[A-Z]{2}[A-Z]\\d{3}[A-Z]\\d{3}\\d{4}\\d{5}");
    private static final Pattern OTHER = Pattern.compile("[A-WYZ][0-9A-Z]{9,22}");

    /// @throws IllegalArgumentException when [#fault] finds one
    public DrugCode {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a code, or empty when it is one.
    public static Optional<String> fault(String value) {
        if (LAYOUT.matcher(value).matches() || OTHER.matcher(value).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                ("`%s` is no drug code: X and 22 characters (5 class, 4 name, 4 form, 4 strength"
                                + " and pack, 5 maker) for a western drug, 10 to 23 capital"
                                + " letters and digits for others.")
                        .formatted(value));
    }
}
