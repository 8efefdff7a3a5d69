package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Who waits is told of the line as it changes, on pages and telephones.
class WaitingLiveTest {
    private final TestService service = TestService.byDay();
    private final Client hospital = new Client(service, "hospital-2");
    private final String queue = "window-" + ThreadLocalRandom.current().nextLong(1_000_000_000);

    private String event(String ticket, int seq, String code, Instant at) {
        return """
        {"name":"event","part":[{"name":"ticket","valueString":"%s"},
        {"name":"queue","valueString":"%s"},{"name":"seq","valueInteger":%d},
        {"name":"stage","valueCode":"consultation"},{"name":"code","valueCode":"%s"},
        {"name":"at","valueInstant":"%s"},{"name":"department","valueString":"内科"}]}\
        """
                .formatted(ticket, queue, seq, code, Story.stamp(at));
    }

    private Reply send(String... events) {
        return hospital.call("/fhir/$queue-events", events);
    }

    @Test
    void pages_and_telephones_are_told_of_the_line_as_it_changes() throws Exception {
        Instant now = service.clock().instant();
        send(event("L1", 1, "joined", now.minusSeconds(60)));
        String task =
                hospital.get("/fhir/Task?queue=" + queue)
                        .body()
                        .at("/entry/0/resource/id")
                        .asText();
        JsonNode queues = Client.send(open("/queue?organization=H42128100002")).body();
        String id = "";
        for (JsonNode one : queues.path("queues")) {
            id = one.path("queue").asText().equals(queue) ? one.path("id").asText() : id;
        }
        assertThat(id).isNotEmpty();
        var answer =
                java.net.http.HttpClient.newHttpClient()
                        .send(
                                open("/queue/" + id + "/live?ticket=" + task).build(),
                                java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            JsonNode first = standing(lines);
            assertThat(first.path("inLine").asInt()).isEqualTo(1);
            assertThat(first.path("ahead").asInt(-1)).isZero();
            send(event("L0", 1, "joined", now.minusSeconds(120)));
            JsonNode then = standing(lines);
            // What was told of before the page began to watch may come once more.
            for (int more = 0; more < 5 && then.path("inLine").asInt() < 2; more++) {
                then = standing(lines);
            }
            assertThat(then.path("inLine").asInt()).isEqualTo(2);
            assertThat(then.path("ahead").asInt()).isEqualTo(1);
        }
    }

    @Test
    void one_connection_tells_of_all_windows_of_an_organization() throws Exception {
        Instant now = service.clock().instant();
        send(
                event("M1", 1, "joined", now.minusSeconds(60)),
                event("M2", 1, "joined", now.minusSeconds(30)));
        String other = event("M3", 1, "joined", now).replace(queue, queue + "-b");
        send(other);
        var answer =
                java.net.http.HttpClient.newHttpClient()
                        .send(
                                open("/queue/live?organization=H42128100002").build(),
                                java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        java.util.Map<String, Integer> inLine = new java.util.HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            while (!inLine.keySet().containsAll(List.of(queue, queue + "-b"))) {
                JsonNode one = standing(lines);
                inLine.put(one.path("queue").asText(), one.path("inLine").asInt());
            }
        }
        assertThat(inLine).containsEntry(queue, 2).containsEntry(queue + "-b", 1);
        assertThat(Client.send(open("/queue/live?organization=H0")).status()).isEqualTo(404);
        assertThat(Client.send(open("/queue/live")).status()).isEqualTo(404);
    }

    @Test
    void the_page_offers_every_hospital_and_pharmacy_in_both_languages() throws Exception {
        var client = java.net.http.HttpClient.newHttpClient();
        for (String language : List.of("zh", "en")) {
            var page =
                    client.send(
                            open("/queues?lang="
                                            + language
                                            + "&organization=P42128100003%22%3Cscript%3E")
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("script-src 'self'");
            assertThat(page.body())
                    .contains("value=\"H42128100001\" selected", "value=\"P42128100012\"")
                    .contains(language.equals("en") ? "Waiting now" : "排队情况")
                    .doesNotContain("\"<script>");
        }
        var chosen =
                client.send(
                        open("/queues?organization=P42128100003").build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
        assertThat(chosen.body()).contains("value=\"P42128100003\" selected");
        var script =
                client.send(
                        open("/assets/waiting.js").build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
        assertThat(script.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/javascript");
        // Names rather than codes, and nothing that only a statistician reads.
        assertThat(script.body()).contains("EventSource", "queue.name").doesNotContain("rangeHeld");
    }

    private HttpRequest.Builder open(String path) {
        return HttpRequest.newBuilder(URI.create(service.url() + path));
    }

    private static JsonNode standing(BufferedReader lines) throws java.io.IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data: {\"queue\"")) {
            line = lines.readLine();
        }
        return Client.JSON.readTree(line == null ? "{}" : line.substring("data: ".length()));
    }
}
