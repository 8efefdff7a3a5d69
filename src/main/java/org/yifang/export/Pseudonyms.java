package org.yifang.export;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Other ids for one export: the same thing has the same one in all its files, and once the key is
/// destroyed nobody can tell which thing it was.
public final class Pseudonyms {
    private static final String ALGORITHM = "HmacSHA256";
    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000000000000000L;

    private final SecretKeySpec key;

    Pseudonyms(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /// The pseudonym of `Type/id`, a UUID of version 8 (RFC 9562).
    public UUID of(String type, UUID id) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] hash = mac.doFinal((type + '/' + id).getBytes(StandardCharsets.US_ASCII));
            ByteBuffer bytes = ByteBuffer.wrap(hash);
            return new UUID(
                    (bytes.getLong() & ~0xf000L) | VERSION_8,
                    (bytes.getLong() & 0x3fffffffffffffffL) | VARIANT);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
