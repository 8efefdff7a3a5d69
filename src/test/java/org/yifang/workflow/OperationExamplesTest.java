package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yifang.TestService;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.tools.OperationsPage;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Every example of `docs/operations.md` is answered as the page says.
final class OperationExamplesTest {
    // Of its own: one of them unmasks, which would last for the tests of others.
    private static TestService service;

    private final Story story = new Story(service);
    private final Client auditor = new Client(service, "auditor-1");
    private final Client bureau = new Client(service, "bureau-1");

    @BeforeAll
    static void open() {
        service = TestService.own(Map.of());
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static JsonNode examples() throws IOException {
        return Client.JSON.readTree(Files.readString(OperationsPage.EXAMPLES));
    }

    @TestFactory
    Stream<DynamicTest> each_example_is_answered_as_the_page_says() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        examples()
                .forEach(one ->
                        tests.add(
                                DynamicTest.dynamicTest(
                                        one.path("operation").asText(), () -> run(one))));
        return tests.stream();
    }

    /// Those of subscriptions are told with the receivers that they need, in their own test.
    @Test
    void every_operation_has_an_example() throws IOException {
        Set<String> shown = new HashSet<>();
        examples().forEach(one -> shown.add(one.path("operation").asText()));
        try (Stream<Path> files = Files.list(Path.of("fhir-profiles/operations"))) {
            for (Path file : files.toList()) {
                JsonNode definition = Client.JSON.readTree(Files.readString(file));
                if (!definition.path("resource").toString().contains("Subscription")) {
                    assertThat(shown).contains(definition.path("code").asText());
                }
            }
        }
    }

    @Test
    void every_error_that_an_example_names_exists() throws IOException {
        List<String> codes = Arrays.stream(ProblemCode.values()).map(ProblemCode::code).toList();
        examples()
                .forEach(example ->
                        example.path("errors")
                                .forEach(one -> assertThat(codes).contains(one.asText())));
    }

    private void run(JsonNode example) throws Exception {
        Map<String, String> values = given(example.path("given").asText());
        String[] call = filled(example.path("call").asText(), values).split(" ", 2);
        Client by = client(example.path("client").asText());
        HttpRequest.Builder request = by.request(call[1]);
        if (example.has("accept")) {
            request.header("Accept", example.path("accept").asText());
        }
        if (call[0].equals("POST")) {
            String body =
                    example.has("file")
                            ? Files.readString(Path.of(example.path("file").asText()))
                            : example.path("body").toString();
            request.header("Content-Type", example.path("type").asText("application/fhir+json"))
                    .POST(HttpRequest.BodyPublishers.ofString(filled(body, values)));
        }
        Reply reply = Client.send(request);
        assertThat(reply.status())
                .as(reply.raw().body())
                .isEqualTo(example.path("answers").asInt());
    }

    private Client client(String id) {
        return switch (id) {
            case "reviewer-1" -> story.reviewer;
            case "patient-app" -> story.patient();
            default -> new Client(service, id);
        };
    }

