package org.yifang.prescription.counter;

import org.yifang.identity.seal.BlindIndex;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/// Makes and reads claim tokens: the number of the claim and a keyed hash over it, so that the same
/// claim has the same token whenever it is asked for, and none needs to be stored.
public final class ClaimTokens {
    private static final int HASH_BYTES = 24;
    private final BlindIndex keyed;

    public ClaimTokens(BlindIndex keyed) {
        this.keyed = keyed;
    }

    String of(UUID prescription, int number) {
        return number + "." + hash(prescription, number);
    }

    /// The number of the claim that a token names, 0 when it is none of ours for this prescription.
    int number(UUID prescription, String token) {
        int dot = token.indexOf('.');
        if (dot < 1 || dot > 9 || !token.substring(0, dot).chars().allMatch(Character::isDigit)) {
            return 0;
        }
        int number = Integer.parseInt(token.substring(0, dot));
        byte[] given = token.substring(dot + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] right = hash(prescription, number).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, right) ? number : 0;
    }

    private String hash(UUID prescription, int number) {
        byte[] hash = keyed.of("claim-token", prescription + " " + number);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(hash, HASH_BYTES));
    }
}
