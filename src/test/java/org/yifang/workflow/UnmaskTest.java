package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/// An auditor looks behind the mask, and the person sees who did and why.
final class UnmaskTest {
    private static final String CARD = "421281195809210020";

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client auditor =
            new Client(service, "auditor-1", Map.of("subject_id", "A421281000001"));
    private final Client other =
            new Client(service, "auditor-1", Map.of("subject_id", "A421281000002"));

    private static String number(JsonNode patient) {
        return patient.at("/identifier/0/value").asText();
    }

    @Test
    void a_reason_unmasks_for_this_auditor_alone_and_stands_in_the_trail() {
        String patient = story.prescribed().task().at("/for/reference").asText();
        String path = "/fhir/" + patient;
        assertThat(number(auditor.get(path).body())).isNotEqualTo(CARD);
        Reply without = auditor.call(path + "/$unmask");
        assertThat(without.status()).isEqualTo(400);
        assertThat(number(auditor.get(path).body())).isNotEqualTo(CARD);
        Reply unmasked = auditor.call(path + "/$unmask", Story.reason("complaint 2026-17"));
        assertThat(unmasked.status()).isEqualTo(200);
        assertThat(number(unmasked.body())).isEqualTo(CARD);
        assertThat(number(auditor.get(path).body())).isEqualTo(CARD);
        assertThat(
                        number(
                                auditor.get("/fhir/Patient?_id=" + patient.substring(8))
                                        .body()
                                        .at("/entry/0/resource")))
                .isEqualTo(CARD);
        assertThat(number(other.get(path).body())).isNotEqualTo(CARD);
        Reply trail = story.patient().get(path + "/$audit-trail?count=20");
        assertThat(trail.status()).isEqualTo(200);
        assertThat(trail.body().path("entry"))
                .anyMatch(entry ->
                        entry.toString().contains("unmask")
                                && entry.toString().contains("complaint 2026-17"));
        assertThat(trail.raw().body()).doesNotContain(CARD);
        Reply others = story.patient().get(path + "/$audit-trail?count=20&others=true");
        assertThat(others.body().path("entry"))
                .anyMatch(entry -> entry.toString().contains("unmask"))
                .filteredOn(entry -> entry.toString().contains("\"patient-app\""))
                .allMatch(entry -> entry.toString().contains("\"token\""));
        assertThat(trail.raw().body()).contains("audit-trail");
    }

    /// A client that keeps what it read asks whether it still holds: what it may see has changed,
    /// though nothing of the Patient has.
    @Test
    void what_was_read_behind_the_mask_or_before_it_is_not_said_to_hold_still()
            throws SQLException {
        Client third = new Client(service, "auditor-1", Map.of("subject_id", "A421281000003"));
        String patient = story.prescribed().task().at("/for/reference").asText();
        Reply masked = third.get("/fhir/" + patient);
        assertThat(third.call("/fhir/" + patient + "/$unmask", Story.reason("a")).status())
                .isEqualTo(200);
        Reply behind = asked(third, patient, masked);
        assertThat(behind.status()).isEqualTo(200);
        assertThat(number(behind.body())).isEqualTo(CARD);
        var at = service.database();
        try (Connection database =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = database.createStatement()) {
            statement.execute(
                    "UPDATE unmasking SET until = now() - interval '1 minute' WHERE person ="
                            + " 'A421281000003'");
        }
        Reply after = asked(third, patient, behind);
        assertThat(after.status()).isEqualTo(200);
        assertThat(number(after.body())).isNotEqualTo(CARD);
        Reply before = story.hospital.get("/fhir/" + patient);
        assertThat(asked(story.hospital, patient, before).status()).isEqualTo(200);
        // Of the patient's own resource the version says all.
        Reply own = story.patient().get("/fhir/" + patient);
        assertThat(asked(story.patient(), patient, own).status()).isEqualTo(304);
    }

    private static Reply asked(Client by, String patient, Reply known) {
        return Client.send(
                by.request("/fhir/" + patient)
                        .header(
                                "If-None-Match",
                                known.raw().headers().firstValue("ETag").orElseThrow()));
    }

    @Test
    void what_no_longer_holds_is_forgotten_when_the_next_is_asked_for() throws SQLException {
        String first = story.prescribed().task().at("/for/reference").asText();
        assertThat(auditor.call("/fhir/" + first + "/$unmask", Story.reason("a")).status())
                .isEqualTo(200);
        var at = service.database();
        try (Connection database =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = database.createStatement()) {
            statement.execute(
                    "UPDATE unmasking SET until = now() - interval '1 minute' WHERE person ="
                            + " 'A421281000001'");
            assertThat(number(auditor.get("/fhir/" + first).body())).isNotEqualTo(CARD);
            other.call("/fhir/" + first + "/$unmask", Story.reason("b"));
            try (ResultSet old =
                    statement.executeQuery("SELECT 1 FROM unmasking WHERE until < now()")) {
                assertThat(old.next()).isFalse();
            }
        }
    }

    @Test
    void a_trail_is_read_page_by_page_and_by_its_patient_alone() {
        String patient = story.prescribed().task().at("/for/reference").asText();
        story.prescribed();
        String trail = "/fhir/" + patient + "/$audit-trail";
        Reply first = story.patient().get(trail + "?count=1");
        assertThat(first.body().path("entry")).hasSize(1);
        String next = first.body().at("/link/1/url").asText();
        assertThat(next).contains("before=");
        Reply second = story.patient().get("/fhir/" + next);
        assertThat(second.body().at("/entry/0/resource/id"))
                .isNotEqualTo(first.body().at("/entry/0/resource/id"));
        String stranger = trail.replace(patient, "Patient/00000000-0000-7000-8000-000000000000");
        assertThat(story.patient().get(stranger).status()).isEqualTo(404);
        assertThat(auditor.get(trail).status()).isEqualTo(403);
        assertThat(story.hospital.call("/fhir/" + patient + "/$unmask", Story.reason("x")).status())
                .isEqualTo(403);
    }

    @Test
    void a_person_s_number_in_a_path_or_a_request_id_is_not_kept() {
        var request =
                auditor.request("/fhir/Patient/" + CARD)
                        .header("X-Request-Id", "for-" + CARD)
                        .GET();
        Reply reply = Client.send(request);
        assertThat(reply.status()).isEqualTo(404);
        String kept = reply.raw().headers().firstValue("X-Request-Id").orElseThrow();
        assertThat(kept).doesNotContain(CARD);
        Reply events = auditor.get("/fhir/AuditEvent?agent=auditor-1&_count=10");
        assertThat(events.raw().body()).contains(kept).doesNotContain(CARD);
    }
}
