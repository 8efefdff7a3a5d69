package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yifang.TestService;
import org.yifang.audit.Outsider;
import org.yifang.audit.log.EntryBundle;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Bulk Data exports over HTTP, as an auditor's or a bureau's system fetches them.
@Timeout(120)
final class ExportTest {
    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client auditor = new Client(service, "auditor-1");
    private final Client bureau = new Client(service, "bureau-1");

    private Reply ask(Client who, String query) {
        return Client.send(
                who.request("/fhir/$export" + query)
                        .header("Prefer", "respond-async")
                        .header("Accept", "application/fhir+json")
                        .GET());
    }

    /// The status URL behind our own host.
    private static String status(Reply kickOff) {
        assertThat(kickOff.status()).as(kickOff.raw().body()).isEqualTo(202);
        return path(kickOff.raw().headers().firstValue("Content-Location").orElseThrow());
    }

    private static String path(String url) {
        URI uri = URI.create(url);
        return uri.getPath() + '?' + uri.getRawQuery();
    }

    private static Reply awaitDone(Client who, String status) throws InterruptedException {
        while (true) {
            Reply reply = who.get(status);
            if (reply.status() != 202) {
                return reply;
            }
            assertThat(reply.raw().headers().firstValue("X-Progress")).isPresent();
            assertThat(reply.raw().headers().firstValue("Retry-After")).isPresent();
            Thread.sleep(100);
        }
    }

