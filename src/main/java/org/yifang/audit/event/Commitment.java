package org.yifang.audit.event;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;

/// Binds a leaf to the value of one field without showing it: SHA-256(salt || RFC 8785 value).
public final class Commitment {
    /// 128 bits: nobody finds a value by trying the likely ones.
    public static final int SALT_BYTES = 16;

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /// The commitment to a string, or to JSON's `null`.
    public static Hash of(byte[] salt, @Nullable String value) {
        return of(salt, 0, value);
    }

    /// With the salt at `offset` of `salts`.
    static Hash of(byte[] salts, int offset, @Nullable String value) {
        byte[] commitment = new byte[Hash.LENGTH];
        write(Hash.sha256(), salts, offset, value, commitment, 0);
        return Hash.of(commitment);
    }

    /// Writes a commitment to `target` from `at` on. Every read makes more than twenty of them, so
    /// nothing is made anew that can be used again.
    ///
    /// @param digest of SHA-256
    static void write(
            MessageDigest digest,
            byte[] salts,
            int offset,
            @Nullable String value,
            byte[] target,
            int at) {
        digest.update(salts, offset, SALT_BYTES);
        digest.update(value == null ? NULL : canonical(value).getBytes(StandardCharsets.UTF_8));
        try {
            digest.digest(target, at, Hash.LENGTH);
        } catch (DigestException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /// A string or null as RFC 8785 writes it.
    public static String canonical(@Nullable String value) {
        if (value == null) {
            return "null";
        }
        if (isPlain(value)) {
            return '"' + value + '"';
        }
        StringBuilder json = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\t' -> json.append("\\t");
                case '\n' -> json.append("\\n");
                case '\f' -> json.append("\\f");
                case '\r' -> json.append("\\r");
                default -> {
                    if (c < 0x20) {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }

    /// Whether nothing in it has to be escaped.
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private Commitment() {}
}
