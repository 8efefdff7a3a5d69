package org.yifang.identity.signature;

import org.erdtman.jcs.JsonCanonicalizer;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;

/// One way to write a JSON value (RFC 8785), so that what was signed can be found again.
///
/// Numbers are doubles there: `7`, `7.0` and `7e0` are one value, as are two numbers that differ
/// beyond the 17th digit. Texts that are not strict JSON are refused by `StrictJson` beforehand.
public final class CanonicalJson {
    /// What may differ between two submissions of one prescription.
    private static final Set<String> NOT_CONTENT = Set.of("signature", "timestamp", "meta");

    private static final String NUMBER = "+-.0123456789Ee";

    /// Numbers up to this length have at most 15 digits, or an exponent that does no harm.
    private static final int ALWAYS_EXACT = 15;

    /// The canonical form of a JSON object or array, in UTF-8.
    ///
    /// @throws Problem `RX-1400` when it is not JSON, or a number is beyond a double
    public static byte[] of(byte[] json) {
        try {
            String text = new String(json, StandardCharsets.UTF_8);
            return new JsonCanonicalizer(text).getEncodedUTF8();
        } catch (IOException | NumberFormatException e) {
            throw new Problem(
                    ProblemCode.UNREADABLE,
                    "The JSON has no canonical form.",
                    "Send numbers that fit a double, and no name twice (RFC 8785, RFC 7493).");
        }
    }

    /// The canonical form of a JSON object without some of its own members.
    public static byte[] without(byte[] json, Set<String> members) {
        return drop(of(json), members);
    }

    /// Whether the canonical form covers every digit of every number: a double carries 15 to 17
    /// significant ones, and two texts that differ beyond would have one signature.
    ///
    /// @param json strict JSON
    static boolean isExact(byte[] json) {
        boolean text = false;
        for (int at = 0; at < json.length; at++) {
            byte next = json[at];
            if (next == '"') {
                text = !text;
            } else if (text) {
                at += next == '\\' ? 1 : 0;
            } else if (next == '-' || next >= '0' && next <= '9') {
                int start = at;
                while (at < json.length && NUMBER.indexOf(json[at]) >= 0) {
                    at++;
                }
                if (at - start > ALWAYS_EXACT && !isExact(json, start, at)) {
                    return false;
                }
                at--;
            }
        }
        return true;
    }

    private static boolean isExact(byte[] json, int start, int end) {
        String number = new String(json, start, end - start, StandardCharsets.US_ASCII);
        String written = Double.toString(Double.parseDouble(number));
        return Double.isFinite(Double.parseDouble(number))
                && new BigDecimal(written).compareTo(new BigDecimal(number)) == 0;
    }

    /// SHA-256 of what a prescription document says: two submissions are the same when this is,
    /// whatever their `signature`, `timestamp` and `meta`.
    public static byte[] contentHash(byte[] bundle) {
        return sha256(without(bundle, NOT_CONTENT));
    }

    /// SHA-256 of the canonical form of one resource, as a pick-up token names a line.
    public static byte[] hash(byte[] json) {
        return sha256(of(json));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// In canonical form a member ends at its comma, so it can be left out without writing anew.
    private static byte[] drop(byte[] canonical, Set<String> members) {
        var kept = new ByteArrayOutputStream(canonical.length);
        kept.write('{');
        int at = 1;
        while (at < canonical.length && canonical[at] == '"') {
            int end = memberEnd(canonical, at);
            if (!members.contains(name(canonical, at))) {
                if (kept.size() > 1) {
                    kept.write(',');
                }
                kept.write(canonical, at, end - at);
            }
            at = end + 1;
        }
        kept.write('}');
        return kept.toByteArray();
    }

    private static String name(byte[] canonical, int quote) {
        int end = quote + 1;
        while (canonical[end] != '"') {
            end += canonical[end] == '\\' ? 2 : 1;
        }
        return new String(canonical, quote + 1, end - quote - 1, StandardCharsets.UTF_8);
    }

    /// Where the comma or brace after the member stands.
    private static int memberEnd(byte[] canonical, int start) {
        int depth = 0;
        boolean text = false;
        for (int at = start; ; at++) {
            byte next = canonical[at];
            if (text) {
                if (next == '\\') {
                    at++;
                } else if (next == '"') {
                    text = false;
                }
                continue;
            }
            switch (next) {
                case '"' -> text = true;
                case '{', '[' -> depth++;
                case ']', '}' -> {
                    if (depth-- == 0) {
                        return at;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return at;
                    }
                }
                default -> {}
            }
        }
    }

    private CanonicalJson() {}
}