    private static List<JsonNode> lines(Client who, JsonNode manifest, String type)
            throws java.io.IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (JsonNode output : manifest.path("output")) {
            if (output.path("type").asText().equals(type)) {
                Reply file = who.get(path(output.path("url").asText()));
                assertThat(file.status()).isEqualTo(200);
                assertThat(file.raw().headers().firstValue("Content-Type").orElse(""))
                        .isEqualTo("application/fhir+ndjson");
                int before = lines.size();
                for (String line : file.raw().body().lines().toList()) {
                    lines.add(Client.JSON.readTree(line));
                }
                assertThat(lines.size() - before).isEqualTo(output.path("count").asInt());
            }
        }
        return lines;
    }

    @Test
    void an_auditor_gets_every_event_up_to_the_moment_of_the_request() throws Exception {
        Story.Rx rx = story.prescribed();
        String status = status(ask(auditor, "?_type=AuditEvent"));
        Reply done = awaitDone(auditor, status);
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.raw().headers().firstValue("Expires")).isPresent();
        assertThat(done.body().path("requiresAccessToken").asBoolean()).isTrue();
        assertThat(done.body().path("request").asText()).endsWith("/fhir/$export?_type=AuditEvent");
        List<JsonNode> events = lines(auditor, done.body(), "AuditEvent");
        Set<String> ids = new HashSet<>();
        events.forEach(event -> ids.add(event.path("id").asText()));
        assertThat(ids).hasSameSizeAs(events);
        assertThat(events)
                .anyMatch(event -> event.toString().contains("Task/" + rx.id()))
                .allMatch(event ->
                        !Instant.parse(event.path("recorded").asText())
                                .isAfter(
                                        Instant.parse(
                                                done.body().path("transactionTime").asText())));

        // The download itself is audited, with every patient whose data it held.
        String patient = rx.task().at("/for/reference").asText();
        Reply audited = auditor.get("/fhir/AuditEvent?subtype=export-file&patient=" + patient);
        assertThat(audited.body().path("entry")).isNotEmpty();
        assertThat(auditor.get("/fhir/AuditEvent?subtype=export").body().path("entry"))
                .isNotEmpty();
    }

    /// As the page about the log says, with nothing but the export and the published entries.
    @Test
    void an_export_opens_the_commitments_of_the_published_log() throws Exception {
        Story.Rx rx = story.prescribed();
        Client named =
                new Client(
                        service,
                        "pharmacy-8",
                        Map.of(
                                "subject_id", "YS1",
                                "subject_name", "王\"芳\"",
                                "subject_role", "pharmacist",
                                "organization_id", "P42128100008",
                                "purpose_of_use", "TREAT"));
        story.claimed(named, rx);
        named.get("/fhir/Task?status=in-progress");
        assertThat(named.get("/fhir/Task/" + java.util.UUID.randomUUID()).status()).isEqualTo(404);
        story.patient().get("/fhir/Task");
        Reply done = awaitDone(auditor, status(ask(auditor, "?_type=AuditEvent")));
        List<JsonNode> events = lines(auditor, done.body(), "AuditEvent");
        int size = size();
        Map<Integer, List<byte[]>> bundles = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode event : events) {
            int index = Outsider.entryOf(event);
            int bundle = index / 256;
            if (!bundles.containsKey(bundle)) {
                bundles.put(bundle, entries(bundle, Math.min(256, size - 256 * bundle)));
            }
            byte[] entry = bundles.get(bundle).get(index % 256);
            assertThat(Outsider.unlike(event, entry)).as(event.toString()).isNull();
            event.path("subtype").forEach(one -> seen.add(one.path("code").asText()));
        }
        assertThat(seen).contains("token", "claim", "search-type", "read", "submit-prescription");
        assertThat(events).anyMatch(event -> event.toString().contains("person-organization"));
    }

    private int size() {
        return Integer.parseInt(
                auditor.get("/audit/checkpoint").raw().body().lines().toList().get(1));
    }

    private List<byte[]> entries(int bundle, int width) throws Exception {
        String path =
                "/audit/tile/entries/%03d".formatted(bundle) + (width < 256 ? ".p/" + width : "");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return EntryBundle.decode(
                    http.send(
                                    HttpRequest.newBuilder(URI.create(service.url() + path))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body());
        }
    }

    @Test
    void since_leaves_out_what_was_there_before() throws Exception {
        story.prescribed();
        Reply first = awaitDone(auditor, status(ask(auditor, "?_type=AuditEvent")));
        String moment = first.body().path("transactionTime").asText();
        Story.Rx later = story.prescribed();
        Reply second =
                awaitDone(auditor, status(ask(auditor, "?_type=AuditEvent&_since=" + moment)));
        List<JsonNode> events = lines(auditor, second.body(), "AuditEvent");
        assertThat(events)
                .anyMatch(event -> event.toString().contains("Task/" + later.id()))
                .allMatch(event -> event.path("recorded").asText().compareTo(moment) > 0);
    }

    @Test
    void a_bureau_gets_prescriptions_of_nobody_known() throws Exception {
        Story.Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
        Reply done = awaitDone(bureau, status(ask(bureau, "")));
        List<JsonNode> patients = lines(bureau, done.body(), "Patient");
        List<JsonNode> requests = lines(bureau, done.body(), "MedicationRequest");
        List<JsonNode> dispenses = lines(bureau, done.body(), "MedicationDispense");
        assertThat(lines(bureau, done.body(), "AuditEvent")).isEmpty();

        String all = patients + "\n" + requests + "\n" + dispenses;
        assertThat(all)
                .doesNotContain(rx.id())
                .doesNotContain(rx.lines().getFirst())
                .doesNotContain(rx.task().at("/for/reference").asText())
                .doesNotContain("421281195809210020")
                .doesNotContain("YS421281")
                .doesNotContain("T0")
                .doesNotContain("\"name\"");
        Set<String> people = new HashSet<>();
        patients.forEach(one -> people.add("Patient/" + one.path("id").asText()));
        assertThat(requests)
                .isNotEmpty()
                .allMatch(one -> people.contains(one.at("/subject/reference").asText()))
                .allMatch(one -> one.path("authoredOn").asText().length() == 10);
        Set<String> lines = new HashSet<>();
        requests.forEach(one -> lines.add("MedicationRequest/" + one.path("id").asText()));
        assertThat(dispenses)
                .isNotEmpty()
                .allMatch(one ->
                        lines.contains(one.at("/authorizingPrescription/0/reference").asText()));
        assertThat(patients).allMatch(one -> one.path("birthDate").asText().length() <= 4);

        // In another export the same people have other names.
        Reply again = awaitDone(bureau, status(ask(bureau, "?_type=Patient")));
        assertThat(lines(bureau, again.body(), "Patient"))
                .noneMatch(one -> people.contains("Patient/" + one.path("id").asText()));
    }

    @Test
    void nobody_gets_what_is_not_theirs() throws Exception {
        assertThat(ask(bureau, "?_type=AuditEvent").code()).isEqualTo("RX-1002");
        assertThat(ask(story.hospital, "").code()).isEqualTo("RX-1002");
        String status = status(ask(auditor, "?_type=Patient"));
        awaitDone(auditor, status);
        assertThat(bureau.get(status).status()).isEqualTo(404);
        assertThat(auditor.get("/fhir/$export-status?job=nonsense").status()).isEqualTo(404);
    }

    @Test
    void a_deleted_export_is_gone() throws Exception {
        String status = status(ask(auditor, "?_type=Patient"));
        Reply done = awaitDone(auditor, status);
        String file = path(done.body().at("/output/0/url").asText());
        assertThat(auditor.get(file).status()).isEqualTo(200);
        assertThat(Client.send(auditor.request(status).DELETE()).status()).isEqualTo(202);
        assertThat(auditor.get(status).status()).isEqualTo(404);
        assertThat(auditor.get(file).status()).isEqualTo(404);
    }

    @Test
    void parameters_that_are_not_taken_are_refused_unless_the_caller_wants_them_passed_over()
            throws Exception {
        assertThat(ask(auditor, "?_typeFilter=AuditEvent%3Fdate%3D2026").status()).isEqualTo(400);
        assertThat(ask(auditor, "?_type=Observation").status()).isEqualTo(400);
        assertThat(ask(auditor, "?_outputFormat=text/csv").status()).isEqualTo(400);
        assertThat(ask(auditor, "?_since=yesterday").status()).isEqualTo(400);
        Reply lenient =
                Client.send(
                        auditor.request("/fhir/$export?_type=Patient&_elements=id")
                                .header("Prefer", "respond-async, handling=lenient")
                                .GET());
        String status = status(lenient);
        awaitDone(auditor, status);
        Client.send(auditor.request(status).DELETE());
    }
}
