package org.yifang.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/// The number of a doctor, nurse or pharmacist known to the medical insurance: `D421281000101`.
///
/// Only doctors have a settled form (D and 12 digits); for others the prefix varies by region.
///
/// @param value one or two capital letters and 10 to 18 digits
public record NhsaStaff(String value) {
    /// The number as FHIR identifier.
    public static final String SYSTEM = "https://yifang.org/fhir/sid/nhsa-staff";

    private static final Pattern DOCTOR = Pattern.compile("D\\d{12}");
    private static final Pattern OTHER = Pattern.compile("(?!D\\d)[A-Z]{1,2}\\d{10,18}");

    /// @throws IllegalArgumentException when [#fault] finds one
    public NhsaStaff {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a number, or empty when it is one.
    public static Optional<String> fault(String value) {
        return DOCTOR.matcher(value).matches() || OTHER.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(
                        ("`%s` is no staff number: D and 12 digits for a doctor, one or two"
                                        + " capital letters and 10 to 18 digits for others.")
                                .formatted(value));
    }

    /// The number, or empty when it is none.
    public static Optional<NhsaStaff> parse(String value) {
        return fault(value).isPresent() ? Optional.empty() : Optional.of(new NhsaStaff(value));
    }

    public boolean isDoctor() {
        return DOCTOR.matcher(value).matches();
    }

    /// 医保药师: the letters begin with Y, whatever the region adds to it.
    public boolean isPharmacist() {
        return value.startsWith("Y");
    }
}
