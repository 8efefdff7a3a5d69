package org.yifang.identity.signature;

import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.jcajce.provider.asymmetric.util.ECUtil;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Optional;

/// The three ways in which a prescription may be signed, named as in a JWS header.
public enum SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4), r‖s.
    ES256("SHA256withECDSAinP1363Format"),
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3), at least 2048 bits.
    RS256("SHA256withRSA"),
    /// SM2 with SM3 (GB/T 32918.2, GB/T 32905), r‖s of 32 bytes each, user id 1234567812345678
    /// (GM/T 0009).
    SM2SM3("");

    /// Bouncy Castle is used where the JDK knows no SM2; it is never registered for the process.
    static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private static final byte[] SM2_USER = "1234567812345678".getBytes(StandardCharsets.US_ASCII);
    private static final int RSA_BITS_MIN = 2048;
    private static final int SM2_SIGNATURE_BYTES = 64;

    /// Order of the base point: NIST P-256 (FIPS 186-4 D.1.2.3), and sm2p256v1 (GB/T 32918.5).
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static final BigInteger SM2_ORDER =
            new BigInteger("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123", 16);

    private final String name;

    SignatureAlgorithm(String name) {
        this.name = name;
    }

    /// The algorithm a header names; empty for every other, `none` included.
    static Optional<SignatureAlgorithm> of(Object header) {
        for (SignatureAlgorithm one : values()) {
            if (one.name().equals(header)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /// The one algorithm that a key is for; empty for other curves and short RSA keys.
    public static Optional<SignatureAlgorithm> of(Key key) {
        return switch (key) {
            case RSAKey rsa when rsa.getModulus().bitLength() >= RSA_BITS_MIN -> Optional.of(RS256);
            case ECKey ec when ec.getParams().getOrder().equals(P256_ORDER) -> Optional.of(ES256);
            case ECKey ec when ec.getParams().getOrder().equals(SM2_ORDER) -> Optional.of(SM2SM3);
            default -> Optional.empty();
        };
    }

    /// Signs with a key of this algorithm.
    byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
        if (this == SM2SM3) {
            SM2Signer signer = sm2(true, ECUtil.generatePrivateKeyParameter(key));
            signer.update(message, 0, message.length);
            try {
                return signer.generateSignature();
            } catch (CryptoException e) {
                throw new GeneralSecurityException(e);
            }
        }
        Signature signer = Signature.getInstance(name);
        signer.initSign(key);
        signer.update(message);
        return signer.sign();
    }

    /// Whether `signature` is one of `message` by the owner of `key`; false for anything odd.
    boolean verify(PublicKey key, byte[] message, byte[] signature) {
        try {
            if (!of(key).equals(Optional.of(this))) {
                return false;
            }
            if (this == SM2SM3) {
                SM2Signer verifier = sm2(false, ECUtil.generatePublicKeyParameter(key));
                verifier.update(message, 0, message.length);
                return signature.length == SM2_SIGNATURE_BYTES
                        && verifier.verifySignature(signature);
            }
            Signature verifier = Signature.getInstance(name);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static SM2Signer sm2(boolean signing, CipherParameters key) {
        SM2Signer signer = new SM2Signer(PlainDSAEncoding.INSTANCE, new SM3Digest());
        signer.init(signing, new ParametersWithID(key, SM2_USER));
        return signer;
    }
}
