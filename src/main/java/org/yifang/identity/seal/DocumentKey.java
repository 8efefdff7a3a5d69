package org.yifang.identity.seal;

/// A fresh key for one document, with the wrapped form that is stored beside the document.
///
/// @param key seals and opens what belongs to the document
/// @param wrapped the key sealed under its patient's key: destroying that key destroys this one
public record DocumentKey(SealingKey key, byte[] wrapped) {
    /// As [SealingKey#seal].
    public byte[] seal(byte[] plain, String associated) {
        return key.seal(plain, associated);
    }

    /// As [SealingKey#open].
    public byte[] open(byte[] sealed, String associated) {
        return key.open(sealed, associated);
    }
}
