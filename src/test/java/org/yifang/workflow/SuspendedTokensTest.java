package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.net.URI;
import java.net.http.HttpRequest;

/// A suspension ends what was issued before it, to the millisecond, and nothing that comes after.
final class SuspendedTokensTest {
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

    private static void active(boolean is) {
        AdminTest.json(operator, "PATCH", "/admin/clients/second", "{\"active\":%s}".formatted(is));
    }

    private static String token(String secret) {
        return AdminTest.token(service, "second", secret).body().path("access_token").asText();
    }

    @Test
    void a_token_got_after_a_suspension_is_good_in_the_very_second_of_it() {
        post("/admin/clients", "{\"id\":\"second\",\"role\":\"auditor\",\"secret\":true}");
        String secret =
                post("/admin/clients/second/rotate-secret", "{}").body().path("secret").asText();
        for (int i = 0; i < 3; i++) {
            String before = token(secret);
            active(false);
            active(true);
            String after = token(secret);
            await().until(() -> asked(before) == 401);
            assertThat(asked(after)).isEqualTo(200);
        }
    }

    private static int asked(String token) {
        return Client.send(
                        HttpRequest.newBuilder(
                                        URI.create(service.url() + "/fhir/AuditEvent?_count=1"))
                                .header("Authorization", "Bearer " + token)
                                .GET())
                .status();
    }
}
