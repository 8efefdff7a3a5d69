package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What is not a caller's does not exist for it, whatever it tries, and what only the platform says
/// nobody else says.
class RightsTest {
    private static Story story;

    @BeforeAll
    static void start() {
        story = new Story(TestService.shared());
    }

    private static Reply counter(Client by, String task, String operation) {
        return switch (operation) {
            case "renew" -> by.call(task + "/$renew", string("claim-token", "x"));
            case "release" -> by.call(task + "/$release", string("claim-token", "x"));
            case "progress" ->
                    by.call(task + "/$progress", "{\"name\":\"moment\",\"valueCode\":\"paid\"}");
            default -> throw new IllegalArgumentException(operation);
        };
    }

    @Test
    void what_another_pharmacy_holds_is_answered_as_what_is_not_there() {
        Rx claimed = story.prescribed();
        story.claimed(story.pharmacy, claimed);
        Rx cancelled = story.prescribed();
        story.cancel(cancelled);
        String absent = "/fhir/Task/" + UUID.randomUUID();
        for (String operation : List.of("renew", "release", "progress")) {
            Reply nothing = counter(story.otherPharmacy, absent, operation);
            assertThat(nothing.status()).isEqualTo(404);
            for (Rx rx : List.of(claimed, cancelled)) {
                Reply reply = counter(story.otherPharmacy, rx.path(), operation);
                assertThat(reply.status()).as(operation).isEqualTo(404);
                assertThat(reply.body()).isEqualTo(nothing.body());
            }
        }
        Reply dispense = story.dispenseAll(story.otherPharmacy, claimed, "x");
        assertThat(dispense.status()).as(dispense.raw().body()).isEqualTo(404);
    }

    @Test
    void who_held_it_before_is_told_what_became_of_it() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        story.pharmacy.call(rx.path() + "/$release", string("claim-token", token));
        story.claimed(story.otherPharmacy, rx);

        Reply renew = story.pharmacy.call(rx.path() + "/$renew", string("claim-token", token));

        assertThat(renew.status()).isEqualTo(409);
    }

    @Test
    void reviewers_read_what_waits_and_what_they_reviewed_and_nothing_else() {
        Rx waits = story.prescribed(story.unreviewed());
        Rx never = story.prescribed();
        assertThat(story.reviewer.get(waits.path()).status()).isEqualTo(200);
        assertThat(story.reviewer.get(never.path()).status()).isEqualTo(404);
        story.cancel(waits);
        for (String path :
                List.of(
                        waits.path(),
                        "/fhir/" + waits.task().at("/focus/reference").asText(),
                        "/fhir/MedicationRequest/" + waits.lines().getFirst())) {
            assertThat(story.reviewer.get(path).status()).as(path).isEqualTo(404);
        }
        assertThat(story.review(story.reviewer, waits, "approve").status()).isEqualTo(404);
        Rx approved = story.prescribed(story.unreviewed());
        assertThat(story.review(story.reviewer, approved, "approve").status()).isEqualTo(200);
        assertThat(story.reviewer.get(approved.path()).status()).isEqualTo(200);
        Reply again = story.review(story.reviewer("YS421281000009"), approved, "approve");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("RX-2310");
    }

    @Test
    void a_sender_says_nothing_in_the_name_of_the_platform() {
        ObjectNode document = story.document();
        ObjectNode own =
                Story.lines(document)
                        .getFirst()
                        .withArray("extension")
                        .addObject()
                        .put("url", Story.EXTENSION + "remaining-quantity");
        own.putObject("valueQuantity").put("value", 99).put("unit", "片");

        Reply reply = story.submit(document);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.codes()).contains("RX-2131");
    }

    @Test
    void a_day_that_never_was_is_the_senders_fault() {
        Reply reply =
                story.submit(document ->
                        Story.resource(document, "Patient").put("birthDate", "1964-02-30"));

        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
        assertThat(reply.raw().body()).contains("birthDate");
    }

    @Test
    void where_it_is_asked_for_somebody_stands_behind_each_call() throws Exception {
        try (TestService strict = TestService.own(Map.of("YIFANG_PERSON_REQUIRED", "true"))) {
            Story named = new Story(strict);
            Rx rx = named.prescribed();
            Reply nobody = named.claim(named.pharmacy, rx);
            assertThat(nobody.status()).isEqualTo(403);
            assertThat(nobody.codes()).containsExactly("RX-1007", "RX-1007");
            assertThat(nobody.raw().body()).contains("subject_id", "subject_name");
            Client half = person(strict, "pharmacy-1", "YS421281000011", null);
            assertThat(named.claim(half, rx).codes()).containsExactly("RX-1007");
            Client unknown = person(strict, "pharmacy-1", "YS421281009999", "某某");
            assertThat(named.claim(unknown, rx).status()).isEqualTo(200);
            String events =
                    new Client(strict, "auditor-1")
                            .get("/fhir/AuditEvent?entity=Task/" + rx.id())
                            .raw()
                            .body();
            assertThat(events).contains("person not in the registry");
            registerElsewhere(strict, "YS421281008888");
            Client elsewhere = person(strict, "pharmacy-1", "YS421281008888", "某某");
            Reply refused = named.claim(elsewhere, rx);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("RX-1009");
            assertThat(named.cancel(named.prescribed()).status()).isEqualTo(200);
            Rx waits = named.prescribed(named.unreviewed());
            assertThat(named.review(named.reviewer, waits, "approve", reason("x")).code())
                    .isEqualTo("RX-1007");
        }
    }

    private static Client person(TestService at, String client, String staff, String name) {
        return new Client(
                at,
                client,
                name == null
                        ? Map.of("subject_id", staff)
                        : Map.of("subject_id", staff, "subject_name", name));
    }

    private static void registerElsewhere(TestService service, String number)
            throws java.sql.SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement =
                        connection.prepareStatement(
                                "INSERT INTO practitioner (id, region, number, name, profession,"
                                        + " organization_id, version, created_at, updated_at)"
                                        + " SELECT"
                                        + " gen_random_uuid(), '421281', ?, '某某', 'pharmacist', id,"
                                        + " 1,"
                                        + " now(), now() FROM organization WHERE number ="
                                        + " 'P42128100002'")) {
            statement.setString(1, number);
            statement.executeUpdate();
        }
    }
}
