package org.yifang.identity.signature;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What a signature must not look like, whoever made it.
class BundleShapeTest {
    private static final Instant STAMP = Instant.parse("2026-11-20T01:31:05Z");
    private static final String BUNDLE =
            """
            { "resourceType": "Bundle", "type": "document",
              "timestamp": "2026-11-20T09:31:05+08:00",
              "entry": [ { "resource": { "resourceType": "Composition",
                "author": [ { "reference": "urn:uuid:3" } ], "title": "赤壁市人民医院" } },
                { "resource": { "resourceType": "MedicationRequest", "status": "active",
                  "dispenseRequest": { "quantity": { "value": 7.0, "unit": "片" } } } } ] }
            """;

    private static KeyPair keys;
    private static String jwks;

    @BeforeAll
    static void register() throws Exception {
        keys = NewKeys.pair(SignatureAlgorithm.ES256);
        jwks = jwks(keys, "k1");
    }

    private static String jwks(KeyPair keys, String kid) {
        return JSONObjectUtils.toJSONString(
                Map.of("keys", List.of(KeySet.jwk(keys.getPublic(), kid))));
    }

    private static String signed(Instant at) throws Exception {
        byte[] signed =
                BundleSigner.withKeyId(keys.getPrivate(), "k1").sign(BUNDLE.getBytes(UTF_8), at);
        return new String(signed, UTF_8);
    }

    private static Verdict verdict(String bundle) {
        return new BundleSignature(TrustAnchors.none()).verify(bundle.getBytes(UTF_8), jwks);
    }

    private static void refused(Verdict verdict, String reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).contains(reason));
    }

    private String withJws(UnaryOperator<String> change) throws Exception {
        JsonObject bundle = new JsonObject(signed(STAMP));
        JsonObject signature = bundle.getJsonObject("signature");
        String jws = new String(Base64.getDecoder().decode(signature.getString("data")), UTF_8);
        byte[] changed = change.apply(jws).getBytes(UTF_8);
        signature.put("data", Base64.getEncoder().encodeToString(changed));
        return bundle.encode();
    }

    private String withHeader(String json) throws Exception {
        String header64 =
                Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
        return withJws(jws -> header64 + jws.substring(jws.indexOf('.')));
    }

    @Test
    void is_missing_when_there_is_none() {
        assertThat(verdict(BUNDLE)).isEqualTo(new Verdict.Missing());
    }

    @Test
    void is_refused_with_alg_none_crit_or_another_algorithm() throws Exception {
        long iat = STAMP.getEpochSecond();
        String rest = ",\"iat\":" + iat + ",\"kid\":\"k1\"}";
        refused(verdict(withHeader("{\"alg\":\"none\"" + rest)), "alg is none of");
        refused(verdict(withHeader("{\"alg\":\"HS256\"" + rest)), "alg is none of");
        refused(verdict(withHeader("{\"alg\":\"RS256\"" + rest)), "does not fit");
        refused(verdict(withHeader("{\"alg\":\"ES256\",\"crit\":[\"x\"]" + rest)), "crit");
        refused(verdict(withHeader("{\"alg\":\"ES256\",\"b64\":false" + rest)), "b64");
        refused(verdict(withHeader("{\"alg\":\"ES256\",\"alg\":\"none\"" + rest)), "strict");
        refused(verdict(withHeader("{\"alg\":\"ES256\",\"kid\":\"k1\"}")), "no iat");
        refused(verdict(withHeader("{\"alg\":\"ES256\",\"iat\":\"x\"}")), "no iat");
        refused(verdict(withHeader("{\"alg\":\"ES256\",\"iat\":" + iat + "}")), "no x5c");
    }

    @Test
    void is_refused_with_an_embedded_key() throws Exception {
        String jwk = JSONObjectUtils.toJSONString(KeySet.jwk(keys.getPublic(), "k9"));
        String header = "{\"alg\":\"ES256\",\"iat\":" + STAMP.getEpochSecond() + ",\"jwk\":";
        refused(verdict(withHeader(header + jwk + "}")), "no x5c");
    }

    @Test
    void is_refused_when_the_payload_is_not_detached() throws Exception {
        refused(verdict(withJws(jws -> jws.replace("..", ".e30."))), "empty payload");
        refused(verdict(withJws(jws -> jws.replace("..", "."))), "empty payload");
        refused(verdict(withJws(jws -> "a.." + "%%%")), "base64");
    }

    @Test
    void is_refused_with_another_format_or_shape() throws Exception {
        refused(
                verdict(signed(STAMP).replace(BundleSignature.FORMAT, "application/pkcs7")),
                "sigFormat");
        for (String odd : List.of("null", "1", "\"x\"", "[]", "{}", "{\"data\":1}")) {
            assertThat(verdict("{\"timestamp\":\"x\",\"signature\":" + odd + "}"))
                    .as(odd)
                    .isInstanceOf(Verdict.Invalid.class);
        }
    }

    @Test
    void is_refused_over_a_number_that_it_does_not_cover() throws Exception {
        String more = signed(STAMP).replace("7.0", "7.0000000000000000001");
        refused(verdict(more), "more digits");
    }
}
