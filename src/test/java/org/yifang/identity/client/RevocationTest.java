package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// A client takes its own tokens back (RFC 7009).
class RevocationTest extends TokenEndpoint {
    private static HttpResponse<Buffer> revoke(String authorization, Map<String, String> form) {
        var request = web.post(port, "localhost", "/auth/revoke");
        if (!authorization.isEmpty()) {
            request.putHeader("Authorization", authorization);
        }
        return request.sendForm(MultiMap.caseInsensitiveMultiMap().addAll(form)).await();
    }

    @Test
    void a_token_taken_back_is_none_any_more_and_its_sisters_stay() {
        String basic = basic("pharmacy-1", "pharmacy-1");
        String token = token(login("pharmacy-1", "pharmacy-1"));
        String sister = token(login("pharmacy-1", "pharmacy-1"));
        assertThat(who(token).statusCode()).isEqualTo(200);
        var done = revoke(basic, Map.of("token", token, "token_type_hint", "access_token"));
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        // This endpoint hears of it through the database at the latest after some seconds.
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(20))
                .until(() -> who(token).statusCode() == 401);
        assertThat(who(sister).statusCode()).isEqualTo(200);
        // Taken back twice is once, and what is no token is as good as taken back.
        assertThat(revoke(basic, Map.of("token", token)).statusCode()).isEqualTo(200);
        assertThat(revoke(basic, Map.of("token", "none")).statusCode()).isEqualTo(200);
    }

    @Test
    void nobody_takes_back_what_is_another_s() {
        String token = token(login("pharmacy-2", "pharmacy-2"));
        AUDITED.clear();
        denied(
                revoke(basic("pharmacy-3", "pharmacy-3"), Map.of("token", token)),
                400,
                "invalid_grant");
        AUDITED.clear();
        denied(revoke(basic("pharmacy-2", "wrong"), Map.of("token", token)), 401, "invalid_client");
        AUDITED.clear();
        denied(revoke("", Map.of("token", token)), 401, "invalid_client");
        AUDITED.clear();
        denied(revoke(basic("pharmacy-2", "pharmacy-2"), Map.of()), 400, "invalid_request");
        assertThat(who(token).statusCode()).isEqualTo(200);
    }

    @Test
    void clients_find_the_endpoint_where_they_find_the_other() {
        var found =
                web.get(port, "localhost", "/fhir/.well-known/smart-configuration").send().await();
        assertThat(found.bodyAsJsonObject().getString("revocation_endpoint"))
                .isEqualTo(URL + "/auth/revoke");
    }
}
