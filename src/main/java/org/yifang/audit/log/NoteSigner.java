package org.yifang.audit.log;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/// Signs notes, or cosigns checkpoints, with one Ed25519 key.
public final class NoteSigner {
    // RFC 8410: what stands before the 32 secret bytes in a PrivateKeyInfo.
    private static final byte[] PKCS8_PREFIX =
            HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final NoteKey verifier;
    private final PrivateKey key;

    /// @param seed the 32 secret bytes of RFC 8032
    public NoteSigner(String name, NoteKey.Kind kind, byte[] seed) {
        if (seed.length != 32) {
            throw new IllegalArgumentException(
                    "An Ed25519 seed has 32 bytes, not " + seed.length + ".");
        }
        // Java's own classes derive no public key from a seed.
        byte[] point = new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded();
        try {
            byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + 32);
            System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, 32);
            this.key =
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            this.verifier = new NoteKey(name, kind, point);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("These 32 bytes are no Ed25519 key.", e);
        }
    }

    /// What verifiers need of this signer.
    public NoteKey verifier() {
        return verifier;
    }

    /// Signs a note's text, which ends in a newline.
    public SignedNote.Signed sign(String text) {
        return new SignedNote.Signed(
                verifier.name(), verifier.id(), signature(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Cosigns a checkpoint's text as of `now` (C2SP tlog-cosignature v1).
    public SignedNote.Signed cosign(String text, Instant now) {
        long seconds = now.getEpochSecond();
        byte[] signature =
                ByteBuffer.allocate(8 + 64)
                        .putLong(seconds)
                        .put(signature(Cosignature.message(text, seconds)))
                        .array();
        return new SignedNote.Signed(verifier.name(), verifier.id(), signature);
    }

    private byte[] signature(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 refused to sign.", e);
        }
    }
}
