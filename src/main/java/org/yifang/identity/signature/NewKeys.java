package org.yifang.identity.signature;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;

/// Makes keys and certificates to try signing with; a real authority has its own.
public final class NewKeys {
    private static final int RSA_BITS = 3072;

    /// A key pair with its certificate.
    public record Certified(KeyPair keys, X509Certificate certificate) {}

    /// A fresh key pair for an algorithm.
    public static KeyPair pair(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(
                        algorithm == SignatureAlgorithm.RS256 ? "RSA" : "EC",
                        SignatureAlgorithm.BOUNCY_CASTLE);
        switch (algorithm) {
            case RS256 -> generator.initialize(RSA_BITS);
            case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
            case SM2SM3 -> generator.initialize(new ECGenParameterSpec("sm2p256v1"));
        }
        return generator.generateKeyPair();
    }

    /// An authority that certifies itself.
    public static Certified authority(
            SignatureAlgorithm algorithm, String name, Instant from, Instant until)
            throws GeneralSecurityException {
        KeyPair keys = pair(algorithm);
        X500Name subject = new X500Name(name);
        int usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
        return new Certified(
                keys, certificate(subject, keys, subject, keys, from, until, true, usage));
    }

    /// A signer that an authority certifies.
    ///
    /// @param usage bits of [KeyUsage]
    public static Certified signer(
            SignatureAlgorithm algorithm,
            String name,
            Certified authority,
            Instant from,
            Instant until,
            int usage)
            throws GeneralSecurityException {
        KeyPair keys = pair(algorithm);
        X500Name issuer =
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded());
        return new Certified(
                keys,
                certificate(
                        new X500Name(name),
                        keys,
                        issuer,
                        authority.keys(),
                        from,
                        until,
                        false,
                        usage));
    }

    private static X509Certificate certificate(
            X500Name subject,
            KeyPair keys,
            X500Name issuer,
            KeyPair issuerKeys,
            Instant from,
            Instant until,
            boolean authority,
            int usage)
            throws GeneralSecurityException {
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(issuerKeys.getPrivate()).orElseThrow();
        String name =
                switch (algorithm) {
                    case RS256 -> "SHA256withRSA";
                    case ES256 -> "SHA256withECDSA";
                    case SM2SM3 -> "SM3withSM2";
                };
        try {
            var builder =
                    new JcaX509v3CertificateBuilder(
                            issuer,
                            new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
                            Date.from(from),
                            Date.from(until),
                            subject,
                            keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            var signer =
                    new JcaContentSignerBuilder(name)
                            .setProvider(SignatureAlgorithm.BOUNCY_CASTLE)
                            .build(issuerKeys.getPrivate());
            return new JcaX509CertificateConverter()
                    .setProvider(SignatureAlgorithm.BOUNCY_CASTLE)
                    .getCertificate(builder.build(signer));
        } catch (CertIOException | OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private NewKeys() {}
}
