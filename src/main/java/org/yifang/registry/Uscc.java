package org.yifang.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/// A unified social credit code (GB 32100), the number of any legal person.
///
/// @param value 18 characters without I, O, S, V and Z
public record Uscc(String value) {
    /// The code as FHIR identifier.
    public static final String SYSTEM = "https://yifang.org/fhir/sid/uscc";

    private static final Pattern SHAPE =
            Pattern.compile("[159Y][1239]\\d{6}[0-9A-HJ-NPQRTUWXY]{10}");
    private static final String ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static final int[] WEIGHTS = {
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28
    };
    private static final int[] ORGANIZATION_WEIGHTS = {3, 7, 9, 10, 5, 8, 4, 2};

    /// @throws IllegalArgumentException when [#fault] finds one
    public Uscc {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a code, or empty when it is one.
    public static Optional<String> fault(String value) {
        if (!SHAPE.matcher(value).matches()) {
            return Optional.of(
                    "`%s` is no unified social credit code: 18 digits and capital letters without"
                                    .formatted(value)
                            + " I, O, S, V and Z, six digits of a region in third place"
                            + " (GB 32100).");
        }
        char right = checkCharacter(value);
        if (value.charAt(17) != right) {
            return Optional.of(
                    "The check character of `%s` should be `%s` (GB 32100)."
                            .formatted(value, right));
        }
        return Optional.empty();
    }

    /// The code, or empty when it is none.
    public static Optional<Uscc> parse(String value) {
        return fault(value).isPresent() ? Optional.empty() : Optional.of(new Uscc(value));
    }

    /// What is doubtful in the organization code inside (GB 11714). Codes in real use fail this
    /// sometimes, so that it warns and never refuses.
    public Optional<String> warning() {
        char right = organizationCheckCharacter();
        return value.charAt(16) == right
                ? Optional.empty()
                : Optional.of(
                        "The organization code inside `%s` should end in `%s` (GB 11714)."
                                .formatted(value, right));
    }

    private char organizationCheckCharacter() {
        int sum = 0;
        for (int i = 0; i < ORGANIZATION_WEIGHTS.length; i++) {
            sum += Character.digit(value.charAt(8 + i), 36) * ORGANIZATION_WEIGHTS[i];
        }
        int check = 11 - sum % 11;
        return check == 11 ? '0' : check == 10 ? 'X' : (char) ('0' + check);
    }

    private static char checkCharacter(String value) {
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += ALPHABET.indexOf(value.charAt(i)) * WEIGHTS[i];
        }
        return ALPHABET.charAt((31 - sum % 31) % 31);
    }
}