    private static String filled(String text, Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> one : values.entrySet()) {
            filled = filled.replace("@" + one.getKey() + "@", one.getValue());
        }
        return filled;
    }

    private Map<String, String> given(String what) throws Exception {
        Map<String, String> values = new HashMap<>();
        String now = Story.stamp(service.clock().instant());
        int year = LocalDate.now(ZoneId.of("Asia/Shanghai")).getYear();
        values.put("NOW", now);
        values.put("END", now.substring(0, 10) + "T23:59:59+08:00");
        values.put("SECONDS", String.valueOf(System.nanoTime() % 1_000_000_000));
        values.put("NUMBER", "H42128100001-X" + System.nanoTime());
        values.put("YEAR", String.valueOf(year));
        values.put("NEXT", String.valueOf(year + 1));
        values.put("PHARMACY", story.organization("P42128100001"));
        switch (what) {
            case "awaiting-review" -> rx(values, story.prescribed(story.unreviewed()));
            case "ready" -> {
                Rx rx = story.prescribed();
                rx(values, rx);
                values.put("LINE1", rx.lines().get(0));
            }
            case "suspended" -> {
                Rx rx = story.prescribed();
                story.hospital.call(rx.path() + "/$suspend", Story.reason("x"));
                rx(values, rx);
            }
            case "claimed" -> claimed(values);
            case "dispensed" -> dispensed(values);
            case "offer" ->
                    values.put(
                            "OFFER",
                            story.pharmacy
                                    .get(
                                            "/fhir/ChargeItemDefinition?_count=1"
                                                    + "&seller=Organization/"
                                                    + story.organization("P42128100001"))
                                    .body()
                                    .at("/entry/0/resource/id")
                                    .asText());
            case "event" -> {
                story.prescribed();
                values.put(
                        "EVENT",
                        auditor.get("/fhir/AuditEvent?_count=1")
                                .body()
                                .at("/entry/0/resource/id")
                                .asText());
            }
            case "held" -> held(values);
            case "exported" -> exported(values);
            case "evaluation" -> evaluation(values);
            default -> {}
        }
        return values;
    }

    private static void rx(Map<String, String> values, Rx rx) {
        values.put("TASK", rx.id());
        values.put("CODE", rx.code());
        String patient = rx.task().at("/for/reference").asText();
        values.put("PATIENT", patient.substring(patient.indexOf('/') + 1));
    }

    private void claimed(Map<String, String> values) {
        Rx rx = story.prescribed();
        rx(values, rx);
        values.put("TOKEN", story.claimed(story.pharmacy, rx));
        values.put("LINE1", rx.lines().get(0));
        values.put("LINE2", rx.lines().get(1));
    }

    private void dispensed(Map<String, String> values) {
        Rx rx = story.prescribed();
        rx(values, rx);
        Reply reply = story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
        values.put("DISPENSE", reply.parameter("dispense").at("/resource/id").asText());
    }

    /// A price ten times that of the others.
    private void held(Map<String, String> values) {
        String csv =
                "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                        + "XC08CAA013A001010100001,999.00,7,片,4,retail,"
                        + Story.stamp(service.clock().instant())
                        + "\n";
        Client.send(
                story.pharmacy
                        .request("/fhir/$import-offers")
                        .header("Content-Type", "text/csv")
                        .POST(HttpRequest.BodyPublishers.ofString(csv)));
        JsonNode held = bureau.get("/fhir/$held-prices").body();
        for (JsonNode part : held.at("/parameter/0/part")) {
            if (part.path("name").asText().equals("id")) {
                values.put("HELD", part.path("valueString").asText());
            }
        }
    }

    private void exported(Map<String, String> values) throws InterruptedException {
        String status = started(auditor, "/fhir/$export?_type=AuditEvent");
        Reply done = auditor.get(status);
        while (done.status() == 202) {
            Thread.sleep(100);
            done = auditor.get(status);
        }
        values.put("STATUS", status);
        values.put("FILE", path(done.body().at("/output/0/url").asText()));
    }

    private void evaluation(Map<String, String> values) throws InterruptedException {
        String status =
                started(
                        bureau,
                        "/fhir/Measure/queue-time-reduction/$evaluate-measure?baselineStart="
                                + "2026-01-05&baselineEnd=2026-04-05&periodStart=2026-04-06"
                                + "&periodEnd=2026-07-05");
        while (bureau.get(status).status() == 202) {
            Thread.sleep(100);
        }
        values.put("STATUS", status);
    }

    private static String started(Client by, String call) {
        Reply kickOff =
                Client.send(
                        by.request(call)
                                .header("Prefer", "respond-async")
                                .header("Accept", "application/fhir+json")
                                .GET());
        return path(
                kickOff.raw()
                        .headers()
                        .firstValue("Content-Location")
                        .orElseThrow(() -> new IllegalStateException(kickOff.raw().body())));
    }

    private static String path(String url) {
        URI uri = URI.create(url);
        return uri.getPath() + '?' + uri.getRawQuery();
    }
}
