package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Hash;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A public Ed25519 key with its name, as verifiers keep it (C2SP signed-note, "Verifier keys").
public final class NoteKey {
    /// What the key signs with; the byte is part of the key id, so that one key has two ids.
    public enum Kind {
        /// Signs the text of a note itself.
        ED25519(1),
        /// Signs a checkpoint together with the time (C2SP tlog-cosignature v1).
        COSIGNATURE(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    // RFC 8410: what stands before the 32 bytes in a SubjectPublicKeyInfo.
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final Kind kind;
    private final byte[] point;
    private final PublicKey key;

    /// @param point the 32 bytes of RFC 8032
    /// @throws IllegalArgumentException when the name or the key cannot be one
    public NoteKey(String name, Kind kind, byte[] point) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "A key name has no spaces and no plus sign, unlike `" + name + "`.");
        }
        if (point.length != 32) {
            throw new IllegalArgumentException(
                    "An Ed25519 key has 32 bytes, not " + point.length + ".");
        }
        this.name = name;
        this.kind = kind;
        this.point = point.clone();
        try {
            byte[] encoded = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + 32);
            System.arraycopy(point, 0, encoded, SPKI_PREFIX.length, 32);
            this.key =
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("These 32 bytes are no Ed25519 key.", e);
        }
    }

    /// Reads `name+hex id+base64(kind || key)`.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    public static NoteKey parse(String vkey) {
        String[] parts = vkey.strip().split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "A verifier key has three parts separated by `+`, unlike `" + vkey + "`.");
        }
        byte[] material = Base64.getDecoder().decode(parts[2]);
        if (material.length != 33) {
            throw new IllegalArgumentException("The verifier key holds no Ed25519 key.");
        }
        Kind kind = kind(material[0]);
        NoteKey key = new NoteKey(parts[0], kind, Arrays.copyOfRange(material, 1, 33));
        if (!HexFormat.of().formatHex(key.id()).equals(parts[1])) {
            throw new IllegalArgumentException(
                    "The key id `%s` is not that of the key, which is `%s`."
                            .formatted(parts[1], HexFormat.of().formatHex(key.id())));
        }
        return key;
    }

    private static Kind kind(byte code) {
        for (Kind kind : Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "Signature type 0x%02x is not known here; 0x01 and 0x04 are.".formatted(code));
    }

    /// Whether a key may be called so: not empty, no Unicode space, no plus sign, no control.
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c ->
                                c == '+'
                                        || c < 0x20
                                        || Character.isWhitespace(c)
                                        || Character.isSpaceChar(c));
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /// The first four bytes of SHA-256(name || 0x0a || kind || key).
    public byte[] id() {
        MessageDigest digest = Hash.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update((byte) kind.code);
        return Arrays.copyOf(digest.digest(point), 4);
    }

    /// The key as a verifier notes it: `name+hex id+base64(kind || key)`.
    public String vkey() {
        byte[] material = new byte[33];
        material[0] = (byte) kind.code;
        System.arraycopy(point, 0, material, 1, 32);
        return name
                + "+"
                + HexFormat.of().formatHex(id())
                + "+"
                + Base64.getEncoder().encodeToString(material);
    }

    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NoteKey that && vkey().equals(that.vkey());
    }

    @Override
    public int hashCode() {
        return vkey().hashCode();
    }

    @Override
    public String toString() {
        return vkey();
    }
}
