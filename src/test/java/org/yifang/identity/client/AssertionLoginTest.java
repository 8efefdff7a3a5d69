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
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;

import org.junit.jupiter.api.Test;

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
                        one -> one.notBeforeTime(Date.from(NOW.get().plusSeconds(120))));
        for (var change : changes) {
            AUDITED.clear();
            denied(send(change), 401, "invalid_client");
        }
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
    void is_refused_beside_a_secret() {
        var form =
                Map.of(
                        "grant_type", "client_credentials",
                        "client_assertion_type", ClientAssertion.TYPE,
                        "client_assertion", "x");
        denied(TokenEndpoint.send(basic("hospital-1", "hospital-1"), form), 400, "invalid_request");
    }
}
