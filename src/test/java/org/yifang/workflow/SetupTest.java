package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// The code of the first start makes one operator, for who has it, once.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SetupTest {
    @TempDir static Path data;

    private static TestService service;

    @BeforeAll
    static void serve() {
        service = TestService.own(settings());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, String> settings() {
        return Map.of(
                "YIFANG_DEMONSTRATION", "false",
                "YIFANG_DATA", data.toString(),
                "YIFANG_PUBLIC_URL", "https://rx.example.org");
    }

    private static String code() throws IOException {
        return Files.readString(data.resolve("setup-code"));
    }

    private static Client.Reply setup(TestService at, String code, String login, String more) {
        String body =
                """
                {"code":"%s","login":"%s","name":"示例","password":"plum-Tidal-31-kettle"%s}\
                """
                        .formatted(code, login, more);
        return Client.send(
                HttpRequest.newBuilder(URI.create(at.url() + "/setup"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    @Order(0)
    void behind_tls_cookies_are_for_tls_alone() {
        Browser.Page page = new Browser(service.url()).get("/sign-in");
        assertThat(page.raw().headers().allValues("Set-Cookie"))
                .isNotEmpty()
                .allSatisfy(cookie ->
                        assertThat(cookie)
                                .containsIgnoringCase("HttpOnly")
                                .contains("Secure", "SameSite="));
        assertThat(page.header("Strict-Transport-Security")).contains("max-age=");
    }

    @Test
    @Order(1)
    void guessing_is_slowed_down_and_who_has_the_code_never_is() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(setup(service, "guess-" + i, "thief", "").status()).isEqualTo(403);
        }
        Client.Reply more = setup(service, "guess-20", "thief", "");
        assertThat(more.status()).isEqualTo(429);
        assertThat(more.raw().headers().firstValue("Retry-After")).isPresent();
        // The right code is looked at, and then the rest.
        Client.Reply fields = setup(service, code(), "thief", ",\"role\":\"bureau\"");
        assertThat(fields.status()).isEqualTo(400);
        assertThat(setup(service, code(), "a b", "").status()).isEqualTo(422);
    }

    @Test
    @Order(2)
    void a_code_is_over_after_a_day_and_another_start_makes_another() throws IOException {
        String first = code();
        service.clock().forward(Duration.ofHours(25));
        assertThat(setup(service, first, "ops", "").status()).isEqualTo(410);
        service.close();
        service = TestService.on(service.database(), settings());
        assertThat(code()).isNotEqualTo(first);
        // Wrong as any other is now, and there were many a moment ago.
        assertThat(setup(service, first, "ops", "").status()).isEqualTo(429);
    }

    @Test
    @Order(3)
    void of_many_who_use_it_at_once_one_does() throws Exception {
        String code = code();
        List<Callable<Client.Reply>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String login = "ops-" + i;
            calls.add(() -> setup(service, code, login, ",\"client\":true"));
        }
        List<Integer> statuses = new ArrayList<>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : people.invokeAll(calls)) {
                statuses.add(one.get().status());
            }
        }
        assertThat(statuses.stream().sorted().toList()).first().isEqualTo(201);
        assertThat(statuses.stream().filter(one -> one == 201)).hasSize(1);
        assertThat(statuses.stream().filter(one -> one != 201)).isSubsetOf(410, 503);
        assertThat(setup(service, code, "ops-9", "").status()).isEqualTo(410);
        // With an operator there is no code any more, at this start and at the next.
        service.close();
        service = TestService.on(service.database(), settings());
        assertThat(data.resolve("setup-code")).doesNotExist();
    }
}
