package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.check;
import static org.yifang.workflow.Story.reason;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The pharmacist's review: in which order, by whom, what it must say and what is kept of it.
class ReviewTest {
    private static final String WAITING = "/fhir/Task?business-status=awaiting-review";

    private final Story story = new Story(TestService.shared());
    private final Client unnamed = new Client(story.service, "reviewer-1", Map.of());

    private Rx waiting(String priority) {
        ObjectNode document = story.unreviewed();
        Story.lines(document).forEach(line -> line.put("priority", priority));
        return story.prescribed(document);
    }

    /// Ids of all matches in order, two on a page, as far as they are among `ours`.
    private List<String> searched(Client by, String path, List<Rx> ours) {
        List<String> wanted = ours.stream().map(Rx::id).toList();
        List<String> found = new ArrayList<>();
        String next = path + "&_count=2";
        while (!next.isEmpty()) {
            Reply page = by.get(next);
            assertThat(page.status()).as(page.raw().body()).isEqualTo(200);
            page.body().path("entry").forEach(one -> found.add(one.at("/resource/id").asText()));
            next = "";
            for (JsonNode link : page.body().path("link")) {
                if (link.path("relation").asText().equals("next")) {
                    next = link.path("url").asText().replaceFirst("^https?://[^/]*", "");
                }
            }
        }
        assertThat(found).doesNotHaveDuplicates();
        return found.stream().filter(wanted::contains).toList();
    }

    private static List<String> ids(Rx... all) {
        return java.util.Arrays.stream(all).map(Rx::id).toList();
    }

    @Test
    void what_is_most_urgent_is_reviewed_first() {
        Rx urgent = waiting("urgent");
        Rx routine = waiting("routine");
        Rx later = waiting("routine");
        Rx asap = waiting("asap");
        Rx stat = waiting("stat");
        List<Rx> all = List.of(urgent, routine, later, asap, stat);
        assertThat(searched(story.reviewer, WAITING, all))
                .isEqualTo(ids(stat, asap, urgent, routine, later));
        // The same prescriptions by the status that every FHIR client knows.
        assertThat(searched(story.reviewer, "/fhir/Task?status=requested", all))
                .isEqualTo(ids(stat, asap, urgent, routine, later));
        assertThat(searched(story.reviewer, WAITING + "&_sort=priority", all))
                .isEqualTo(ids(stat, asap, urgent, routine, later));
        assertThat(searched(story.reviewer, WAITING + "&_sort=-priority", all))
                .isEqualTo(ids(later, routine, urgent, asap, stat));
        // A hospital sees tickets too, so its search is in several tables.
        assertThat(searched(story.hospital, "/fhir/Task?_sort=priority", all))
                .isEqualTo(ids(stat, asap, urgent, routine, later));
        // Others, and other questions, come newest first as always.
        assertThat(searched(story.hospital, WAITING, all))
                .isEqualTo(ids(stat, asap, later, routine, urgent));
        assertThat(searched(story.reviewer, "/fhir/Task?_total=none", all))
                .isEqualTo(ids(stat, asap, later, routine, urgent));
    }

    private static List<JsonNode> reviews(Reply task) {
        List<JsonNode> reviews = new ArrayList<>();
        for (JsonNode output : task.body().path("output")) {
            if (output.at("/type/coding/0/code").asText().equals("review")) {
                reviews.add(output);
            }
        }
        return reviews;
    }

    private static String part(JsonNode review, String name) {
        for (JsonNode part : review.at("/extension/0/extension")) {
            if (part.path("url").asText().equals(name)) {
                return part.toString();
            }
        }
        return "";
    }

