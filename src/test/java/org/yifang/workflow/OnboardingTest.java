package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// From an empty database to the first dispense, as docs/onboarding.md says it, without anything of
/// the demonstration.
class OnboardingTest {
    private static final Path COUNTY = Path.of("deploy/example-county");
    private static final String PASSWORD = "plum-Tidal-96-kettle";
    private static final String GOOD = "plum-Tidal-97-kettle";

    /// Which entry of the example is the pharmacist who reviewed it.
    private static final int PHARMACIST = 3;

    @TempDir private Path data;
    private String url = "";
    private String clients = "";
    private final Map<String, String> secrets = new HashMap<>();

    @Test
    void a_county_comes_into_service() throws IOException {
        Map<String, String> settings =
                Map.of(
                        "YIFANG_DEMONSTRATION", "false",
                        "YIFANG_REGION", "330822",
                        "YIFANG_DATA", data.toString());
        try (TestService service = TestService.own(settings)) {
            url = service.url();
            String operator = firstOperator();
            register(operator);
            catalogue();
            people();
            Instant now = service.clock().instant();
            dispense(prescribe(now, true), now);
            String task = prescribe(now, false);
            review(task);
            dispense(task, now);
            played();
        }
    }

    /// The script of the example county plays one by itself, with what the import reported.
    private void played() throws IOException {
        Path report = data.resolve("secrets.json");
        Files.writeString(report, clients);
        ProcessBuilder builder =
                new ProcessBuilder(
                        "bash", COUNTY.resolve("first-prescription").toString(), report.toString());
        builder.environment().put("YIFANG_ADMIN_URL", url);
        Process script = builder.redirectErrorStream(true).start();
        String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).endsWith("3. dispensed; the prescription is completed\n");
    }

    private String firstOperator() throws IOException {
        Path file = data.resolve("setup-code");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String code = Files.readString(file);
        assertThat(setup("wrong").code()).isEqualTo("RX-1103");
        assertThat(setup("wrong").status()).isEqualTo(403);
        Reply made = setup(code);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        assertThat(made.body().at("/account/login").asText()).isEqualTo("ops");
        assertThat(setup(code).status()).isEqualTo(410);
        Browser.Page page = new Browser(url).get("/setup");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("data-test=\"setup\"").doesNotContain(code);
        JsonNode client = made.body().path("client");
        secrets.put("operator", client.path("secret").asText());
        return token(client.path("id").asText(), secrets.get("operator"), Map.of());
    }

    private Reply setup(String code) {
        ObjectNode body = Client.JSON.createObjectNode();
        body.put("code", code).put("login", "ops").put("name", "示例运维").put("client", true);
        body.put("password", PASSWORD);
        return Client.send(
                HttpRequest.newBuilder(URI.create(url + "/setup"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private void register(String operator) throws IOException {
        for (String kind : List.of("organizations", "practitioners", "clients", "people")) {
            byte[] file = Files.readAllBytes(COUNTY.resolve(kind + ".csv"));
            long rows = Files.readAllLines(COUNTY.resolve(kind + ".csv")).size() - 1L;
            Reply first = send(operator, "/admin/import?kind=" + kind, "text/csv", file);
            assertThat(first.status()).as(first.raw().body()).isEqualTo(200);
            assertThat(first.body().path("accepted").asLong())
                    .as(first.raw().body())
                    .isEqualTo(rows);
            if (kind.equals("clients")) {
                clients = first.body().toPrettyString();
            }
            for (JsonNode row : first.body().path("rows")) {
                for (String shown : List.of("secret", "password")) {
                    if (row.has(shown)) {
                        secrets.put(row.path("key").asText(), row.path(shown).asText());
                    }
                }
            }
            Reply second = send(operator, "/admin/import?kind=" + kind, "text/csv", file);
            assertThat(second.body().path("repeated").asLong())
                    .as(second.raw().body())
                    .isEqualTo(rows);
            assertThat(second.body().path("accepted").asLong()).isZero();
        }
    }

    private void catalogue() throws IOException {
        byte[] file = Files.readAllBytes(COUNTY.resolve("catalogue.csv"));
        for (int changed : new int[] {6, 0}) {
            Reply reply = send(token("county-bureau"), "/fhir/$import-catalogue", "text/csv", file);
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            assertThat(reply.parameter("changed").path("valueInteger").asInt(-1))
                    .as(reply.raw().body())
                    .isEqualTo(changed);
        }
    }

    /// A pharmacist comes in by the page with the password that the import showed.
    private void people() {
        Browser browser = new Browser(url);
        assertThat(browser.signIn("zheng.minglang", secrets.get("zheng.minglang")).location())
                .isEqualTo("/sign-in");
        browser.fill("/sign-in", Map.of("new-password", GOOD, "repeat-password", GOOD));
        assertThat(browser.get("/counter").status()).isEqualTo(200);
    }

    /// Submits what docs/examples shows, as the county's hospital would write it; gives the Task.
    private String prescribe(Instant now, boolean reviewed) throws IOException {
        String number = "H33082200001-" + (reviewed ? "1" : "2");
        String text =
                Files.readString(Path.of("docs/examples/prescription.json"))
                        .replace("@NOW@", Story.stamp(now))
                        .replace("@END@", Story.stamp(now.plusSeconds(3 * 86_400)))
                        .replace("@NUMBER@", number)
                        .replace("H42128100001", "H33082200001")
                        .replace("赤壁市人民医院", "示例县人民医院")
                        .replace("D421281000101", "D330822000101")
                        .replace("王建国", "林知远")
                        .replace("Y421281000301", "Y330822000101")
                        .replace("李秋菊", "许安然");
        ObjectNode document = (ObjectNode) Client.JSON.readTree(text);
        // The hospital's credit code is not registered in this county.
        ((ArrayNode) Story.resource(document, "Organization").path("identifier")).remove(1);
        if (!reviewed) {
            ((ArrayNode) Story.resource(document, "Composition").path("attester")).remove(1);
            ((ArrayNode) document.path("entry")).remove(PHARMACIST);
        }
        Reply reply = fhir(token("renmin-his"), "/fhir/$submit-prescription", document.toString());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        return reply.raw().body();
    }

    private void review(String task) throws IOException {
        Story.Rx rx = new Story.Rx(Client.JSON.readTree(task));
        List<String> parts =
                new ArrayList<>(List.of("{\"name\":\"decision\",\"valueCode\":\"approve\"}"));
        for (String item :
                List.of(
                        "skin-test",
                        "diagnosis",
                        "dosage",
                        "form-and-route",
                        "duplication",
                        "interaction",
                        "other")) {
            parts.add(Story.check(item, "pass"));
        }
        String body = parameters(parts.toArray(String[]::new));
        Reply nobody = fhir(token("renmin-review"), rx.path() + "/$review", body);
        assertThat(nobody.code()).as(nobody.raw().body()).isEqualTo("RX-1007");
        String pharmacist = token("renmin-review", "Y330822000101", "许安然");
        Reply approved = fhir(pharmacist, rx.path() + "/$review", body);
        assertThat(approved.status()).as(approved.raw().body()).isEqualTo(200);
    }

    private void dispense(String submitted, Instant now) throws IOException {
        Story.Rx rx = new Story.Rx(Client.JSON.readTree(submitted));
        String claim = parameters(Story.string("pickup-code", rx.code()));
        Reply nobody = fhir(token("tianma"), "/fhir/Task/$claim", claim);
        assertThat(nobody.code()).as(nobody.raw().body()).isEqualTo("RX-1007");
        String pharmacist = token("tianma", "Y330822010201", "郑明朗");
        Reply claimed = fhir(pharmacist, "/fhir/Task/$claim", claim);
        assertThat(claimed.status()).as(claimed.raw().body()).isEqualTo(200);
        String held = claimed.parameter("claim-token").path("valueString").asText();
        Reply dispensed =
                fhir(
                        pharmacist,
                        rx.path() + "/$dispense",
                        parameters(
                                Story.string("claim-token", held),
                                "{\"name\":\"checked\",\"valueBoolean\":true}",
                                handedOver(rx.lines().get(0), "XC08CAA013A001010100001", now),
                                handedOver(rx.lines().get(1), "XC10AAA012A001010200002", now)));
        assertThat(dispensed.status()).as(dispensed.raw().body()).isEqualTo(200);
        JsonNode task = dispensed.parameter("task").path("resource");
        assertThat(task.path("status").asText()).isEqualTo("completed");
    }

    private static String handedOver(String line, String drug, Instant now) {
        return """
        {"name":"dispense","resource":{"resourceType":"MedicationDispense",
         "identifier":[{"system":"urn:tianma","value":"%s"}],"status":"completed",
         "medicationCodeableConcept":{"coding":[
          {"system":"https://yifang.org/fhir/sid/nhsa-drug","code":"%s"}]},
         "authorizingPrescription":[{"reference":"MedicationRequest/%s"}],
         "quantity":{"value":7,"unit":"片"},"whenHandedOver":"%s","performer":[%s,%s]}}\
        """
                .formatted(
                        line,
                        drug,
                        line,
                        Story.stamp(now),
                        Story.performer("prepare", "Y330822010202"),
                        Story.performer("check", "Y330822010201"));
    }

    private static String parameters(String... parts) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[" + String.join(",", parts) + "]}";
    }

    private String token(String client) {
        return token(client, secrets.getOrDefault(client, ""), Map.of());
    }

    private String token(String client, String staff, String name) {
        return token(
                client,
                secrets.getOrDefault(client, ""),
                Map.of("subject_id", staff, "subject_name", name));
    }

    private String token(String client, String secret, Map<String, String> person) {
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        person.forEach((name, value) ->
                form.append('&')
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String basic =
                Base64.getEncoder()
                        .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        Reply reply =
                Client.send(
                        HttpRequest.newBuilder(URI.create(url + "/auth/token"))
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form.toString())));
        assertThat(reply.status()).as(client + ": " + reply.raw().body()).isEqualTo(200);
        return reply.body().path("access_token").asText();
    }

    private Reply fhir(String token, String path, String body) {
        return send(token, path, "application/fhir+json", body.getBytes(StandardCharsets.UTF_8));
    }

    private Reply send(String token, String path, String type, byte[] body) {
        return Client.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }
}
