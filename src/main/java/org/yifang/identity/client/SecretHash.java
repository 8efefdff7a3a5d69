package org.yifang.identity.client;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Hashes client secrets slowly (PBKDF2 with HMAC-SHA-256), so that a stolen table gives none away.
///
/// A secret that somebody chose takes a good part of a second of one core: never on an event loop.
public final class SecretHash {
    static final int TOKEN_ITERATIONS = 1_000;

    private static final String NAME = "pbkdf2-sha256";
    private static final int BYTES = 32;

    /// Of a secret that we made ourselves: 256 bits that nobody guesses, so that slowness would
    /// only cost us.
    public static String ofToken(String secret) {
        return of(secret, TOKEN_ITERATIONS);
    }

    /// With fewer iterations, for secrets that are no secrets.
    static String of(String secret, int iterations) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        var base64 = Base64.getEncoder().withoutPadding();
        return String.join(
                "$",
                NAME,
                String.valueOf(iterations),
                base64.encodeToString(salt),
                base64.encodeToString(hash(secret, salt, iterations)));
    }

    /// Whether `stored` is the hash of `secret`; takes the same time for every wrong secret.
    public static boolean matches(String stored, String secret) {
        String[] parts = stored.split("\\$", -1);
        if (parts.length != 4 || !parts[0].equals(NAME)) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] given = hash(secret, salt, Integer.parseInt(parts[1]));
        return MessageDigest.isEqual(given, Base64.getDecoder().decode(parts[3]));
    }

    /// Whether comparing costs less than the rest of a login does.
    static boolean isQuick(String stored) {
        String[] parts = stored.split("\\$", -1);
        return parts.length == 4 && parts[1].equals(String.valueOf(TOKEN_ITERATIONS));
    }

    private static byte[] hash(String secret, byte[] salt, int iterations) {
        var spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            spec.clearPassword();
        }
    }

    private SecretHash() {}
}
