package org.yifang.identity.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;

import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.jce.spec.ECPublicKeySpec;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.StrictJson;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Public keys that an organization registered as a JSON Web Key Set (RFC 7517).
///
/// No registry of JOSE names SM2, so here an SM2 key is `kty` `EC`, `crv` `SM2`, with `x` and `y`
/// of 32 bytes each as RFC 7518 section 6.2 writes coordinates, and `alg` `SM2SM3`.
public final class KeySet {
    private static final String SM2_CURVE = "SM2";
    private static final int COORDINATE_BYTES = 32;

    /// The key of that id; empty when there is none, or it is of no kind that we verify with.
    static Optional<PublicKey> find(String jwks, String kid) {
        if (!StrictJson.findings(jwks.getBytes(StandardCharsets.UTF_8)).isEmpty()) {
            return Optional.empty();
        }
        try {
            Map<String, Object> set = JSONObjectUtils.parse(jwks);
            if (!(set.get("keys") instanceof List<?> keys)) {
                return Optional.empty();
            }
            for (Object one : keys) {
                if (one instanceof Map<?, ?> key && kid.equals(key.get("kid"))) {
                    return usable(key) ? Optional.ofNullable(read(key)) : Optional.empty();
                }
            }
        } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException e) {
            // A key that cannot be read verifies nothing.
        }
        return Optional.empty();
    }

    /// Whether a key is one of the set.
    static boolean has(String jwks, PublicKey key) {
        try {
            if (JSONObjectUtils.parse(jwks).get("keys") instanceof List<?> keys) {
                for (Object one : keys) {
                    if (one instanceof Map<?, ?> jwk
                            && jwk.get("kid") instanceof String kid
                            && find(jwks, kid).filter(known -> isSame(known, key)).isPresent()) {
                        return true;
                    }
                }
            }
        } catch (ParseException | RuntimeException unreadable) {
            return false;
        }
        return false;
    }

    private static boolean isSame(PublicKey one, PublicKey other) {
        return java.util.Arrays.equals(one.getEncoded(), other.getEncoded());
    }

    /// Writes one public key as a JWK with an id.
    public static Map<String, Object> jwk(PublicKey key, String kid) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        SignatureAlgorithm algorithm =
                SignatureAlgorithm.of(key)
                        .orElseThrow(() -> new IllegalArgumentException("no key for signing"));
        switch (algorithm) {
            case RS256 -> {
                var rsa = (java.security.interfaces.RSAPublicKey) key;
                jwk.put("kty", "RSA");
                jwk.put("n", Base64URL.encode(rsa.getModulus()).toString());
                jwk.put("e", Base64URL.encode(rsa.getPublicExponent()).toString());
            }
            case ES256, SM2SM3 -> {
                var point = ((ECPublicKey) key).getW();
                jwk.put("kty", "EC");
                jwk.put("crv", algorithm == SignatureAlgorithm.ES256 ? "P-256" : SM2_CURVE);
                jwk.put("x", coordinate(point.getAffineX()));
                jwk.put("y", coordinate(point.getAffineY()));
            }
        }
        jwk.put("alg", algorithm.name());
        jwk.put("use", "sig");
        jwk.put("kid", kid);
        return jwk;
    }

    private static boolean usable(Map<?, ?> key) {
        return key.get("use") == null || "sig".equals(key.get("use"));
    }

    private static @Nullable PublicKey read(Map<?, ?> key)
            throws ParseException, JOSEException, GeneralSecurityException {
        if (SM2_CURVE.equals(key.get("crv")) && "EC".equals(key.get("kty"))) {
            return sm2(text(key, "x"), text(key, "y"));
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        key.forEach((name, value) -> plain.put(String.valueOf(name), value));
        return switch (JWK.parse(plain)) {
            case ECKey ec -> ec.toPublicKey();
            case RSAKey rsa -> rsa.toPublicKey();
            default -> null;
        };
    }

    private static PublicKey sm2(String x, String y) throws GeneralSecurityException {
        ECNamedCurveParameterSpec curve = ECNamedCurveTable.getParameterSpec("sm2p256v1");
        ECPoint point = curve.getCurve().validatePoint(number(x), number(y));
        return KeyFactory.getInstance("EC", SignatureAlgorithm.BOUNCY_CASTLE)
                .generatePublic(new ECPublicKeySpec(point, curve));
    }

    private static BigInteger number(String coordinate) {
        byte[] bytes = new Base64URL(coordinate).decode();
        if (bytes.length != COORDINATE_BYTES) {
            throw new IllegalArgumentException("A coordinate has 32 bytes.");
        }
        return new BigInteger(1, bytes);
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = new byte[COORDINATE_BYTES];
        byte[] given = value.toByteArray();
        int length = Math.min(given.length, COORDINATE_BYTES);
        System.arraycopy(given, given.length - length, bytes, COORDINATE_BYTES - length, length);
        return Base64URL.encode(bytes).toString();
    }

    private static String text(Map<?, ?> key, String name) {
        return String.valueOf(key.get(name));
    }

    private KeySet() {}
}
