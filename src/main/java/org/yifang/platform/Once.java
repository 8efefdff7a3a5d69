package org.yifang.platform;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What a caller wants done once, however often it is sent: the header `Idempotency-Key`.
///
/// @param operation and what it was called on: `suspend Task/id`
/// @param key as it was sent, 1 to 255 characters
/// @param content SHA-256 of the request body: the same key with other content is a conflict
public record Once(String operation, String key, byte[] content) {
    private static final int LENGTH_MOST = 255;

    /// @throws Problem `RX-1403` when the key is blank or too long
    public static Once of(String operation, String key, byte[] body) {
        if (key.isBlank() || key.length() > LENGTH_MOST) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The header `Idempotency-Key` has " + key.length() + " characters.",
                    "Send 1 to " + LENGTH_MOST + " characters, a UUID for instance.");
        }
        try {
            return new Once(operation, key, MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
