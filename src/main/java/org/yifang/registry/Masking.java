package org.yifang.registry;

/// Hides who someone is from those who may see that there is someone, as auditors do.
public final class Masking {
    private Masking() {}

    /// A name of which the first character remains: 陈秀英 is 陈**.
    public static String name(String name) {
        int first = name.isEmpty() ? 0 : name.offsetByCodePoints(0, 1);
        return name.substring(0, first)
                + "*".repeat(Math.max(1, name.codePointCount(first, name.length())));
    }

    /// A number of which the first and last character remain, so that neither birth date nor place
    /// can be read in it.
    public static String number(String number) {
        return number.length() < 3
                ? "*".repeat(number.length())
                : number.charAt(0)
                        + "*".repeat(number.length() - 2)
                        + number.charAt(number.length() - 1);
    }
}
