package org.yifang.fhir.search;

import java.util.Locale;

/// How a number or a date of a search is compared.
enum Prefix {
    EQ,
    NE,
    GT,
    LT,
    GE,
    LE,
    SA,
    EB,
    AP;

    /// The prefix that a value begins with; without one, equality.
    static Prefix of(String value) {
        if (value.length() > 2 && Character.isLetter(value.charAt(0))) {
            String two = value.substring(0, 2);
            for (Prefix prefix : values()) {
                if (prefix.name().toLowerCase(Locale.ROOT).equals(two)) {
                    return prefix;
                }
            }
        }
        return EQ;
    }

    /// What follows the prefix.
    String rest(String value) {
        return value.startsWith(name().toLowerCase(Locale.ROOT)) ? value.substring(2) : value;
    }
}
