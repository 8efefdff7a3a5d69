package org.yifang.fhir.validate;

import org.jspecify.annotations.Nullable;

import java.time.YearMonth;

/// Sorts the values of primitive elements into kinds of which every member is as valid as every
/// other, so that a name never met before need not be judged anew.
///
/// The kinds are narrow on purpose: what is unusual in any way belongs to none, and is judged.
final class PlainValues {
    private static final String UUID_PREFIX = "urn:uuid:";
    private static final int UUID_CHARS = 36;
    private static final int STRING_MAX = 500;
    private static final int DATE_CHARS = 10;
    private static final int SECOND_CHARS = 19;
    private static final int DIGITS_MAX = 8;
    private static final int MONTHS = 12;

    // Well inside of what the validator finds plausible (1800 until 80 years from now).
    private static final int YEAR_MIN = 1900;
    private static final int YEAR_MAX = 2099;

    private PlainValues() {}

    /// The kind of a value, one constant per kind; null for a value that must be looked at.
    ///
    /// @param type FHIR's name of the primitive type
    static @Nullable String kind(String type, String value) {
        return switch (type) {
            case "string" -> isPlainText(value) ? "text" : null;
            case "uri" -> isUuid(value) ? "uuid" : null;
            case "dateTime", "instant" -> isMoment(value) ? "moment" : null;
            case "date" -> value.length() == DATE_CHARS && isDate(value) ? "day" : null;
            case "decimal" -> isCount(value) ? "count" : null;
            default -> null;
        };
    }

    /// Letters, digits and Chinese characters, with single marks or blanks between them.
    private static boolean isPlainText(String value) {
        int length = value.length();
        if (length == 0 || length > STRING_MAX) {
            return false;
        }
        boolean between = true;
        for (int i = 0; i < length; i++) {
            char one = value.charAt(i);
            if (isLetterOrDigit(one)) {
                between = false;
            } else if (!between && (one == ' ' || one == '-' || one == '.' || one == ',')) {
                between = true;
            } else {
                return false;
            }
        }
        return !between;
    }

    private static boolean isLetterOrDigit(char one) {
        return one >= '0' && one <= '9'
                || one >= 'A' && one <= 'Z'
                || one >= 'a' && one <= 'z'
                || one >= '\u4e00' && one <= '\u9fff';
    }

    private static boolean isUuid(String value) {
        if (value.length() != UUID_PREFIX.length() + UUID_CHARS || !value.startsWith(UUID_PREFIX)) {
            return false;
        }
        for (int i = 0; i < UUID_CHARS; i++) {
            char one = value.charAt(UUID_PREFIX.length() + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? one != '-' : !(one >= '0' && one <= '9' || one >= 'a' && one <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /// `2026-11-21T08:30:00+08:00`, with a fraction or not, in China's time or in `Z`.
    private static boolean isMoment(String value) {
        if (value.length() <= SECOND_CHARS || !isDate(value) || value.charAt(10) != 'T') {
            return false;
        }
        if (!isNumber(value, 11, 23)
                || value.charAt(13) != ':'
                || !isNumber(value, 14, 59)
                || value.charAt(16) != ':'
                || !isNumber(value, 17, 59)) {
            return false;
        }
        int at = SECOND_CHARS;
        if (value.charAt(at) == '.') {
            int fraction = at + 1;
            at = fraction;
            while (at < value.length() && isDigit(value.charAt(at))) {
                at++;
            }
            if (at == fraction || at - fraction > 9) {
                return false;
            }
        }
        return value.startsWith("+08:00", at) && value.length() == at + 6
                || value.startsWith("Z", at) && value.length() == at + 1;
    }

    private static boolean isDate(String value) {
        if (value.charAt(4) != '-' || value.charAt(7) != '-') {
            return false;
        }
        if (!isNumber(value, 0, 99) || !isNumber(value, 2, 99)) {
            return false;
        }
        int year = number(value, 0) * 100 + number(value, 2);
        if (year < YEAR_MIN || year > YEAR_MAX) {
            return false;
        }
        if (!isNumber(value, 5, MONTHS) || number(value, 5) == 0) {
            return false;
        }
        int last = YearMonth.of(year, number(value, 5)).lengthOfMonth();
        return isNumber(value, 8, last) && number(value, 8) > 0;
    }

    /// A whole number above zero without sign, leading zero or exponent.
    private static boolean isCount(String value) {
        if (value.isEmpty() || value.length() > DIGITS_MAX || value.charAt(0) == '0') {
            return false;
        }
        return value.chars().allMatch(one -> isDigit((char) one));
    }

    private static boolean isNumber(String value, int at, int max) {
        return isDigit(value.charAt(at))
                && isDigit(value.charAt(at + 1))
                && number(value, at) <= max;
    }

    private static int number(String value, int at) {
        return (value.charAt(at) - '0') * 10 + value.charAt(at + 1) - '0';
    }

    private static boolean isDigit(char one) {
        return one >= '0' && one <= '9';
    }
}
