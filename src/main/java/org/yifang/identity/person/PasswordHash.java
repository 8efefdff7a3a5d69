package org.yifang.identity.person;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hashes passwords of people slowly and with much memory (Argon2id, RFC 9106), so that a stolen
/// table gives none away. Never call it on an event loop.
public final class PasswordHash {
    /// What one hash costs.
    public record Cost(int kibibytes, int rounds) {
        /// OWASP's Password Storage Cheat Sheet of 2023: 19 MiB, two rounds, one lane.
        public static final Cost USUAL = new Cost(19 * 1024, 2);

        /// For random passwords that we made ourselves and that are changed at once.
        public static final Cost GIVEN_OUT = new Cost(1024, 1);

        /// For passwords that everybody knows.
        public static final Cost DEMONSTRATION = new Cost(64, 1);
    }

    private static final Pattern PHC =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d+),t=(\\d+),p=1\\$([^$]+)\\$([^$]+)");
    private static final int BYTES = 32;
    private static final int SALT_BYTES = 16;

    /// A password in PHC form, with a salt of its own.
    public static String of(String password, Cost cost) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
                .formatted(
                        cost.kibibytes(),
                        cost.rounds(),
                        base64.encodeToString(salt),
                        base64.encodeToString(hash(password, salt, cost)));
    }

    /// Whether `stored` is the hash of `password`.
    public static boolean matches(String stored, String password) {
        Matcher parts = PHC.matcher(stored);
        if (!parts.matches()) {
            return false;
        }
        Cost cost = new Cost(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        byte[] given = hash(password, Base64.getDecoder().decode(parts.group(3)), cost);
        return MessageDigest.isEqual(given, Base64.getDecoder().decode(parts.group(4)));
    }

    private static byte[] hash(String password, byte[] salt, Cost cost) {
        var generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(cost.kibibytes())
                        .withIterations(cost.rounds())
                        .withParallelism(1)
                        .withSalt(salt)
                        .build());
        byte[] out = new byte[BYTES];
        // The same characters typed on another keyboard may be composed otherwise (RFC 8265).
        String normal = Normalizer.normalize(password, Normalizer.Form.NFC);
        generator.generateBytes(normal.getBytes(StandardCharsets.UTF_8), out);
        return out;
    }

    private PasswordHash() {}
}
