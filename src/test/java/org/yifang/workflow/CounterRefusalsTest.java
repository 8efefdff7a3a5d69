package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.EXTENSION;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/// What a counter or a reviewer may not do, one refusal each, and nothing has changed after it.
final class CounterRefusalsTest {
    private final Story story = new Story(TestService.shared());

    /// Dispenses the first line with a change to the usual MedicationDispense.
    private void refused(String code, Consumer<ObjectNode> change) throws Exception {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        ObjectNode part =
                (ObjectNode) Client.JSON.readTree(story.dispense(rx.lines().get(0), 0, "7"));
        change.accept((ObjectNode) part.path("resource"));
        Reply reply = story.dispense(story.pharmacy, rx, token, false, part.toString());
        assertThat(reply.codes()).as(reply.raw().body()).contains(code);
        assertThat(reply.status()).isEqualTo(422);
        assertThat(story.line(rx, 0)).isEqualTo("active 7");
        assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
    }

    @Test
    void unchecked_is_not_handed_out() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        Reply reply =
                story.pharmacy.call(
                        rx.path() + "/$dispense",
                        Story.string("claim-token", token),
                        "{\"name\":\"checked\",\"valueBoolean\":false}",
                        story.dispense(rx.lines().get(0), 0, "7"));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.codes()).contains("RX-2303");
        assertThat(story.line(rx, 0)).isEqualTo("active 7");
    }

    @Test
    void a_line_of_another_prescription() throws Exception {
        String other = story.prescribed().lines().get(0);
        refused(
                "RX-2305",
                dispense ->
                        ((ObjectNode) dispense.at("/authorizingPrescription/0"))
                                .put("reference", "MedicationRequest/" + other));
    }

    @Test
    void another_patient() throws Exception {
        refused(
                "RX-2305",
                dispense ->
                        dispense.putObject("subject")
                                .put("reference", "Patient/" + UUID.randomUUID()));
    }

    @Test
    void another_persons_number_or_no_patient_at_all() throws Exception {
        refused(
                "RX-2305",
                dispense ->
                        dispense.putObject("subject")
                                .putObject("identifier")
                                .put("system", "urn:oid:2.16.156.10011.1.3")
                                .put("value", "421281197001011234"));
        refused(
                "RX-2305",
                dispense -> dispense.putObject("subject").put("reference", "Patient/abc"));
    }

    @Test
    void the_patients_own_number() throws Exception {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        ObjectNode part =
                (ObjectNode) Client.JSON.readTree(story.dispense(rx.lines().get(0), 0, "7"));
        ((ObjectNode) part.path("resource"))
                .putObject("subject")
                .putObject("identifier")
                .put("system", "urn:oid:2.16.156.10011.1.3")
                .put("value", "421281195809210020");
        Reply reply = story.dispense(story.pharmacy, rx, token, false, part.toString());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
    }

    @Test
    void handed_over_before_it_was_prescribed() throws Exception {
        var now = story.service.clock().instant();
        refused(
                "RX-2306",
                dispense ->
                        dispense.put(
                                "whenHandedOver", Story.stamp(now.minus(Duration.ofMinutes(6)))));
    }

    @Test
    void a_pack_that_has_expired() throws Exception {
        refused(
                "RX-2309",
                dispense ->
                        dispense.withArray("extension")
                                .addObject()
                                .put("url", EXTENSION + "expiry")
                                .put("valueDate", "2020-01-31"));
    }

    @Test
    void a_quantity_that_cannot_be_kept() throws Exception {
        for (String value : java.util.List.of("0.00001", "10000000000", "1E+300")) {
            refused(
                    "RX-2112",
                    dispense ->
                            ((ObjectNode) dispense.path("quantity"))
                                    .put("value", new java.math.BigDecimal(value)));
        }
    }

    @Test
    void a_price_mistyped() throws Exception {
        refused("RX-2307", dispense -> price(dispense, "1000000.01"));
        refused("RX-2307", dispense -> price(dispense, "99999999999999999999"));
    }

    @Test
    void a_checker_without_a_staff_number() throws Exception {
        refused(
                "RX-2104",
                dispense ->
                        ((ObjectNode) dispense.at("/performer/1/actor/identifier"))
                                .put("value", "XYZ"));
        refused(
                "RX-2304",
                dispense ->
                        ((ObjectNode) dispense.at("/performer/1/actor/identifier"))
                                .put("value", "ys421281000011"));
    }

    @Test
    void handed_over_in_the_future() throws Exception {
        var now = story.service.clock().instant();
        refused(
                "RX-2306",
                dispense ->
                        dispense.put(
                                "whenHandedOver", Story.stamp(now.plus(Duration.ofMinutes(6)))));
    }

    @Test
    void a_price_with_a_tenth_of_a_fen() throws Exception {
        refused("RX-2307", dispense -> price(dispense, "9.801"));
    }

    @Test
    void a_settlement_whose_parts_are_not_the_price() throws Exception {
        refused(
                "RX-2307",
                dispense -> {
                    price(dispense, "9.80");
                    ObjectNode settlement =
                            dispense.withArray("extension")
                                    .addObject()
                                    .put("url", EXTENSION + "settlement");
                    money(settlement.withArray("extension").addObject().put("url", "fund"), "5.00");
                    money(settlement.withArray("extension").addObject().put("url", "cash"), "4.79");
                });
    }

    private static void price(ObjectNode dispense, String yuan) {
        money(
                dispense.withArray("extension").addObject().put("url", EXTENSION + "price-charged"),
                yuan);
    }

    private static void money(ObjectNode extension, String yuan) {
        extension
                .putObject("valueMoney")
                .put("value", new java.math.BigDecimal(yuan))
                .put("currency", "CNY");
    }

    @Test
    void more_comes_back_than_went_out() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        Reply dispensed = story.dispenseAll(story.pharmacy, rx, token);
        String dispense = dispensed.parameter("dispense").at("/resource/id").asText();
        assertThat(story.takeBack(story.pharmacy, dispense, "8", "quarantine").codes())
                .contains("RX-2011");
        assertThat(story.takeBack(story.pharmacy, dispense, "0", "quarantine").codes())
                .contains("RX-2112");
        assertThat(story.takeBack(story.pharmacy, dispense, "7", "quarantine").status())
                .isEqualTo(200);
    }

    /// 处方管理办法 art. 44: narcotic and first-class psychotropic drugs are reviewed by two people. One
    /// pharmacist's attestation in the document does not stand for either of them.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_person_is_not_two_reviewers(boolean attested) {
        Rx rx = story.forTwoReviewers(attested ? story.document() : story.unreviewed());
        Reply first = story.review(story.reviewer, rx, "approve");
        assertThat(first.status()).isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
        // The same person again gets the same answer, and is still only one.
        Reply twice = story.review(story.reviewer, rx, "approve");
        assertThat(twice.status()).as(twice.raw().body()).isEqualTo(200);
        assertThat(twice.body()).isEqualTo(first.body());
        assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
        assertThat(story.review(story.reviewer("YS421281000002"), rx, "approve").status())
                .isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
        assertThat(story.review(story.reviewer, rx, "approve").status()).isEqualTo(200);
    }
}
