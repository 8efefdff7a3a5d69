package org.yifang.audit.event;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A SHA-256 value in the Merkle tree, hashed as RFC 6962 section 2.1 says.
public final class Hash {
    public static final int LENGTH = 32;

    /// The root of the tree without entries: SHA-256 of nothing.
    public static final Hash EMPTY_ROOT = new Hash(sha256().digest());

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Wraps 32 bytes that were computed elsewhere.
    ///
    /// @throws IllegalArgumentException when there are not exactly 32
    public static Hash of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /// Wraps `length` bytes from `offset` on.
    public static Hash of(byte[] bytes, int offset, int length) {
        if (length != LENGTH) {
            throw new IllegalArgumentException("A hash has 32 bytes, not " + length + ".");
        }
        return new Hash(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /// Reads standard base64.
    ///
    /// @throws IllegalArgumentException when it is not base64 of 32 bytes
    public static Hash ofBase64(String text) {
        return of(Base64.getDecoder().decode(text));
    }

    /// The hash of an entry: SHA-256(0x00 || entry).
    public static Hash ofLeaf(byte[] entry) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return new Hash(digest.digest(entry));
    }

    /// The hash of an inner node: SHA-256(0x01 || left || right).
    public static Hash ofChildren(Hash left, Hash right) {
        MessageDigest digest = sha256();
        digest.update((byte) 1);
        digest.update(left.bytes);
        return new Hash(digest.digest(right.bytes));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /// Writes the 32 bytes to `target` from `offset` on.
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, LENGTH);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Lower-case hexadecimal.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256.", impossible);
        }
    }
}
