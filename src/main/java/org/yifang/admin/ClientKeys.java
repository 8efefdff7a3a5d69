package org.yifang.admin;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.text.ParseException;
import java.util.List;
import java.util.Set;

/// Checks the public keys that a client registers.
final class ClientKeys {
    private static final int KEYS_MOST = 20;
    private static final int BYTES_MOST = 16 * 1024;
    private static final int RSA_BITS_LEAST = 2048;
    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384);

    /// What is wrong with a set, null when nothing is.
    static @Nullable String fault(JsonObject jwks) {
        String text = jwks.encode();
        if (text.length() > BYTES_MOST) {
            return "is larger than %d bytes".formatted(BYTES_MOST);
        }
        List<JWK> keys;
        try {
            keys = JWKSet.parse(text).getKeys();
        } catch (ParseException | RuntimeException unreadable) {
            return "is no JWKS (RFC 7517)";
        }
        if (keys.isEmpty() || keys.size() > KEYS_MOST) {
            return "has no key, or more than %d".formatted(KEYS_MOST);
        }
        if (keys.stream().anyMatch(JWK::isPrivate)) {
            return "holds a private key, which nobody but the client may ever have";
        }
        return keys.stream().allMatch(ClientKeys::isUsable)
                ? null
                : "holds a key that is neither RSA of 2048 bits or more nor EC P-256 or P-384";
    }

    private static boolean isUsable(JWK key) {
        return switch (key) {
            case RSAKey rsa -> rsa.size() >= RSA_BITS_LEAST;
            // SM2 keys sign documents and are not read here.
            case ECKey ec -> CURVES.contains(ec.getCurve());
            default -> false;
        };
    }

    private ClientKeys() {}
}