    @Test
    void every_review_is_kept_with_its_items_and_shown_to_hospital_and_reviewers() {
        Rx rx = story.forTwoReviewers();
        assertThat(reviews(story.hospital.get(rx.path()))).isEmpty();
        String because =
                "{\"name\":\"reason\",\"valueCodeableConcept\":{\"coding\":[{\"code\":\"other\"}],"
                        + "\"text\":\"dose asked back\"}}";
        Reply first = story.review(story.reviewer, rx, "approve", because);
        assertThat(reviews(first)).hasSize(1);
        // The second reviewer sees that one has approved.
        Client second = story.reviewer("YS421281000002");
        List<JsonNode> seen = reviews(second.get(rx.path()));
        assertThat(seen).hasSize(1);
        JsonNode one = seen.getFirst();
        assertThat(one.path("valueCode").asText()).isEqualTo("approve");
        assertThat(part(one, "reviewer"))
                .contains("https://yifang.org/fhir/sid/nhsa-staff", "YS421281000001");
        assertThat(part(one, "client")).contains("reviewer-1");
        assertThat(part(one, "at")).contains(first.body().at("/meta/lastUpdated").asText());
        assertThat(part(one, "reason"))
                .contains("CodeSystem/review-reason", "other", "dose asked back");
        assertThat(one.at("/extension/0/extension"))
                .filteredOn(part -> part.path("url").asText().equals("check"))
                .hasSize(7);
        String refused = reason("two of the same class");
        assertThat(story.review(second, rx, "refuse", check("other", "pass"), refused).status())
                .isEqualTo(200);
        List<JsonNode> both = reviews(story.hospital.get(rx.path()));
        assertThat(both).hasSize(2);
        assertThat(both.get(0)).isEqualTo(one);
        assertThat(both.get(1).path("valueCode").asText()).isEqualTo("refuse");
        assertThat(part(both.get(1), "reason")).contains("two of the same class");
        // Each version shows the reviews up to it.
        JsonNode history = story.hospital.get(rx.path() + "/_history").body();
        List<Integer> shown = new ArrayList<>();
        history.path("entry").forEach(entry -> shown.add(entry.at("/resource/output").size()));
        assertThat(shown).isEqualTo(List.of(2, 1, 0));
        Reply version = story.reviewer.get(rx.path() + "/_history/2");
        assertThat(reviews(version)).isEqualTo(List.of(one));
        // Nobody else's matter; the patient has code and token only.
        assertThat(reviews(story.patient().get(rx.path()))).isEmpty();
    }

    @Test
    void an_auditor_reads_the_items_in_the_event() {
        Rx rx = story.prescribed(story.unreviewed());
        story.review(story.reviewer, rx, "approve");
        Client auditor = new Client(story.service, "auditor-1");
        Reply events = auditor.get("/fhir/AuditEvent?entity=Task/" + rx.id());
        assertThat(events.raw().body())
                .contains("approve; skin-test pass; diagnosis pass; dosage pass;");
    }

    @Test
    void an_item_is_told_once_and_is_one_of_seven() {
        Rx rx = story.prescribed(story.unreviewed());
        Reply twice = story.review(story.reviewer, rx, "approve", check("dosage", "fail"));
        assertThat(twice.status()).as(twice.raw().body()).isEqualTo(422);
        assertThat(twice.code()).isEqualTo("RX-2301");
        Reply unknown = story.review(story.reviewer, rx, "approve", check("mood", "pass"));
        assertThat(unknown.status()).as(unknown.raw().body()).isEqualTo(422);
        assertThat(unknown.raw().body()).contains("mood");
        Reply result = story.review(story.reviewer, rx, "refuse", check("mood", "so-so"));
        assertThat(result.codes()).containsOnly("RX-2301").hasSize(3);
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
        assertThat(reviews(story.hospital.get(rx.path()))).isEmpty();
        // The same said twice is said once.
        assertThat(story.review(story.reviewer, rx, "approve", check("dosage", "pass")).status())
                .isEqualTo(200);
    }

    @Test
    void a_refusal_says_why() {
        Rx rx = story.prescribed(story.unreviewed());
        Reply mute = story.review(story.reviewer, rx, "refuse", new String[0]);
        assertThat(mute.status()).as(mute.raw().body()).isEqualTo(422);
        assertThat(mute.code()).isEqualTo("RX-2301");
        assertThat(story.review(story.reviewer, rx, "refuse", reason("  ")).status())
                .isBetween(400, 422);
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
    }

    @ParameterizedTest
    @ValueSource(strings = {"D421281000101", "d421281000101", "D421281000199", "d421281000199"})
    void neither_the_prescriber_nor_another_doctor_reviews(String staff) {
        Rx rx = story.prescribed(story.unreviewed());
        Reply own = story.review(story.reviewer(staff), rx, "approve");
        assertThat(own.status()).as(own.raw().body()).isEqualTo(422);
        assertThat(own.code())
                .isEqualTo(staff.equalsIgnoreCase("D421281000101") ? "RX-2304" : "RX-2104");
        assertThat(story.review(story.reviewer(staff), rx, "refuse").status()).isEqualTo(422);
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
    }

