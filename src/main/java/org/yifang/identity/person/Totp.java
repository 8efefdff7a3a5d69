package org.yifang.identity.person;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The second factor: six digits from a shared key and the time (RFC 6238), as every authenticator
/// makes them.
final class Totp {
    private static final int KEY_BYTES = 20;
    private static final int STEP_SECONDS = 30;
    private static final int DIGITS = 6;

    /// A telephone's clock may be one step off on either side.
    private static final int STEPS_OFF = 1;

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    static byte[] newKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /// The step that a code belongs to; empty when it is wrong, or of a step already used.
    static OptionalLong step(byte[] key, String code, Instant now, long usedStep) {
        long present = now.getEpochSecond() / STEP_SECONDS;
        for (long step = present - STEPS_OFF; step <= present + STEPS_OFF; step++) {
            boolean right =
                    MessageDigest.isEqual(
                            code(key, step).getBytes(StandardCharsets.UTF_8),
                            code.getBytes(StandardCharsets.UTF_8));
            if (right && step > usedStep) {
                return OptionalLong.of(step);
            }
        }
        return OptionalLong.empty();
    }

    /// The code of a step (RFC 4226 section 5.3).
    static String code(byte[] key, long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xf;
            int value = ByteBuffer.wrap(hash, offset, 4).getInt() & 0x7fffffff;
            return "%06d".formatted(value % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the QR code holds for an authenticator to scan.
    static String address(byte[] key, String login) {
        String who = URLEncoder.encode("Yifang:" + login, StandardCharsets.UTF_8);
        return "otpauth://totp/%s?secret=%s&issuer=Yifang&digits=%d&period=%d"
                .formatted(who, base32(key), DIGITS, STEP_SECONDS);
    }

    /// The key as it is typed where nothing can be scanned (RFC 4648).
    static String base32(byte[] key) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte each : key) {
            held = (held << 8) | (each & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt((held >> bits) & 31));
            }
            held &= (1 << bits) - 1;
        }
        return bits == 0
                ? text.toString()
                : text.append(BASE32.charAt((held << (5 - bits)) & 31)).toString();
    }

    private Totp() {}
}
