package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;

/// What a superuser altered is never served as if it were well, and what is held as evidence is not
/// erased.
final class NotServedTest {
    private static final String REPORT =
            "/fhir/Measure/drug-price-change/$evaluate-measure?baselineStart=2025-01-01"
                    + "&baselineEnd=2025-01-31&periodStart=2025-02-01"
                    + "&periodEnd=2025-02-28&asOf=2025-06-01T00:00:00Z";
    private static TestService service;
    private static Story story;

    @BeforeAll
    static void open() {
        service = TestService.own(Map.of());
        story = new Story(service);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static void alter(String... statements) throws Exception {
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (String one : statements) {
                assertThat(statement.executeUpdate(one)).as(one).isEqualTo(1);
            }
        }
    }

    private static void assertRefused(Reply reply) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(500);
        assertThat(reply.raw().body()).contains("编号 `");
    }

    @Test
    void an_altered_report() throws Exception {
        Client bureau = new Client(service, "bureau-1");
        assertThat(bureau.get(REPORT).status()).isEqualTo(200);
        assertThat(bureau.get(REPORT).status()).isEqualTo(200);
        String newest = "(SELECT id FROM price_report ORDER BY created_at DESC LIMIT 1)";
        alter(
                "UPDATE price_report SET report = overlay(report PLACING '\\x20' FROM 1)"
                        + " WHERE id = "
                        + newest);
        assertRefused(bureau.get(REPORT));
        alter(
                "UPDATE audit_ledger SET hashes = ARRAY(SELECT sha256(convert_to(ROW(r.*)::text,"
                        + " 'UTF8')) FROM price_report r WHERE id = "
                        + newest
                        + ") WHERE table_name = 'price_report' AND keys = ARRAY["
                        + newest
                        + "::text]");
        assertRefused(bureau.get(REPORT));
    }

    @Test
    void an_altered_task_and_an_altered_version_of_one() throws Exception {
        Story.Rx rx = story.prescribed();
        story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
        assertThat(story.hospital.get(rx.path()).status()).isEqualTo(200);
        alter(
                "UPDATE prescription SET (task, task_mac) = (SELECT task, task_mac FROM"
                        + " prescription_history WHERE prescription_id = '%s' AND version = 1)"
                                .formatted(rx.id())
                        + " WHERE id = '"
                        + rx.id()
                        + "'");
        assertRefused(story.hospital.get(rx.path()));
        Story.Rx other = story.prescribed();
        assertThat(story.hospital.get(other.path() + "/_history/1").status()).isEqualTo(200);
        alter(
                "UPDATE prescription_history SET task = task || '\\x20' WHERE version = 1 AND"
                        + " prescription_id = '"
                        + other.id()
                        + "'");
        assertRefused(story.hospital.get(other.path() + "/_history/1"));
    }

    @Test
    void a_task_whose_mac_was_taken_away_unless_the_log_knows_it() throws Exception {
        Story.Rx rx = story.prescribed();
        story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
        String own = " WHERE id = '" + rx.id() + "'";
        String third = " WHERE version = 3 AND prescription_id = '" + rx.id() + "'";
        alter(
                "UPDATE prescription SET task_mac = NULL" + own,
                "UPDATE prescription_history SET task_mac = NULL" + third);
        assertThat(story.hospital.get(rx.path()).status()).as("as committed to").isEqualTo(200);
        assertThat(story.hospital.get(rx.path() + "/_history/3").status()).isEqualTo(200);
        alter("UPDATE prescription SET task = task || '\\x20'" + own);
        assertRefused(story.hospital.get(rx.path()));
        // Altered in both places, back-dated before every commitment, and in front of the log.
        alter("UPDATE prescription_history SET task = task || '\\x20', txid = '3'" + third);
        assertRefused(story.hospital.get(rx.path()));
        assertRefused(story.hospital.get(rx.path() + "/_history/3"));
    }

    @Test
    void an_altered_document() throws Exception {
        Story.Rx rx = story.prescribed();
        String bundle = rx.task().at("/focus/reference").asText();
        assertThat(story.hospital.get("/fhir/" + bundle).status()).isEqualTo(200);
        alter(
                "UPDATE prescription SET original = set_byte(original, 40, 1 # get_byte(original,"
                        + " 40)) WHERE id = '"
                        + rx.id()
                        + "'");
        assertRefused(story.hospital.get("/fhir/" + bundle));
    }

    @Test
    void an_auditor_holds_a_prescription_as_evidence_and_lets_it_go() {
        Story.Rx rx = story.prescribed();
        Client auditor = new Client(service, "auditor-1", Map.of("subject_id", "A421281000001"));
        String hold = rx.path() + "/$legal-hold";
        String yes = "{\"name\":\"hold\",\"valueBoolean\":true}";
        String no = "{\"name\":\"hold\",\"valueBoolean\":false}";
        assertThat(auditor.call(hold, yes).status()).isEqualTo(400);
        assertThat(story.hospital.call(hold, yes, Story.reason("x")).status()).isEqualTo(403);
        Reply held = auditor.call(hold, yes, Story.reason("complaint 2026-18"));
        assertThat(held.status()).as(held.raw().body()).isEqualTo(200);
        assertThat(held.body().path("id").asText()).isEqualTo(rx.id());
        assertThat(auditor.call(hold, yes, Story.reason("again")).status()).isEqualTo(200);
        assertThat(auditor.call(hold, no, Story.reason("closed")).status()).isEqualTo(200);
        String nobody = "/fhir/Task/00000000-0000-7000-8000-000000000000/$legal-hold";
        assertThat(auditor.call(nobody, yes, Story.reason("x")).status()).isEqualTo(404);
        assertThat(auditor.get("/fhir/AuditEvent?subtype=legal-hold").raw().body())
                .contains("held as evidence, because: complaint 2026-18");
    }
}
