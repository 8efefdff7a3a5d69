package org.yifang.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/// The number of an institution designated by the medical insurance: `H42128100001`.
///
/// @param value H (medical institution) or P (retail pharmacy), six digits of the region (GB/T
///   2260), five of the institution
public record NhsaOrganization(String value) {
    /// The number as FHIR identifier.
    public static final String SYSTEM = "https://yifang.org/fhir/sid/nhsa-org";

    private static final Pattern SHAPE = Pattern.compile("[HP]\\d{11}");

    /// @throws IllegalArgumentException when [#fault] finds one
    public NhsaOrganization {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a number, or empty when it is one.
    public static Optional<String> fault(String value) {
        return SHAPE.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(
                        ("`%s` is no number of a designated institution: H (medical institution)"
                                        + " or P (pharmacy) and 11 digits.")
                                .formatted(value));
    }

    /// The number, or empty when it is none.
    public static Optional<NhsaOrganization> parse(String value) {
        return fault(value).isPresent()
                ? Optional.empty()
                : Optional.of(new NhsaOrganization(value));
    }

    /// The county, six digits of GB/T 2260.
    public String region() {
        return value.substring(1, 7);
    }
}
