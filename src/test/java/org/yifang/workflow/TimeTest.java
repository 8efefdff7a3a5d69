package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.time.Duration;
import java.util.Map;

/// What time does: leases, validity, fills, suspensions and reviews that are due.
class TimeTest {
    private TestService service;
    private Story story;

    @BeforeEach
    void start() {
        service = TestService.own(Map.of());
        story = new Story(service);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void pass(Duration time) {
        service.clock().forward(time);
    }

    private void becomes(Rx rx, String state) {
        await().atMost(Duration.ofSeconds(20)).until(() -> story.state(rx).equals(state));
    }

    @Test
    void a_lease_that_ends_frees_the_prescription_and_a_late_dispense_still_counts() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        pass(Duration.ofMinutes(31));
        becomes(rx, "ready/awaiting-claim");
        assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("completed/dispensed");
    }

    @Test
    void a_late_dispense_is_refused_once_another_has_claimed() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        pass(Duration.ofMinutes(31));
        String other = story.claimed(story.otherPharmacy, rx);
        assertThat(story.dispenseAll(story.pharmacy, rx, token).code()).isEqualTo("RX-2002");
        story.otherPharmacy.call(rx.path() + "/$release", string("claim-token", other));
        assertThat(story.dispenseAll(story.pharmacy, rx, token).code()).isEqualTo("RX-2004");
    }

    @Test
    void a_lease_is_renewed_up_to_four_hours() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        for (int i = 0; i < 8; i++) {
            pass(Duration.ofMinutes(29));
            Reply renewed =
                    story.pharmacy.call(rx.path() + "/$renew", string("claim-token", token));
            assertThat(renewed.status()).isEqualTo(200);
        }
        pass(Duration.ofMinutes(29));
        Reply late = story.pharmacy.call(rx.path() + "/$renew", string("claim-token", token));
        assertThat(late.code()).isEqualTo("RX-2003");
    }

    @Test
    void validity_ends_for_what_nobody_holds_and_not_for_a_lease_within_it() {
        Rx unclaimed = story.prescribed();
        Rx claimed = story.prescribed();
        Rx partly = story.prescribed();
        String part = story.claimed(story.pharmacy, partly);
        story.dispense(
                story.pharmacy, partly, part, false, story.dispense(partly.lines().get(0), 0, "3"));
        pass(Duration.ofDays(3).minusMinutes(5));
        String token = story.claimed(story.pharmacy, claimed);
        pass(Duration.ofMinutes(10));
        becomes(unclaimed, "failed/expired");
        becomes(partly, "failed/rest-expired");
        assertThat(story.claim(story.pharmacy, unclaimed).code()).isEqualTo("RX-2006");
        assertThat(story.dispenseAll(story.pharmacy, claimed, token).status()).isEqualTo(200);
        assertThat(story.line(partly, 0)).isEqualTo("stopped 4");
    }

    @Test
    void a_long_prescription_opens_fill_by_fill() {
        ObjectNode document = story.document();
        for (ObjectNode line : Story.lines(document)) {
            line.putObject("courseOfTherapyType")
                    .putArray("coding")
                    .addObject()
                    .put(
                            "system",
                            "http://terminology.hl7.org/CodeSystem/"
                                    + "medicationrequest-course-of-therapy")
                    .put("code", "continuous");
            ObjectNode supply = (ObjectNode) line.path("dispenseRequest");
            supply.put("numberOfRepeatsAllowed", 1);
            ((ObjectNode) supply.path("quantity")).put("value", 14);
            ((ObjectNode) supply.path("expectedSupplyDuration")).put("value", 14);
            supply.putObject("dispenseInterval")
                    .put("value", 14)
                    .put("unit", "天")
                    .put("system", "http://unitsofmeasure.org")
                    .put("code", "d");
        }
        Rx rx = story.prescribed(document);
        String token = story.claimed(story.pharmacy, rx);
        Reply first =
                story.dispense(
                        story.pharmacy,
                        rx,
                        token,
                        false,
                        story.dispense(rx.lines().get(0), 0, "14"),
                        story.dispense(rx.lines().get(1), 1, "14"));
        assertThat(first.status()).isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("ready/awaiting-next-fill");
        assertThat(story.claim(story.otherPharmacy, rx).code()).isEqualTo("RX-2014");
        pass(Duration.ofDays(14));
        becomes(rx, "ready/awaiting-claim");
        assertThat(story.line(rx, 0)).isEqualTo("active 14");
        String next = story.claimed(story.otherPharmacy, rx);
        story.dispense(
                story.otherPharmacy,
                rx,
                next,
                false,
                story.dispense(rx.lines().get(0), 0, "14"),
                story.dispense(rx.lines().get(1), 1, "14"));
        assertThat(story.state(rx)).isEqualTo("completed/dispensed");
    }

    @Test
    void a_fill_that_nobody_fetches_lapses_and_the_prescription_ends() {
        ObjectNode document = story.document();
        for (ObjectNode line : Story.lines(document)) {
            line.putObject("courseOfTherapyType")
                    .putArray("coding")
                    .addObject()
                    .put(
                            "system",
                            "http://terminology.hl7.org/CodeSystem/"
                                    + "medicationrequest-course-of-therapy")
                    .put("code", "continuous");
            ObjectNode supply = (ObjectNode) line.path("dispenseRequest");
            supply.put("numberOfRepeatsAllowed", 1);
            supply.putObject("dispenseInterval")
                    .put("value", 7)
                    .put("unit", "天")
                    .put("system", "http://unitsofmeasure.org")
                    .put("code", "d");
        }
        Rx rx = story.prescribed(document);
        String token = story.claimed(story.pharmacy, rx);
        story.dispenseAll(story.pharmacy, rx, token);
        pass(Duration.ofDays(14));
        becomes(rx, "failed/rest-expired");
    }

    @Test
    void a_suspension_ends_on_its_day() {
        Rx rx = story.prescribed();
        String until = Story.stamp(service.clock().instant().plus(Duration.ofHours(2)));
        story.hospital.call(
                rx.path() + "/$suspend",
                Story.reason("query"),
                "{\"name\":\"until\",\"valueInstant\":\"" + until + "\"}");
        assertThat(story.claim(story.pharmacy, rx).code()).isEqualTo("RX-2007");
        pass(Duration.ofHours(3));
        becomes(rx, "ready/awaiting-claim");
    }

    @Test
    void an_overdue_review_is_told_and_never_approved_by_time() {
        Rx rx = story.prescribed(story.unreviewed());
        pass(Duration.ofMinutes(16));
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        story.hospital
                                .get(rx.path())
                                .body()
                                .at("/statusReason/coding/0/code")
                                .asText()
                                .equals("review-overdue"));
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
    }

    /// One that reviews for another hospital only.
    private Client poolReviewer() {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE client SET reviews_for = 'H42128100002 pool' WHERE id = 'reviewer-1'");
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return story.reviewer("YS421281000003");
    }

    @Test
    void who_reviewed_out_of_the_pool_goes_on_seeing_it() {
        Client pool = poolReviewer();
        Rx rx = story.prescribed(story.unreviewed());
        Rx other = story.prescribed(story.unreviewed());
        assertThat(pool.get(rx.path()).status()).isEqualTo(404);
        assertThat(story.review(pool, rx, "approve").status()).isEqualTo(404);
        pass(Duration.ofMinutes(16));
        assertThat(pool.get(rx.path()).status()).isEqualTo(200);
        assertThat(story.review(pool, rx, "approve").status()).isEqualTo(200);
        assertThat(story.review(story.reviewer("YS421281000004"), other, "refuse").status())
                .isEqualTo(200);
        assertThat(story.review(pool, rx, "approve").status()).isEqualTo(200);
        assertThat(pool.get(rx.path()).status()).isEqualTo(200);
        assertThat(pool.get("/fhir/MedicationRequest/" + rx.lines().get(0)).status())
                .isEqualTo(200);
        assertThat(pool.get("/fhir/Task?business-status=awaiting-claim").raw().body())
                .contains(rx.id());
        assertThat(story.review(pool, rx, "refuse").code()).isEqualTo("RX-2310");
    }

    @Test
    void an_overdue_second_review_is_told_once_whatever_the_first_said() {
        Rx rx = story.forTwoReviewers();
        assertThat(
                        story.review(
                                        story.reviewer,
                                        rx,
                                        "approve",
                                        Story.reason("dose asked back, it stands"))
                                .status())
                .isEqualTo(200);
        pass(Duration.ofMinutes(16));
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        story.hospital
                                .get(rx.path())
                                .body()
                                .at("/statusReason/coding/0/code")
                                .asText()
                                .equals("review-overdue"));
        String suspended =
                story.hospital
                        .call(rx.path() + "/$suspend", Story.reason("query"))
                        .body()
                        .at("/meta/versionId")
                        .asText();
        assertThat(suspended).isEqualTo("4");
        story.hospital.call(rx.path() + "/$resume");
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        story.hospital
                                .get(rx.path())
                                .body()
                                .at("/meta/versionId")
                                .asText()
                                .equals("5"));
    }

    @Test
    void several_instances_sweep_each_prescription_once() {
        try (TestService second = service.sibling();
                TestService third = service.sibling()) {
            for (TestService other : java.util.List.of(second, third)) {
                other.clock().forward(Duration.ofMinutes(31));
            }
            java.util.List<Rx> all = new java.util.ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Rx rx = story.prescribed();
                story.claimed(story.pharmacy, rx);
                all.add(rx);
            }
            pass(Duration.ofMinutes(31));
            for (Rx rx : all) {
                becomes(rx, "ready/awaiting-claim");
                // Submitted, claimed, lease over: three versions and not one more.
                assertThat(story.hospital.get(rx.path()).body().at("/meta/versionId").asText())
                        .isEqualTo("3");
            }
        }
    }
}
