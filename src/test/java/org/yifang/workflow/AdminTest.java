package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/// An operator registers, changes and suspends over `/admin`; nobody else does.
class AdminTest {
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

    static Client.Reply json(Client who, String method, String path, String body) {
        return Client.send(
                who.request(path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Client.Reply post(String path, String body) {
        return json(operator, "POST", path, body);
    }

    static Client.Reply token(TestService at, String id, String secret) {
        String basic =
                Base64.getEncoder()
                        .encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return Client.send(
                HttpRequest.newBuilder(URI.create(at.url() + "/auth/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "grant_type=client_credentials")));
    }

    static int read(TestService at, String token) {
        return Client.send(
                        HttpRequest.newBuilder(URI.create(at.url() + "/fhir/Task"))
                                .header("Authorization", "Bearer " + token))
                .status();
    }

    @Test
    void a_client_is_registered_once_and_its_secret_shown_once() {
        Client.Reply made =
                post(
                        "/admin/clients",
                        """
                        {"id":"his-a","role":"hospital","organization":"H42128100001",
                         "secret":true,"scopes":["system/Task.rs"]}\
                        """);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        String secret = made.body().path("secret").asText();
        assertThat(secret).hasSize(43);
        assertThat(operator.get("/admin/clients/his-a").raw().body()).doesNotContain(secret);
        assertThat(token(service, "his-a", secret).body().path("scope").asText())
                .isEqualTo("system/Task.rs");
        Client.Reply again =
                post(
                        "/admin/clients",
                        """
                        {"id":"his-a","role":"pharmacy","organization":"P42128100001",
                         "secret":true}\
                        """);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("RX-1101");
    }

    @Test
    void every_fault_is_told_at_once_and_unknown_fields_are_refused() {
        Client.Reply unfit =
                post(
                        "/admin/clients",
                        """
                        {"id":"a b","role":"hospital","organization":"P42128100001",
                         "scopes":["user/*.*"],"jwksUrl":"http://169.254.169.254/keys",
                         "assertsPatients":true}\
                        """);
        assertThat(unfit.status()).isEqualTo(422);
        assertThat(unfit.body().path("issue").size()).as(unfit.raw().body()).isGreaterThan(4);
        Client.Reply mass =
                post(
                        "/admin/clients",
                        """
                        {"id":"his-m","role":"hospital","organization":"H42128100001",
                         "secret":true,"secretHash":"x","demonstration":true}\
                        """);
        assertThat(mass.status()).isEqualTo(400);
        assertThat(mass.codes()).containsOnly("RX-1404").hasSize(2);
        assertThat(
                        json(operator, "PATCH", "/admin/people/doctor-1", "{\"role\":\"operator\"}")
                                .status())
                .isEqualTo(400);
        assertThat(post("/admin/clients", "{\"id\":\"x\",\"id\":\"y\"}").status()).isEqualTo(400);
    }

    @Test
    void nobody_else_administrates() {
        for (String client : new String[] {"hospital-1", "pharmacy-1", "bureau-1", "auditor-1"}) {
            Client other = new Client(service, client);
            assertThat(other.get("/admin/clients").status()).as(client).isEqualTo(403);
            assertThat(json(other, "POST", "/admin/people", "{}").status()).isEqualTo(403);
        }
        assertThat(
                        Client.send(
                                        HttpRequest.newBuilder(
                                                URI.create(service.url() + "/admin/clients")))
                                .status())
                .isEqualTo(401);
    }

    /// What is told reaches another instance within a moment.
    static int eventually(int wanted, java.util.function.IntSupplier ask) {
        int got = ask.getAsInt();
        for (int i = 0; i < 50 && got != wanted; i++) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            got = ask.getAsInt();
        }
        return got;
    }

    @Test
    void a_rotated_secret_overlaps_as_long_as_was_said() {
        String first =
                post(
                                "/admin/clients",
                                """
                                {"id":"his-r","role":"hospital",
                                 "organization":"H42128100001","secret":true}\
                                """)
                        .body()
                        .path("secret")
                        .asText();
        String second =
                post("/admin/clients/his-r/rotate-secret", "{\"overlapMinutes\":5}")
                        .body()
                        .path("secret")
                        .asText();
        assertThat(token(service, "his-r", first).status()).isEqualTo(200);
        assertThat(token(service, "his-r", second).status()).isEqualTo(200);
        post("/admin/clients/his-r/rotate-secret", "{}");
        assertThat(token(service, "his-r", second).status()).isEqualTo(401);
    }

    @Test
    void a_person_changes_the_one_time_password_first_and_a_suspension_ends_the_session() {
        Client.Reply made =
                post(
                        "/admin/people",
                        """
                        {"login":"chen","name":"陈测试","role":"pharmacy",
                         "organization":"P42128100001","staff":"Y421281010109"}\
                        """);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        String password = made.body().path("password").asText();
        Browser browser = new Browser(service.url());
        assertThat(browser.signIn("chen", password).location()).isEqualTo("/sign-in");
        assertThat(browser.get("/counter").status()).isEqualTo(303);
        var form =
                java.util.Map.of(
                        "new-password", "plum-Tidal-94-kettle",
                        "repeat-password", "plum-Tidal-94-kettle");
        assertThat(browser.fill("/sign-in", form).status()).isEqualTo(303);
        assertThat(browser.get("/counter").status()).isNotEqualTo(303);
        json(operator, "PATCH", "/admin/people/chen", "{\"active\":false}");
        assertThat(eventually(303, () -> browser.get("/counter").status())).isEqualTo(303);
    }

    @Test
    void a_manager_looks_after_the_own_organization_alone() {
        String password =
                post(
                                "/admin/people",
                                """
                                {"login":"boss","name":"店长","role":"pharmacy",
                                 "organization":"P42128100002","manager":true}\
                                """)
                        .body()
                        .path("password")
                        .asText();
        Browser browser = new Browser(service.url());
        browser.signIn("boss", password);
        String good = "plum-Tidal-95-kettle";
        browser.fill("/sign-in", java.util.Map.of("new-password", good, "repeat-password", good));
        String token = browser.get("/account").formToken();
        assertThat(admin(browser, token, "{\"login\":\"a1\",\"name\":\"甲\",\"role\":\"pharmacy\"}"))
                .isEqualTo(201);
        assertThat(
                        admin(
                                browser,
                                token,
                                "{\"login\":\"a2\",\"name\":\"乙\",\"role\":\"pharmacy\","
                                        + "\"organization\":\"P42128100003\"}"))
                .isEqualTo(404);
        assertThat(admin(browser, token, "{\"login\":\"a3\",\"name\":\"丙\",\"role\":\"operator\"}"))
                .isEqualTo(422);
        assertThat(browser.get("/admin/people/doctor-1").status()).isEqualTo(404);
        assertThat(
                        admin(
                                browser,
                                "forged",
                                "{\"login\":\"a4\",\"name\":\"丁\",\"role\":\"pharmacy\"}"))
                .isEqualTo(401);
    }

    private static int admin(Browser browser, String token, String body) {
        return browser.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/admin/people"))
                                .header("Content-Type", "application/json")
                                .header("X-Form-Token", token)
                                .POST(HttpRequest.BodyPublishers.ofString(body)))
                .status();
    }

    @Test
    void a_price_feed_is_registered_changed_and_removed_and_stands_in_the_log() {
        String feed = "/admin/feeds/P42128100002";
        assertThat(operator.get(feed).status()).isEqualTo(404);
        Client.Reply unfit =
                json(operator, "PUT", feed, "{\"url\":\"ftp://x\",\"everyMinutes\":1}");
        assertThat(unfit.status()).isEqualTo(422);
        assertThat(unfit.raw().body()).contains("`url`", "`everyMinutes`");
        String body = "{\"url\":\"https://prices.example.org/2.csv\",\"everyMinutes\":30}";
        Client.Reply set = json(operator, "PUT", feed, body);
        assertThat(set.status()).as(set.raw().body()).isEqualTo(200);
        assertThat(set.body().path("everyMinutes").asInt()).isEqualTo(30);
        assertThat(json(operator, "PUT", feed, body).status()).isEqualTo(200);
        assertThat(operator.get("/admin/feeds").raw().body()).contains("P42128100002");
        assertThat(operator.get(feed).body().path("broken").asBoolean()).isFalse();
        String hospital = "/admin/feeds/H42128100001";
        assertThat(json(operator, "PUT", hospital, body).status()).isEqualTo(404);
        assertThat(json(operator, "DELETE", feed, "").status()).isEqualTo(200);
        assertThat(operator.get(feed).status()).isEqualTo(404);
        String organization =
                operator.get(
                                "/fhir/Organization?identifier=https://yifang.org/fhir/sid/"
                                        + "nhsa-org%7CP42128100002")
                        .body()
                        .at("/entry/0/resource/id")
                        .asText();
        assertThat(
                        new Client(service, "auditor-1")
                                .get("/fhir/AuditEvent?entity=Organization/" + organization)
                                .raw()
                                .body())
                .contains("https://prices.example.org/2.csv");
    }

    @Test
    void a_signing_key_rotates_without_a_broken_token() {
        String secret =
                post(
                                "/admin/clients",
                                """
                                {"id":"his-k","role":"hospital",
                                 "organization":"H42128100001","secret":true}\
                                """)
                        .body()
                        .path("secret")
                        .asText();
        String before = token(service, "his-k", secret).body().path("access_token").asText();
        Client.Reply job = post("/admin/keys/signing/rotate", "");
        assertThat(job.status()).as(job.raw().body()).isEqualTo(202);
        String path = job.raw().headers().firstValue("Location").orElseThrow();
        assertThat(
                        eventually(
                                1,
                                () -> {
                                    JsonNode now = operator.get(path).body();
                                    return now.path("state").asText().equals("done") ? 1 : 0;
                                }))
                .isEqualTo(1);
        assertThat(read(service, before)).isEqualTo(200);
        String after = token(service, "his-k", secret).body().path("access_token").asText();
        assertThat(read(service, after)).isEqualTo(200);
    }

    @Test
    void without_the_demonstration_its_clients_and_people_are_refused(@TempDir Path data)
            throws IOException {
        Browser before = new Browser(service.url());
        before.signIn("pharmacist-1", "pharmacist-1");
        assertThat(before.get("/counter").status()).isEqualTo(200);
        String token =
                token(service, "pharmacy-1", "pharmacy-1").body().path("access_token").asText();
        Map<String, String> real =
                Map.of("YIFANG_DEMONSTRATION", "false", "YIFANG_DATA", data.toString());
        try (TestService later = TestService.on(service.database(), real)) {
            assertThat(token(later, "pharmacy-1", "pharmacy-1").status()).isEqualTo(401);
            assertThat(read(later, token)).isEqualTo(401);
            Browser browser = new Browser(later.url());
            assertThat(browser.signIn("operator-1", "operator-1").status()).isEqualTo(401);
            browser.cookies().putAll(before.cookies());
            assertThat(browser.get("/counter").status()).isEqualTo(303);
            // Its operator is none: the first real one can still be made.
            assertThat(Files.readString(data.resolve("setup-code"))).hasSize(43);
        }
        assertThat(before.get("/counter").status()).isEqualTo(200);
    }

    @Test
    void what_was_and_what_became_stands_in_the_log() {
        post(
                "/admin/clients",
                """
                {"id":"his-l","role":"hospital","organization":"H42128100001","secret":true}\
                """);
        json(operator, "PATCH", "/admin/clients/his-l", "{\"active\":false}");
        Client.Reply events =
                new Client(service, "auditor-1").get("/fhir/AuditEvent?entity=Device/his-l");
        assertThat(events.status()).as(events.raw().body()).isEqualTo(200);
        assertThat(events.raw().body()).contains("active: true -&gt; false".replace("&gt;", ">"));
    }
}
