package org.yifang.identity.signature;

import java.time.Instant;

/// What was found out about the signature of a prescription document.
public sealed interface Verdict {
    /// There is none.
    record Missing() implements Verdict {}

    /// It is good.
    ///
    /// @param algorithm ES256, RS256 or SM2SM3
    /// @param signedAt the signing time that the signer states
    /// @param signer the certificate's subject and serial number, or the key's id
    record Valid(SignatureAlgorithm algorithm, Instant signedAt, String signer)
            implements Verdict {}

    /// It is not.
    ///
    /// @param reason a full sentence for the developer at the other end
    /// @param remedy what would be right
    record Invalid(String reason, String remedy) implements Verdict {}
}
