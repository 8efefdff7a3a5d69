package org.yifang.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/// The number under which a drug may be sold: `国药准字H20184010`.
///
/// Hospital preparations have a number of their province (`鄂药制字Z20180001`), imported drugs may have
/// a registration number (`H20160123`, `HC20160123`).
///
/// @param value the number as it stands on the pack
public record ApprovalNumber(String value) {
    /// The number as FHIR identifier.
    public static final String SYSTEM = "https://yifang.org/fhir/sid/approval-no";

    private static final Pattern SHAPE =
            Pattern.compile(
                    "国药准字(?:[HZSJTFB]|[HZS][JC])\\d{8}"
                            + "|\\p{IsHan}药制字[HZS]\\d{8}"
                            + "|[HZS]C?\\d{8}");

    /// @throws IllegalArgumentException when [#fault] finds one
    public ApprovalNumber {
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
                        "`%s` is no approval number such as `国药准字H20184010`.".formatted(value));
    }

    /// The number, or empty when it is none.
    public static Optional<ApprovalNumber> parse(String value) {
        return fault(value).isPresent() ? Optional.empty() : Optional.of(new ApprovalNumber(value));
    }
}
