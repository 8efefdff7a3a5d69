package org.yifang.registry;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/// A resident identity card number (GB 11643), which tells the holder's birth date and sex.
///
/// @param value 18 characters, the last a digit or a capital X
public record IdentityCard(String value) {
    /// `urn:oid` of the number as FHIR identifier.
    public static final String SYSTEM = "urn:oid:2.16.156.10011.1.3";

    private static final Pattern SHAPE =
            Pattern.compile(
                    "[1-9]\\d{5}(18|19|20)\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{3}[\\dX]");
    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECK_DIGITS = "10X98765432";

    /// What the card says of its holder's sex.
    public enum Sex {
        MALE,
        FEMALE;

        /// The code of FHIR's administrative-gender.
        public String code() {
            return this == MALE ? "male" : "female";
        }
    }

    /// @throws IllegalArgumentException when [#fault] finds one
    public IdentityCard {
        fault(value)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
    }

    /// What is wrong with a number, as a sentence that does not repeat it, or empty when it is one.
    public static Optional<String> fault(String value) {
        if (!SHAPE.matcher(value).matches()) {
            return Optional.of(
                    "An identity card number has 17 digits and a check character, a digit or a"
                            + " capital X, with region and birth date in them (GB 11643).");
        }
        try {
            dateIn(value);
        } catch (DateTimeException _) {
            return Optional.of(
                    "The birth date in the identity card number is no day of the calendar.");
        }
        if (value.charAt(17) != checkCharacter(value)) {
            return Optional.of(
                    "The identity card number's check character does not fit (GB 11643).");
        }
        return Optional.empty();
    }

    /// The card with this number, or empty when it is none.
    public static Optional<IdentityCard> parse(String value) {
        return fault(value).isPresent() ? Optional.empty() : Optional.of(new IdentityCard(value));
    }

    public LocalDate birthDate() {
        return dateIn(value);
    }

    /// Odd sequence numbers are given to men, even ones to women.
    public Sex sex() {
        return (value.charAt(16) - '0') % 2 == 1 ? Sex.MALE : Sex.FEMALE;
    }

    /// Never shows the number: a record's text lands in logs.
    @Override
    public String toString() {
        return "IdentityCard[*]";
    }

    private static LocalDate dateIn(String value) {
        return LocalDate.of(
                Integer.parseInt(value, 6, 10, 10),
                Integer.parseInt(value, 10, 12, 10),
                Integer.parseInt(value, 12, 14, 10));
    }

    private static char checkCharacter(String value) {
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += (value.charAt(i) - '0') * WEIGHTS[i];
        }
        return CHECK_DIGITS.charAt(sum % 11);
    }
}
