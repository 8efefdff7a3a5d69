package org.yifang.identity.signature;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECPublicKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;

class SignatureAlgorithmTest {
    private static final byte[] MESSAGE = "message digest".getBytes(UTF_8);

    @ParameterizedTest
    @EnumSource
    void verifies_what_it_signed_and_nothing_else(SignatureAlgorithm algorithm) throws Exception {
        KeyPair keys = NewKeys.pair(algorithm);
        byte[] signature = algorithm.sign(keys.getPrivate(), MESSAGE);
        assertThat(algorithm.verify(keys.getPublic(), MESSAGE, signature)).isTrue();
        assertThat(algorithm.verify(keys.getPublic(), "other".getBytes(UTF_8), signature))
                .isFalse();
        assertThat(algorithm.verify(NewKeys.pair(algorithm).getPublic(), MESSAGE, signature))
                .isFalse();
        for (int i = 0; i < signature.length; i += 7) {
            byte[] altered = signature.clone();
            altered[i] ^= 1;
            assertThat(algorithm.verify(keys.getPublic(), MESSAGE, altered)).isFalse();
        }
        assertThat(algorithm.verify(keys.getPublic(), MESSAGE, new byte[0])).isFalse();
        assertThat(algorithm.verify(keys.getPublic(), MESSAGE, new byte[64])).isFalse();
        for (SignatureAlgorithm other : SignatureAlgorithm.values()) {
            if (other != algorithm) {
                assertThat(other.verify(keys.getPublic(), MESSAGE, signature)).isFalse();
            }
        }
    }

    /// GB/T 32918.5 appendix A: the standard's own key, message, user id and signature.
    @Test
    void verifies_the_example_of_the_sm2_standard() throws Exception {
        PublicKey key =
                sm2(
                        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
                        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
        byte[] signature =
                HexFormat.of()
                        .parseHex(
                                "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                                        + "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b"
                                        + "69c485bbc1aa");
        assertThat(SignatureAlgorithm.SM2SM3.verify(key, MESSAGE, signature)).isTrue();
        assertThat(
                        SignatureAlgorithm.SM2SM3.verify(
                                key, "message digesT".getBytes(UTF_8), signature))
                .isFalse();
    }

    /// Made with OpenSSL 3: pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678.
    @Test
    void verifies_what_openssl_signed() throws Exception {
        byte[] info =
                HexFormat.of()
                        .parseHex(
                                "3059301306072a8648ce3d020106082a811ccf5501822d03420004b377cc"
                                        + "c577ea7c20f82332354c778f84546013a1d0e5909841af010139"
                                        + "45a95190"
                                        + "8bfb303f3282e8eec52cfd0f7f580ef85dd2b861a23c4a4b8022"
                                        + "5bb851b5"
                                        + "0e");
        PublicKey key =
                org.bouncycastle.jce.provider.BouncyCastleProvider.getPublicKey(
                        SubjectPublicKeyInfo.getInstance(info));
        byte[] signature =
                HexFormat.of()
                        .parseHex(
                                "962e609569819c8d3208ee22fcf6bb086412facccaecc4cc9ab6083e4592"
                                        + "531599802c8d59accd9f8210c0fb52b6549aecea6c3b12eda61d"
                                        + "970e5fa5"
                                        + "0c321e63");
        assertThat(
                        SignatureAlgorithm.SM2SM3.verify(
                                key, "赤壁 prescription".getBytes(UTF_8), signature))
                .isTrue();
    }

    @Test
    void belongs_to_no_other_curve_and_to_no_short_rsa_key() throws Exception {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp384r1"));
        assertThat(SignatureAlgorithm.of(ec.generateKeyPair().getPublic())).isEmpty();
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        assertThat(SignatureAlgorithm.of(rsa.generateKeyPair().getPublic())).isEmpty();
        assertThat(SignatureAlgorithm.of("none")).isEmpty();
        assertThat(SignatureAlgorithm.of("HS256")).isEmpty();
    }

    private static PublicKey sm2(String x, String y) throws Exception {
        var curve = ECNamedCurveTable.getParameterSpec("sm2p256v1");
        var point = curve.getCurve().createPoint(new BigInteger(x, 16), new BigInteger(y, 16));
        return KeyFactory.getInstance("EC", SignatureAlgorithm.BOUNCY_CASTLE)
                .generatePublic(new ECPublicKeySpec(point, curve));
    }
}
