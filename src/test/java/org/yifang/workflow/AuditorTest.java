package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/// What an auditor asks the log over HTTP.
final class AuditorTest {
    private static final String CARD = "421281195809210020";

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client auditor = new Client(service, "auditor-1");

    private static Reply search(Client who, String form) {
        return Client.send(
                who.request("/fhir/AuditEvent/_search")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private Reply ask(String question) {
        return auditor.get(
                "/fhir/AuditEvent/$question?question="
                        + question
                        + "&start="
                        + Instant.now().minusSeconds(3600));
    }

    private static boolean tells(Reply reply, String text) {
        for (JsonNode one : reply.body().path("parameter")) {
            if (one.path("name").asText().equals("row") && one.toString().contains(text)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void who_looked_at_this_person_is_answered_by_the_number_without_unmasking() {
        Story.Rx rx = story.prescribed();
        story.claimed(story.pharmacy, rx);
        String patient = rx.task().at("/for/reference").asText();
        for (String name : new String[] {"patient:identifier", "patient.identifier"}) {
            for (String value : new String[] {CARD, "urn:oid:2.16.156.10011.1.3|" + CARD}) {
                Reply found = search(auditor, name + "=" + value + "&_count=20");
                assertThat(found.status()).isEqualTo(200);
                assertThat(found.body().path("entry")).isNotEmpty();
                assertThat(found.body().path("entry"))
                        .allMatch(entry -> entry.toString().contains(patient));
                assertThat(found.raw().body()).doesNotContain(CARD);
            }
        }
        assertThat(search(auditor, "patient:identifier=421281199001010011").body().path("entry"))
                .isEmpty();
        Reply inUrl = auditor.get("/fhir/AuditEvent?patient:identifier=" + CARD);
        assertThat(inUrl.status()).isEqualTo(400);
        assertThat(inUrl.code()).isEqualTo("RX-1405");
    }

    @Test
    void the_question_is_audited_without_the_number_and_with_the_patient() {
        String patient = story.prescribed().task().at("/for/reference").asText();
        Reply asked = search(auditor, "patient:identifier=" + CARD + "&_count=1");
        String request = asked.raw().headers().firstValue("X-Request-Id").orElseThrow();
        Reply events =
                auditor.get(
                        "/fhir/AuditEvent?agent=auditor-1&subtype=search-type&_count=50&patient="
                                + patient);
        for (JsonNode entry : events.body().path("entry")) {
            if (entry.toString().contains(request)) {
                String queries = "";
                for (JsonNode entity : entry.at("/resource/entity")) {
                    queries +=
                            new String(
                                    Base64.getDecoder().decode(entity.path("query").asText()),
                                    StandardCharsets.UTF_8);
                }
                assertThat(queries).contains("patient:identifier=").doesNotContain(CARD);
                return;
            }
        }
        throw new AssertionError("The auditor's own search is not in the log: " + request);
    }

    @Test
    void ready_questions_answer_with_their_definition_and_rows() {
        Story.Rx rx = story.prescribed();
        for (int i = 0; i < 3; i++) {
            String token = story.claimed(story.pharmacy, rx);
            Reply released =
                    story.pharmacy.call(
                            rx.path() + "/$release",
                            Story.string("claim-token", token),
                            Story.reason("no stock"));
            assertThat(released.status()).as(released.raw().body()).isEqualTo(200);
        }
        Reply again = ask("released-again");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.parameter("definition").path("valueString").asText())
                .isEqualTo("Prescriptions claimed and released three times or more");
        assertThat(tells(again, "Task/" + rx.id())).isTrue();

        Client pharmacy = new Client(service, "pharmacy-7", Map.of("purpose_of_use", "HMARKT"));
        story.claimed(pharmacy, rx);
        assertThat(pharmacy.get(rx.path()).status()).isEqualTo(200);
        assertThat(tells(ask("outside-treatment"), "HMARKT")).isTrue();

        pharmacy.call("/fhir/Task/$claim", Story.string("pickup-code", "ZZZZZZZ2"));
        assertThat(tells(ask("refusals"), "pharmacy-7")).isTrue();
        for (String question :
                new String[] {"unmasking", "many-patients", "trace-code-twice", "odd-hours"}) {
            assertThat(ask(question).status()).as(question).isEqualTo(200);
        }
    }

    @Test
    void a_question_that_nobody_knows_or_is_not_for_the_caller_is_refused() {
        assertThat(ask("whatever").code()).isEqualTo("RX-1403");
        assertThat(auditor.get("/fhir/AuditEvent/$question?question=refusals").codes())
                .contains("RX-1406");
        assertThat(
                        new Client(service, "bureau-1")
                                .get(
                                        "/fhir/AuditEvent/$question?question=refusals"
                                                + "&start=2026-01-01T00:00:00Z")
                                .code())
                .isEqualTo("RX-1002");
    }
}
