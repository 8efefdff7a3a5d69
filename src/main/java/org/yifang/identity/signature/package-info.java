/// Signatures over prescriptions: the canonical form, keys and certificates, signing and checking.
@org.jspecify.annotations.NullMarked
package org.yifang.identity.signature;
