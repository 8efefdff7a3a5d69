package org.yifang.identity.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Finds sealed values without opening them: a keyed hash of the value, equal for equal values.
///
/// HMAC-SHA-256 under a key of its own, over the domain and the normalised value, so that nobody
/// without the key can try all identity numbers, and equal values of two domains do not meet.
public final class BlindIndex {
    /// Length of an index value, in bytes.
    public static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private static final Pattern INVISIBLE = Pattern.compile("[\\s\\p{Z}\\p{Cf}]");
    private static final Pattern HYPHENS = Pattern.compile("[-‐‑–—]");
    private static final Pattern DOTS = Pattern.compile("[·•・‧∙.]");
    private static final Pattern NO_DIGIT = Pattern.compile("[^0-9+]");
    private static final Pattern CHINA = Pattern.compile("^(\\+86|0086)");

    private final Mac keyed;

    /// @param key of 32 bytes
    public BlindIndex(byte[] key) {
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The index of a person's number in its system; case, width, spaces and hyphens do not matter.
    ///
    /// @param system URI of the numbering, `urn:oid:2.16.156.10011.1.3` for the identity card
    public byte[] identifier(String system, String value) {
        return of("identifier " + system, value);
    }

    /// The index of a person's name; width, spaces, dots between parts and case do not matter.
    public byte[] name(String value) {
        return of("name", DOTS.matcher(compact(value)).replaceAll(""));
    }

    /// The index of a telephone number; punctuation and the country code +86 do not matter.
    public byte[] phone(String value) {
        String digits = NO_DIGIT.matcher(compact(value)).replaceAll("");
        return of("phone", CHINA.matcher(digits).replaceFirst(""));
    }

    /// The index of a value in a domain of the caller's own; normalised as [#identifier] does.
    public byte[] of(String domain, String value) {
        // Lengths are unambiguous, since a domain never contains the separator.
        String input = domain + '\u0000' + HYPHENS.matcher(compact(value)).replaceAll("");
        try {
            // A clone keeps the key schedule and leaves the shared one untouched by other threads.
            return ((Mac) keyed.clone()).doFinal(input.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String compact(String value) {
        String plain = Normalizer.normalize(value, Normalizer.Form.NFKC);
        return INVISIBLE.matcher(plain).replaceAll("").toUpperCase(Locale.ROOT);
    }
}
