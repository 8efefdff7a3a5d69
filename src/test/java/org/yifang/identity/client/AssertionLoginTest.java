package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;

import org.junit.jupiter.api.Test;
import org.yifang.platform.Role;

import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Logging in by `private_key_jwt`.
class AssertionLoginTest extends TokenEndpoint {
    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("his")
                .subject("his")
                .audience(URL + "/auth/token")
                .jwtID(UUID.randomUUID().toString())
                .expirationTime(Date.from(NOW.get().plusSeconds(300)));
    }

    private String signed(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
        try {
            JWSSigner signer =
                    key instanceof RSAKey rsa
                            ? new RSASSASigner(rsa)
                            : new ECDSASigner((ECKey) key);
            var header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
            var jwt = new SignedJWT(header, claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<Buffer> send(String assertion) {
        return TokenEndpoint.send(
                "",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_assertion_type",
                        ClientAssertion.TYPE,
                        "client_assertion",
                        assertion));
    }

    private HttpResponse<Buffer> send(Consumer<JWTClaimsSet.Builder> change) {
        var claims = claims();
        change.accept(claims);
        return send(signed(es256, JWSAlgorithm.ES256, claims.build()));
    }

    @Test
    void gives_a_token_for_each_algorithm() {
        assertThat(send(signed(es256, JWSAlgorithm.ES256, claims().build())).statusCode())
                .isEqualTo(200);
        assertThat(send(signed(es384, JWSAlgorithm.ES384, claims().build())).statusCode())
                .isEqualTo(200);
        assertThat(send(signed(rs384, JWSAlgorithm.RS384, claims().build())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void carries_the_person() {
        var person =
                Map.of(
                        "version", "1",
                        "subject_name", "李药师",
                        "subject_id", "P1",
                        "organization_id", "H42128100001",
                        "purpose_of_use", List.of("TREAT", "HPAYMT"));
        var answer = send(claims -> claims.claim("extensions", Map.of("hl7-b2b", person)));
        assertThat(who(token(answer)).bodyAsString()).contains("李药师", "TREAT HPAYMT");
    }

    @Test
    void is_accepted_once() {
        String assertion = signed(es256, JWSAlgorithm.ES256, claims().build());
        assertThat(send(assertion).statusCode()).isEqualTo(200);
        AUDITED.clear();
        denied(send(assertion), 401, "invalid_client");
    }

    @Test
    void is_refused_when_it_lasts_longer_than_five_minutes_or_is_over() {
        denied(
                send(one -> one.expirationTime(Date.from(NOW.get().plusSeconds(301)))),
                401,
                "invalid_client");
        AUDITED.clear();
        denied(send(one -> one.expirationTime(Date.from(NOW.get()))), 401, "invalid_client");
        assertThat(
                        send(one -> one.expirationTime(Date.from(NOW.get().plusSeconds(1))))
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void is_refused_for_another_audience_issuer_or_without_id() {
        List<Consumer<JWTClaimsSet.Builder>> changes =
                List.of(
                        one -> one.audience(URL),
                        one -> one.audience("https://other/auth/token"),
                        one -> one.issuer("other"),
                        one -> one.jwtID(null),
                        one -> one.expirationTime(null),
                        one -> one.notBeforeTime(Date.from(NOW.get().plusSeconds(120))),
                        one -> one.notBeforeTime(Date.from(NOW.get().minusSeconds(90_000))),
                        one -> one.issueTime(Date.from(NOW.get().plusSeconds(120))),
                        one -> one.issueTime(Date.from(NOW.get().minusSeconds(90_000))),
                        one -> one.claim("iat", "soon"),
                        one -> one.claim("iat", Long.MAX_VALUE),
                        one -> one.claim("nbf", Long.MIN_VALUE));
        for (var change : changes) {
            AUDITED.clear();
            denied(send(change), 401, "invalid_client");
        }
    }

    @Test
    void one_out_of_its_time_counts_like_a_wrong_secret() throws Exception {
        register("late", true, new JWKSet(es256).toString(true));
        Consumer<JWTClaimsSet.Builder> late =
                one ->
                        one.subject("late")
                                .issuer("late")
                                .issueTime(Date.from(NOW.get().plusSeconds(120)));
        for (int i = 0; i < 20; i++) {
            assertThat(send(late).statusCode()).isEqualTo(401);
        }
        assertThat(send(late).statusCode()).isEqualTo(429);
        assertThat(send(one -> one.subject("late").issuer("late")).statusCode())
                .as("the right key is always taken")
                .isEqualTo(200);
    }

    @Test
    void is_refused_when_another_key_signed_or_the_client_is_closed_or_unknown() throws Exception {
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("a").generate();
        denied(send(signed(other, JWSAlgorithm.ES256, claims().build())), 401, "invalid_client");
        for (String id : List.of("closed", "no-such", "hospital-1")) {
            AUDITED.clear();
            denied(send(one -> one.subject(id).issuer(id)), 401, "invalid_client");
        }
    }

    @Test
    void is_refused_with_an_algorithm_outside_the_contract() {
        denied(send(signed(rs384, JWSAlgorithm.RS256, claims().build())), 401, "invalid_client");
        AUDITED.clear();
        String none = new com.nimbusds.jwt.PlainJWT(claims().build()).serialize();
        denied(send(none), 401, "invalid_client");
    }

    @Test
    void what_is_wrong_is_told_without_telling_what_is_registered() {
        Map<String, Consumer<JWTClaimsSet.Builder>> flaws = new java.util.LinkedHashMap<>();
        flaws.put("The claim jti is missing", one -> one.jwtID(null));
        flaws.put("The claim exp is missing", one -> one.expirationTime(null));
        flaws.put("The claim sub is missing", one -> one.subject(null));
        flaws.put("The claim iss is not sub", one -> one.issuer("other"));
        flaws.put("The claim aud is not `" + URL, one -> one.audience(URL));
        flaws.put("The claim exp is over", one -> one.expirationTime(Date.from(NOW.get())));
        flaws.put(
                "more than 5 minutes ahead",
                one -> one.expirationTime(Date.from(NOW.get().plusSeconds(301))));
        flaws.forEach((text, change) ->
                assertThat(send(change).bodyAsJsonObject().getString("error_description"))
                        .contains(text));
        for (String unreadable : List.of("x", "a.b.c", "..", "e30.e30.")) {
            assertThat(send(unreadable).bodyAsJsonObject().getString("error_description"))
                    .as(unreadable)
                    .startsWith("The assertion is ");
        }
        // Whether a client exists or has another key looks the same.
        String known = send(signed(strange(), JWSAlgorithm.ES256, claims().build())).bodyAsString();
        String unknown = send(one -> one.subject("no-such").issuer("no-such")).bodyAsString();
        assertThat(known).isEqualTo(unknown);
    }

    /// A key that nobody registered.
    private static ECKey strange() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("a").generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_patient_may_stand_in_the_claims() {
        register(
                "city-app",
                Role.PATIENT,
                List.of("system/*.rs"),
                new JWKSet(es256).toString(true),
                true);
        Consumer<JWTClaimsSet.Builder> app = one -> one.subject("city-app").issuer("city-app");
        var answer = send(app.andThen(one -> one.claim("patient", CARD)));
        assertThat(answer.bodyAsString()).contains(PATIENT.toString());
        assertThat(who(token(answer)).bodyAsString()).contains(PATIENT.toString());
        for (Object odd : List.of("", " ", "x".repeat(65))) {
            AUDITED.clear();
            denied(send(app.andThen(one -> one.claim("patient", odd))), 400, "invalid_request");
        }
        AUDITED.clear();
        // Nobody, and a client of another role with somebody.
        denied(send(app), 400, "invalid_request");
        AUDITED.clear();
        denied(send(one -> one.claim("patient", CARD)), 400, "invalid_request");
        String assertion =
                signed(
                        es256,
                        JWSAlgorithm.ES256,
                        claims().subject("city-app")
                                .issuer("city-app")
                                .claim("patient", CARD)
                                .build());
        AUDITED.clear();
        denied(
                TokenEndpoint.send(
                        "",
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_assertion_type",
                                ClientAssertion.TYPE,
                                "client_assertion",
                                assertion,
                                "patient",
                                "421281195809210039")),
                400,
                "invalid_request");
    }

    @Test
    void is_refused_beside_a_secret() {
        var form =
                Map.of(
                        "grant_type", "client_credentials",
                        "client_assertion_type", ClientAssertion.TYPE,
                        "client_assertion", "x");
        denied(TokenEndpoint.send(basic("hospital-1", "hospital-1"), form), 400, "invalid_request");
    }
}
