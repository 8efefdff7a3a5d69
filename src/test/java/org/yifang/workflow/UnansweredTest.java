package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.Supplier;

/// What cannot be answered is not done, and the audit log does not tell of it as done.
final class UnansweredTest {
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

    private static long asked(String sql) throws SQLException {
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            try (ResultSet found = statement.getResultSet()) {
                found.next();
                return found.getLong(1);
            }
        }
    }

    private static long done(String operation, Rx rx) throws SQLException {
        return asked(
                ("SELECT count(*) FROM audit_event WHERE operation = '%s' AND problem IS NULL"
                                + " AND task_id = '%s'")
                        .formatted(operation, rx.id()));
    }

    private static void set(Rx rx, String columns) throws SQLException {
        assertThat(asked("UPDATE prescription SET " + columns + " WHERE id = '" + rx.id() + "'"))
                .isEqualTo(1);
    }

    static Reply held(TestService service, Rx rx) {
        return new Client(service, "auditor-1", Map.of("subject_id", "A1"))
                .call(
                        rx.path() + "/$legal-hold",
                        "{\"name\":\"hold\",\"valueBoolean\":true}",
                        Story.reason("complaint"));
    }

    /// Asks what cannot be answered, as its prescription is spoilt, and then what can.
    private static void isSaidOnce(
            String operation, Rx rx, String spoilt, String mended, Supplier<Reply> call)
            throws SQLException {
        long told = done(operation, rx);
        set(rx, spoilt);
        assertThat(call.get().status()).isEqualTo(500);
        assertThat(done(operation, rx)).as("told of what was not answered").isEqualTo(told);
        set(rx, mended);
        assertThat(call.get().status()).isEqualTo(200);
        assertThat(done(operation, rx)).isEqualTo(told + 1);
    }

    @Test
    void a_prescription_that_is_sent_again() throws SQLException {
        JsonNode document = story.document();
        Rx rx = story.prescribed(document);
        isSaidOnce(
                "submit-prescription",
                rx,
                "claim_number = 9, last_claimant = hospital_id",
                "claim_number = 0, last_claimant = NULL",
                () -> story.submit(document));
    }

    @Test
    void a_slip() throws SQLException {
        Rx rx = story.prescribed();
        isSaidOnce(
                "pickup-slip",
                rx,
                "original = '\\x00' || original",
                "original = substring(original FROM 2)",
                () -> story.hospital.get(rx.path() + "/$pickup-slip"));
    }

    @Test
    void a_legal_hold_that_cannot_be_answered_is_none() throws SQLException {
        Rx rx = story.prescribed();
        // A claim of no moment is no prescription that can be read.
        asked(
                """
                CREATE FUNCTION spoil() RETURNS trigger AS 'BEGIN
                    UPDATE prescription SET claim_number = 9, last_claimant = hospital_id
                        WHERE id = NEW.task_id;
                    RETURN NEW;
                END' LANGUAGE plpgsql;
                CREATE TRIGGER spoil AFTER INSERT ON legal_hold
                    FOR EACH ROW EXECUTE FUNCTION spoil()
                """);
        Reply failed = held(service, rx);
        asked("DROP TRIGGER spoil ON legal_hold");
        assertThat(failed.status()).as(failed.raw().body()).isEqualTo(500);
        assertThat(asked("SELECT count(*) FROM legal_hold WHERE task_id = '" + rx.id() + "'"))
                .isZero();
        assertThat(held(service, rx).status()).isEqualTo(200);
        assertThat(done("legal-hold", rx)).isEqualTo(1);
    }
}
