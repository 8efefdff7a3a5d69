package org.yifang.audit;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Binds a leaf to the value of one field without showing it: SHA-256(salt || RFC 8785 value).
public final class Commitment {
    /// 128 bits: nobody finds a value by trying the likely ones.
    public static final int SALT_BYTES = 16;

    /// The commitment to a string, or to JSON's `null`.
    public static Hash of(byte[] salt, @Nullable String value) {
        return of(salt, 0, value);
    }

    /// With the salt at `offset` of `salts`.
    static Hash of(byte[] salts, int offset, @Nullable String value) {
        return of(Hash.sha256(), salts, offset, value);
    }

    /// With a digest of SHA-256 that is used again: an event has more than twenty fields.
    static Hash of(MessageDigest digest, byte[] salts, int offset, @Nullable String value) {
        digest.update(salts, offset, SALT_BYTES);
        return Hash.of(digest.digest(canonical(value).getBytes(StandardCharsets.UTF_8)));
    }

    /// A string or null as RFC 8785 writes it.
    public static String canonical(@Nullable String value) {
        if (value == null) {
            return "null";
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

    private Commitment() {}
}
