package org.yifang.identity.client;

import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The code that a patient shows or reads out at a counter: 8 characters that no eye confuses.
///
/// Of every group that looks alike (0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V) at most one is used. 25
/// characters to the power of 8 are 1.5 × 10^11 codes: with a limit on guessing, out of reach.
public final class PickupCode {
    /// The characters of a code.
    public static final String ALPHABET = "23456789ACDEFHJKMNPRTUWXY";

    /// How many of them a code has.
    public static final int LENGTH = 8;

    private static final Pattern SEPARATORS = Pattern.compile("[\\s\\p{Z}\\p{Cf}_.\\-‐‑‒–—−ー]");
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A fresh code; every one is equally likely.
    public static String generate() {
        StringBuilder code = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            code.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    /// What was typed, as the code it means: case, width, spaces and hyphens do not matter. Empty
    /// when it is no code at all.
    public static Optional<String> parse(String typed) {
        // Nobody types this much; the answer is the same, without the work.
        if (typed.length() > 8 * LENGTH) {
            return Optional.empty();
        }
        String plain = Normalizer.normalize(typed, Normalizer.Form.NFKC);
        String code = SEPARATORS.matcher(plain).replaceAll("").toUpperCase(Locale.ROOT);
        boolean known = code.chars().allMatch(one -> ALPHABET.indexOf(one) >= 0);
        return known && code.length() == LENGTH ? Optional.of(code) : Optional.empty();
    }

    private PickupCode() {}
}
