package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What one instance is told holds in every other.
class AdminInstancesTest {
    private static TestService service;
    private static Client operator;

    @BeforeAll
    static void serve() {
        service = TestService.own(java.util.Map.of());
        operator = new Client(service, "operator-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Client.Reply post(String path, String body) {
        return AdminTest.json(operator, "POST", path, body);
    }

    @Test
    void an_operator_sees_how_every_part_is_and_nobody_else_does() {
        Client.Reply health = operator.get("/admin/health");
        assertThat(health.status()).as(health.raw().body()).isEqualTo(200);
        assertThat(health.body().path("status").asText()).isEqualTo("ready");
        assertThat(health.body().at("/measures/yifang_outbox_behind_seconds").asDouble(-1))
                .isBetween(0.0, 30.0);
        assertThat(health.body().path("parts").toString())
                .contains("database", "audit log", "outbox", "blind index keys");
        assertThat(new Client(service, "bureau-1").get("/admin/health").status()).isEqualTo(403);
        assertThat(new Client(service, "auditor-1").get("/admin/health").status()).isEqualTo(403);
    }

    @Test
    void a_suspended_client_s_tokens_end_at_once_in_every_instance() {
        String secret =
                post(
                                "/admin/clients",
                                """
                                {"id":"his-s","role":"hospital",
                                 "organization":"H42128100001","secret":true}\
                                """)
                        .body()
                        .path("secret")
                        .asText();
        String token =
                AdminTest.token(service, "his-s", secret).body().path("access_token").asText();
        try (TestService sibling = service.sibling()) {
            assertThat(AdminTest.read(service, token)).isEqualTo(200);
            assertThat(AdminTest.read(sibling, token)).isEqualTo(200);
            Client.Reply narrowed =
                    AdminTest.json(
                            operator,
                            "PATCH",
                            "/admin/clients/his-s",
                            "{\"scopes\":\"system/Bundle.r\"}");
            assertThat(narrowed.status()).isEqualTo(200);
            assertThat(AdminTest.eventually(403, () -> AdminTest.read(sibling, token)))
                    .isEqualTo(403);
            assertThat(AdminTest.eventually(403, () -> AdminTest.read(service, token)))
                    .isEqualTo(403);
            AdminTest.json(operator, "PATCH", "/admin/clients/his-s", "{\"active\":false}");
            assertThat(AdminTest.eventually(401, () -> AdminTest.read(sibling, token)))
                    .isEqualTo(401);
            assertThat(AdminTest.eventually(401, () -> AdminTest.read(service, token)))
                    .isEqualTo(401);
            assertThat(AdminTest.token(sibling, "his-s", secret).status()).isEqualTo(401);
            AdminTest.json(operator, "PATCH", "/admin/clients/his-s", "{\"active\":true}");
            assertThat(AdminTest.token(sibling, "his-s", secret).status()).isEqualTo(200);
            assertThat(AdminTest.read(service, token)).isEqualTo(401);
            takenBackInBoth(sibling, secret);
            usedOnceInBoth(sibling);
        }
    }

    private static void takenBackInBoth(TestService sibling, String secret) {
        // A token of the very second of the suspension stays refused: its time is in whole seconds.
        var token = new java.util.concurrent.atomic.AtomicReference<String>();
        java.util.function.IntSupplier fresh =
                () -> {
                    token.set(
                            AdminTest.token(sibling, "his-s", secret)
                                    .body()
                                    .path("access_token")
                                    .asText());
                    return AdminTest.read(service, token.get());
                };
        // Its scopes are narrow still: 403 is a token that is good.
        assertThat(AdminTest.eventually(403, fresh)).isEqualTo(403);
        String basic =
                Base64.getEncoder()
                        .encodeToString(("his-s:" + secret).getBytes(StandardCharsets.UTF_8));
        assertThat(
                        Client.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(service.url() + "/auth/revoke"))
                                                .header("Authorization", "Basic " + basic)
                                                .header(
                                                        "Content-Type",
                                                        "application/x-www-form-urlencoded")
                                                .POST(
                                                        HttpRequest.BodyPublishers.ofString(
                                                                "token=" + token.get())))
                                .status())
                .isEqualTo(200);
        assertThat(AdminTest.eventually(401, () -> AdminTest.read(sibling, token.get())))
                .isEqualTo(401);
        assertThat(AdminTest.eventually(401, () -> AdminTest.read(service, token.get())))
                .isEqualTo(401);
    }

    /// An assertion that one instance took is none for the other.
    private static void usedOnceInBoth(TestService sibling) {
        var key = SmallProvider.key();
        var keys = new com.nimbusds.jose.jwk.JWKSet(key.toPublicJWK()).toString();
        assertThat(
                        post(
                                        "/admin/clients",
                                        """
                                        {"id":"his-j","role":"hospital",
                                         "organization":"H42128100001","jwks":%s}\
                                        """
                                                .formatted(keys))
                                .status())
                .isEqualTo(201);
        var now = service.clock().instant();
        String assertion =
                SmallProvider.signed(
                        new com.nimbusds.jwt.JWTClaimsSet.Builder()
                                .issuer("his-j")
                                .subject("his-j")
                                .audience("http://localhost:0/auth/token")
                                .jwtID("once")
                                .expirationTime(java.util.Date.from(now.plusSeconds(200)))
                                .build(),
                        key);
        assertThat(asserted(service, assertion).status()).isEqualTo(200);
        Client.Reply again = asserted(sibling, assertion);
        assertThat(again.status()).isEqualTo(401);
        assertThat(again.raw().body()).contains("jti was used before");
    }

    private static Client.Reply asserted(TestService at, String assertion) {
        return Client.send(
                HttpRequest.newBuilder(URI.create(at.url() + "/auth/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "grant_type=client_credentials&client_assertion="
                                                + assertion
                                                + "&client_assertion_type=urn:ietf:params:oauth:"
                                                + "client-assertion-type:jwt-bearer")));
    }
}
