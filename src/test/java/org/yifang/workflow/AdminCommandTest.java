package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.admin.AdminCommand;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Every command of `yifang admin`, as an operator types it.
class AdminCommandTest {
    @TempDir private Path folder;

    private static TestService service;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private record Said(int code, String out, String err) {
        JsonNode json() {
            try {
                return Client.JSON.readTree(out);
            } catch (IOException unreadable) {
                throw new AssertionError(out + err, unreadable);
            }
        }
    }

    private static Said typed(String... words) {
        return typedAs("operator-1", service.url(), words);
    }

    private static Said typedAs(String secret, String url, String... words) {
        List<String> all = new ArrayList<>(List.of("--url", url));
        if (!words[0].equals("--client")) {
            all.addAll(List.of("--client", "operator-1"));
        }
        all.addAll(List.of(words));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                new CommandLine(new AdminCommand(secret))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(all.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private static JsonNode done(String... words) {
        Said said = typed(words);
        assertThat(said.code()).as(said.out() + said.err()).isZero();
        return said.json();
    }

    @Test
    void a_client_s_life() throws IOException {
        JsonNode made =
                done(
                        "client",
                        "cli-a",
                        "--role",
                        "hospital",
                        "--organization",
                        "H42128100001",
                        "--scope",
                        "system/Task.rs",
                        "--with-secret");
        assertThat(made.path("secret").asText()).hasSize(43);
        assertThat(made.path("scopes").get(0).asText()).isEqualTo("system/Task.rs");
        JsonNode again = done("rotate-secret", "cli-a", "--overlap-minutes", "5");
        assertThat(again.path("secret").asText()).isNotEqualTo(made.path("secret").asText());
        assertThat(done("suspend", "clients", "cli-a").path("active").asBoolean()).isFalse();
        assertThat(done("resume", "clients", "cli-a").path("active").asBoolean()).isTrue();
        assertThat(
                        done("change", "clients", "cli-a", "{\"scopes\":[\"system/*.rs\"]}")
                                .path("scopes")
                                .get(0)
                                .asText())
                .isEqualTo("system/*.rs");
        assertThat(done("show", "clients", "cli-a").path("id").asText()).isEqualTo("cli-a");
        assertThat(done("list", "clients").path("items").size()).isPositive();
        Path keys = folder.resolve("keys.json");
        Files.writeString(
                keys,
                new com.nimbusds.jose.jwk.JWKSet(SmallProvider.key().toPublicJWK()).toString());
        JsonNode keyed =
                done(
                        "client",
                        "cli-b",
                        "--role",
                        "reviewer",
                        "--organization",
                        "H42128100001",
                        "--reviews-for",
                        "H42128100001",
                        "--reviews-for",
                        "pool",
                        "--jwks",
                        keys.toString());
        assertThat(keyed.path("reviewsFor").size()).isEqualTo(2);
        assertThat(keyed.has("secret")).isFalse();
        JsonNode app =
                done(
                        "client",
                        "cli-c",
                        "--role",
                        "patient",
                        "--asserts-patients",
                        "--jwks-url",
                        "https://keys.example.org/jwks");
        assertThat(app.path("assertsPatients").asBoolean()).isTrue();
    }

    @Test
    void a_person_s_life() {
        JsonNode made =
                done(
                        "person",
                        "cli.person",
                        "--name",
                        "示例",
                        "--role",
                        "pharmacy",
                        "--organization",
                        "P42128100001",
                        "--staff",
                        "Y421281010155",
                        "--manager");
        assertThat(made.path("manager").asBoolean()).isTrue();
        String first = made.path("password").asText();
        assertThat(new Browser(service.url()).signIn("cli.person", first).status()).isEqualTo(303);
        String second = done("reset", "cli.person").path("password").asText();
        assertThat(new Browser(service.url()).signIn("cli.person", first).status()).isEqualTo(401);
        assertThat(new Browser(service.url()).signIn("cli.person", second).status()).isEqualTo(303);
        assertThat(done("suspend", "people", "cli.person").path("active").asBoolean()).isFalse();
        assertThat(done("resume", "people", "cli.person").path("active").asBoolean()).isTrue();
        assertThat(done("show", "people", "cli.person").path("login").asText())
                .isEqualTo("cli.person");
        assertThat(done("list", "people").path("items").size()).isPositive();
    }

    @Test
    void files_of_every_kind() throws IOException {
        Map<String, String> files =
                Map.of(
                        "organizations", "number,name,kind\nP42128100066,命令行药房,pharmacy\n",
                        "practitioners",
                                "number,name,profession,organization\n"
                                        + "Y421281016601,示例,pharmacist,P42128100066\n",
                        "clients",
                                "id,organization,role,secret\ncli-d,P42128100066,pharmacy,true\n",
                        "people", "login,name,organization,role\ncli-d,示例,P42128100066,pharmacy\n");
        for (String kind : List.of("organizations", "practitioners", "clients", "people")) {
            Path file = folder.resolve(kind + ".csv");
            Files.writeString(file, files.get(kind));
            assertThat(done("import", kind, file.toString()).path("accepted").asInt())
                    .as(kind)
                    .isEqualTo(1);
            assertThat(done("import", kind, file.toString()).path("repeated").asInt())
                    .as(kind)
                    .isEqualTo(1);
        }
        Said catalogue =
                typedAs(
                        "bureau-1",
                        service.url(),
                        "--client",
                        "bureau-1",
                        "import",
                        "catalogue",
                        "deploy/example-county/catalogue.csv");
        assertThat(catalogue.code()).as(catalogue.err()).isZero();
        assertThat(typed("import", "people", folder.resolve("none.csv").toString()).code())
                .isNotZero();
    }

    @Test
    void a_price_feed_s_life() {
        String address = "https://prices.example.org/3.csv";
        JsonNode set = done("feed", "P42128100003", "--address", address);
        assertThat(set.path("everyMinutes").asInt()).isEqualTo(60);
        assertThat(done("feed", "P42128100003").path("url").asText()).isEqualTo(address);
        assertThat(done("list", "feeds").path("items").size()).isEqualTo(1);
        done("feed", "P42128100003", "--remove");
        assertThat(typed("feed", "P42128100003").code()).isEqualTo(1);
    }

    @Test
    void jobs_are_started_and_followed() {
        for (String[] words :
                new String[][] {
                    {"rotate", "signing"},
                    {"rotate", "sealing"},
                    {"retention"},
                    {"erase", "421281195809219999", "--reason", "示例请求"}
                }) {
            String id = done(words).path("id").asText();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        String state = done("show", "jobs", id).path("state").asText();
                        assertThat(state).as(words[0]).isNotEqualTo("failed");
                        return state.equals("done");
                    });
        }
        assertThat(done("list", "jobs").path("items").size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void what_went_wrong_is_told_and_the_exit_code_says_so() {
        Said unknown = typed("show", "clients", "nobody");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("RX-1004");
        Said secret = typedAs("wrong", service.url(), "list", "clients");
        assertThat(secret.code()).isEqualTo(1);
        assertThat(secret.err()).contains("invalid_client").doesNotContain("wrong");
        Said away = typedAs("operator-1", "http://127.0.0.1:1", "list", "clients");
        assertThat(away.code()).isEqualTo(2);
        assertThat(away.err()).contains("does not answer");
        Said json = typed("change", "clients", "hospital-1", "{nonsense");
        assertThat(json.code()).isNotZero();
        assertThat(typed("--help").out()).contains("rotate-secret", "import");
    }
}
