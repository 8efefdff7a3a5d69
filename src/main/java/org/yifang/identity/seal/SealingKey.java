package org.yifang.identity.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// One key that seals and opens bytes with AES-256-GCM; safe for many threads.
///
/// A sealed value is version (1 byte), nonce (12 bytes), ciphertext, tag (16 bytes). The nonce is
/// random, which NIST SP 800-38D section 8.3 allows for up to 2^32 values under one key.
public final class SealingKey {
    /// What sealing adds to a value, in bytes.
    public static final int OVERHEAD_BYTES = 1 + 12 + 16;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Ciphers that nobody uses just now: looking for one among the providers takes three times as
    /// long as a short value. As many as threads run at once, and some more.
    private static final BlockingQueue<Cipher> CIPHERS = new ArrayBlockingQueue<>(32);

    private final SecretKey key;

    SealingKey(SecretKey key) {
        this.key = key;
    }

    /// Seals `plain` for one place.
    ///
    /// @param associated where the value belongs, `Patient/0198…`: it opens at no other place
    public byte[] seal(byte[] plain, String associated) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = new byte[plain.length + OVERHEAD_BYTES];
        sealed[0] = VERSION;
        System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, associated);
            cipher.doFinal(plain, 0, plain.length, sealed, 1 + NONCE_BYTES);
            giveBack(cipher);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Sealing failed.", e);
        }
        return sealed;
    }

    /// Opens what [#seal] sealed for the same place.
    ///
    /// @throws SealBroken when it was altered, or sealed under another key or for another place
    public byte[] open(byte[] sealed, String associated) {
        if (sealed.length < OVERHEAD_BYTES || sealed[0] != VERSION) {
            throw new SealBroken("A sealed value for `" + associated + "` has no known version.");
        }
        byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
        try {
            int start = 1 + NONCE_BYTES;
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, associated);
            byte[] plain = cipher.doFinal(sealed, start, sealed.length - start);
            giveBack(cipher);
            return plain;
        } catch (GeneralSecurityException e) {
            // The cause says nothing more than that the tag differs.
            throw new SealBroken("A sealed value for `" + associated + "` does not open.");
        }
    }

    /// The bare key, for wrapping it under another.
    byte[] bytes() {
        return key.getEncoded();
    }

    private Cipher cipher(int mode, byte[] nonce, String associated)
            throws GeneralSecurityException {
        Cipher kept = CIPHERS.poll();
        Cipher cipher = kept == null ? Cipher.getInstance("AES/GCM/NoPadding") : kept;
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(associated.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /// One that failed is not given back.
    private static void giveBack(Cipher cipher) {
        CIPHERS.offer(cipher);
    }
}
