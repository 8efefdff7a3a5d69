package org.yifang.audit.event;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Draws salts for many events at once: the key stream of AES-256 in counter mode under a fresh key
/// from the system's generator, which nobody keeps. Drawing each salt there costs more than all
/// else of an event.
final class Salts {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;

    static byte[] draw(int bytes) {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new IvParameterSpec(new byte[BLOCK_BYTES]));
            return cipher.doFinal(new byte[bytes]);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java has AES.", impossible);
        }
    }

    private Salts() {}
}
