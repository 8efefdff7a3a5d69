package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.string;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// What was stored before it was refused must not fail an operation after its commit: the claim is
/// made, and who made it has to be told.
class StoredUnfitTest {
    private static Story story;

    @BeforeAll
    static void start() {
        story = new Story(TestService.own(Map.of()));
    }

    @AfterAll
    static void stop() {
        story.service.close();
    }

    @Test
    void a_claim_in_xml_shows_a_control_character_escaped() throws Exception {
        Rx rx = story.prescribed();
        stored(rx, json -> json.replaceFirst("\"text\":\"", "\"text\":\"\\\\u001b"));

        Reply claim = claim(rx);

        assertThat(claim.status()).as(claim.raw().body()).isEqualTo(200);
        assertThat(claim.raw().body()).startsWith("<Parameters").contains("\\u001b");
        assertThat(story.state(rx)).isEqualTo("in-progress/claimed");
    }

    @Test
    void a_claim_that_cannot_be_written_as_xml_answers_as_it_is() throws Exception {
        Rx rx = story.prescribed();
        // A narrative is XML within JSON; this one ends too early.
        stored(
                rx,
                json ->
                        json.replaceFirst(
                                "\"subject\":",
                                "\"text\":{\"status\":\"generated\",\"div\":\"<div><p></div>\"},"
                                        + "\"subject\":"));

        Reply claim = claim(rx);

        assertThat(claim.status()).as(claim.raw().body()).isEqualTo(200);
        assertThat(claim.raw().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/fhir+json");
        assertThat(claim.raw().body()).startsWith("{\"resourceType\":\"Parameters\"");
        assertThat(story.state(rx)).isEqualTo("in-progress/claimed");
    }

    private static Reply claim(Rx rx) {
        return Client.send(
                story.pharmacy
                        .request("/fhir/Task/$claim")
                        .header("Content-Type", "application/fhir+json")
                        .header("Accept", "application/fhir+xml")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"resourceType\":\"Parameters\",\"parameter\":["
                                                + string("pickup-code", rx.code())
                                                + "]}")));
    }

    /// Changes the first line of a prescription where it is stored.
    private static void stored(Rx rx, UnaryOperator<String> change) throws Exception {
        var at = story.service.database();
        try (var connection = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                var find =
                        connection.prepareStatement(
                                "SELECT line.id, line.content, person.patient_key,"
                                        + " whole.document_key FROM prescription_line AS line JOIN"
                                        + " prescription AS whole ON whole.id ="
                                        + " line.prescription_id JOIN patient AS person ON"
                                        + " person.id = whole.patient_id WHERE whole.id = ?::uuid"
                                        + " ORDER BY line.id LIMIT 1");
                var write =
                        connection.prepareStatement(
                                "UPDATE prescription_line SET content = ? WHERE id = ?")) {
            find.setString(1, rx.id());
            var row = find.executeQuery();
            assertThat(row.next()).isTrue();
            String place = "MedicationRequest/" + row.getString(1);
            DocumentKey key = TestService.seal().documentKey(row.getBytes(3), row.getBytes(4));
            String before = new String(key.open(row.getBytes(2), place), StandardCharsets.UTF_8);
            String after = change.apply(before);
            assertThat(after).isNotEqualTo(before);
            write.setBytes(1, key.seal(after.getBytes(StandardCharsets.UTF_8), place));
            write.setObject(2, UUID.fromString(row.getString(1)));
            assertThat(write.executeUpdate()).isOne();
        }
    }
}
