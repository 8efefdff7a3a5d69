package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The files that an institution would send of its own past, sent exactly as the pages say.
class PastFilesTest {
    private static final Pattern CALL =
            Pattern.compile(
                    "^curl -H \"Authorization: Bearer \\$(\\w+)\" -H 'Content-Type: ([^']+)'"
                            + " --data-binary @(docs/examples/\\S+) \"\\$BASE(/[^\"]+)\"$",
                    Pattern.MULTILINE);
    private static final Map<String, String> CLIENTS =
            Map.of("HOSPITAL", "hospital-1", "PHARMACY", "pharmacy-1", "BUREAU", "bureau-1");
    private static final TestService SERVICE = TestService.own(Map.of());

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    /// A call of a page.
    private record Call(String client, String type, Path file, String path) {
        Reply send() throws IOException {
            return Client.send(
                    new Client(SERVICE, client)
                            .request(path)
                            .header("Content-Type", type)
                            .POST(
                                    HttpRequest.BodyPublishers.ofByteArray(
                                            Files.readAllBytes(file))));
        }
    }

    private static List<Call> calls(String page) throws IOException {
        List<Call> calls = new ArrayList<>();
        var found = CALL.matcher(Files.readString(Path.of(page)));
        while (found.find()) {
            calls.add(
                    new Call(
                            CLIENTS.getOrDefault(found.group(1), "?"),
                            found.group(2),
                            Path.of(found.group(3)),
                            found.group(4).replace("\\$", "$")));
        }
        return calls;
    }

    private static int number(Reply reply, String name) {
        return reply.parameter(name).path("valueInteger").asInt(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/queues.md", "docs/prices.md"})
    void every_file_of_a_page_is_taken_in_whole(String page) throws IOException {
        List<Call> calls = calls(page);
        assertThat(calls).hasSizeGreaterThanOrEqualTo(3);
        for (Call call : calls) {
            Reply reply = call.send();
            assertThat(reply.status()).as(call.file + reply.raw().body()).isIn(200, 201);
            if (call.type.startsWith("text/csv")) {
                int rows = Files.readAllLines(call.file).size() - 1;
                assertThat(number(reply, "refused")).as(reply.raw().body()).isZero();
                int taken = number(reply, "accepted") + Math.max(number(reply, "held"), 0);
                assertThat(taken).as(call.file.toString()).isEqualTo(rows);
            } else {
                assertThat(reply.body().path("resourceType").asText()).isEqualTo("Measure");
            }
        }
    }

    @Test
    void a_registered_plan_and_its_reports_are_read_where_the_answer_says() throws IOException {
        Client bureau = new Client(SERVICE, "bureau-1");
        String start =
                SERVICE.clock().instant().plusSeconds(86_400L * 40).toString().substring(0, 10);
        String end =
                SERVICE.clock().instant().plusSeconds(86_400L * 140).toString().substring(0, 10);
        String plan =
                Files.readString(Path.of("docs/examples/price-plan.json"))
                        .replace("{\"name\": \"preview\", \"valueBoolean\": true},", "")
                        .replace("2026-01-01", "2024-01-01")
                        .replace("2026-12-31", "2024-12-31")
                        .replace("2027-01-01", start)
                        .replace("2027-12-31", end);
        Reply registered = bureau.post("/fhir/Measure/drug-price-change/$register-plan", plan);
        assertThat(registered.status()).as(registered.raw().body()).isEqualTo(201);
        String location = registered.raw().headers().firstValue("Location").orElseThrow();
        String read = location.substring(location.indexOf("/fhir/"));
        Reply measure = bureau.get(read.replaceFirst("/_history/.*", ""));
        assertThat(measure.status()).as(location).isEqualTo(200);
        assertThat(measure.body().path("title").asText()).isEqualTo("药价下降一成");
        assertThat(new Client(SERVICE, "hospital-1").get("/fhir/Measure/" + id(measure)).status())
                .isEqualTo(404);
        String asked = "/fhir/Measure/drug-price-change/$evaluate-measure?plan=" + id(measure);
        Reply report = bureau.get(asked);
        assertThat(report.status()).as(report.raw().body()).isEqualTo(200);
        Reply listed = bureau.get("/fhir/MeasureReport?measure=Measure/" + id(measure));
        assertThat(listed.body().path("total").asInt()).isEqualTo(1);
        JsonNode found = listed.body().at("/entry/0/resource");
        assertThat(found.path("id").asText()).isEqualTo(report.body().path("id").asText());
        assertThat(bureau.get("/fhir/MeasureReport/" + found.path("id").asText()).status())
                .isEqualTo(200);
        assertThat(bureau.get("/fhir/MeasureReport?measure=drug-price-change").body().path("total"))
                .isNotNull();
    }

    private static String id(Reply reply) {
        return reply.body().path("id").asText();
    }
}
