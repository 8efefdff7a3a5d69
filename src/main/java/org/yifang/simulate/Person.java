package org.yifang.simulate;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/// A synthetic inhabitant of the county.
///
/// @param identityCard 18 characters with a valid check character
/// @param name Chinese, made of a list of surnames and given names
/// @param gender `male` or `female`, as digit 17 of the identity card says
/// @param birthDate as the identity card says
record Person(String identityCard, String name, String gender, LocalDate birthDate) {
    /// 赤壁市 in GB/T 2260.
    static final String REGION = "421281";

    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECK_CHARACTERS = "10X98765432";

    /// The person whose identity card carries this order number.
    ///
    /// @param order 0 to 999; odd numbers belong to men (GB 11643)
    static Person of(String name, LocalDate birthDate, int order) {
        String first17 =
                REGION
                        + birthDate.format(DateTimeFormatter.BASIC_ISO_DATE)
                        + String.format("%03d", order);
        String gender = order % 2 == 1 ? "male" : "female";
        return new Person(first17 + checkCharacter(first17), name, gender, birthDate);
    }

    /// The eighteenth character of an identity card, by GB 11643 (ISO 7064 MOD 11-2).
    static char checkCharacter(String first17) {
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += (first17.charAt(i) - '0') * WEIGHTS[i];
        }
        return CHECK_CHARACTERS.charAt(sum % 11);
    }
}