    @Test
    void two_reviewers_are_two_named_people() {
        Rx single = story.prescribed(story.unreviewed());
        assertThat(story.review(unnamed, single, "approve").status()).isEqualTo(200);
        Rx rx = story.forTwoReviewers();
        Reply nobody = story.review(unnamed, rx, "approve");
        assertThat(nobody.status()).as(nobody.raw().body()).isEqualTo(422);
        assertThat(nobody.code()).isEqualTo("RX-2302");
        assertThat(story.review(story.reviewer, rx, "approve").status()).isEqualTo(200);
        assertThat(story.review(unnamed, rx, "approve").code()).isEqualTo("RX-2302");
        // Another spelling of the first is no second.
        assertThat(story.review(story.reviewer("ys421281000001"), rx, "approve").code())
                .isEqualTo("RX-2104");
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
    }

    private static String coded(String system, String code) {
        return "{\"name\":\"reason\",\"valueCodeableConcept\":{\"coding\":[{"
                + (system.isEmpty() ? "" : "\"system\":\"" + system + "\",")
                + "\"code\":\""
                + code
                + "\"}]}}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"review", "cancel", "suspend", "release"})
    void a_reason_keeps_the_system_in_which_it_was_told(String operation) {
        String own = "https://yifang.org/fhir/CodeSystem/" + operation + "-reason";
        JsonNode ours = reasonShown(operation, coded("", "other"));
        assertThat(ours.at("/coding/0/system").asText()).isEqualTo(own);
        assertThat(ours.at("/coding/0/code").asText()).isEqualTo("other");
        JsonNode foreign = reasonShown(operation, coded("urn:his:reasons", "R17"));
        assertThat(foreign.at("/coding/0/system").asText()).isEqualTo("urn:his:reasons");
        assertThat(foreign.at("/coding/0/code").asText()).isEqualTo("R17");
        for (String system : List.of("", own)) {
            JsonNode unknown = reasonShown(operation, coded(system, "R17"));
            assertThat(unknown.has("coding")).isFalse();
            assertThat(unknown.path("text").asText()).isEqualTo("R17");
        }
    }

    @Test
    void a_take_back_keeps_the_system_of_its_reason() throws Exception {
        Rx rx = story.prescribed();
        Reply handed = story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
        String dispense = handed.parameter("dispense").at("/resource/id").asText();
        Reply back =
                story.pharmacy.call(
                        "/fhir/MedicationDispense/" + dispense + "/$take-back",
                        "{\"name\":\"identifier\",\"valueIdentifier\":{\"system\":\"urn:counter\","
                                + "\"value\":\"tb-"
                                + dispense
                                + "\"}}",
                        "{\"name\":\"quantity\",\"valueQuantity\":{\"value\":1,\"unit\":\"片\"}}",
                        coded("urn:his:reasons", "R17"),
                        "{\"name\":\"disposition\",\"valueCode\":\"quarantine\"}");
        assertThat(back.status()).as(back.raw().body()).isEqualTo(200);
        var at = story.service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement =
                        connection.prepareStatement(
                                "SELECT reason_system, reason_code FROM take_back"
                                        + " WHERE dispense_id = ?::uuid")) {
            statement.setString(1, dispense);
            try (var rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("urn:his:reasons");
                assertThat(rows.getString(2)).isEqualTo("R17");
            }
        }
    }

    private JsonNode reasonShown(String operation, String reason) {
        if (operation.equals("review")) {
            Rx rx = story.prescribed(story.unreviewed());
            return story.review(story.reviewer, rx, "refuse", reason).body().path("statusReason");
        }
        Rx rx = story.prescribed();
        if (operation.equals("release")) {
            String token = story.claimed(story.pharmacy, rx);
            return story.pharmacy
                    .call(rx.path() + "/$release", Story.string("claim-token", token), reason)
                    .body()
                    .path("statusReason");
        }
        return story.hospital
                .call(rx.path() + "/$" + operation, reason)
                .body()
                .path("statusReason");
    }
}
