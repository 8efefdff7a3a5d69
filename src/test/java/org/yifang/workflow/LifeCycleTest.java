package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.List;

class LifeCycleTest {
    private final Story story = new Story(TestService.shared());

    @Nested
    class Submit {
        @Test
        void the_same_document_again_is_the_same_prescription() {
            var document = story.document();
            Reply first = story.submit(document);
            Reply second = story.submit(document);
            assertThat(first.status()).isEqualTo(201);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body().path("id")).isEqualTo(first.body().path("id"));
            assertThat(second.body().path("output")).isEqualTo(first.body().path("output"));
            assertThat(first.raw().headers().firstValue("Location").orElseThrow())
                    .endsWith("/fhir/Task/" + first.body().path("id").asText() + "/_history/1");
            assertThat(first.raw().headers().firstValue("ETag")).hasValue("W/\"1\"");
        }

        @Test
        void the_same_number_with_other_content_is_refused_and_led_to_the_first() {
            var document = story.document();
            Reply first = story.submit(document);
            Story.lines(document).get(1).at("/dispenseRequest/quantity");
            ((com.fasterxml.jackson.databind.node.ObjectNode)
                            Story.lines(document).get(1).at("/dispenseRequest/quantity"))
                    .put("value", 6);
            Reply second = story.submit(document);
            assertThat(second.status()).isEqualTo(409);
            assertThat(second.code()).isEqualTo("RX-1409");
            assertThat(second.raw().headers().firstValue("Location").orElseThrow())
                    .endsWith(first.body().path("id").asText());
        }
    }

    @Nested
    class Review {
        @Test
        void an_unreviewed_prescription_waits_until_all_seven_items_pass() {
            Rx rx = story.prescribed(story.unreviewed());
            assertThat(story.state(rx)).isEqualTo("requested/awaiting-review");
            assertThat(story.claim(story.pharmacy, rx).code()).isEqualTo("RX-2001");
            assertThat(
                            story.reviewer
                                    .call(
                                            rx.path() + "/$review",
                                            "{\"name\":\"decision\",\"valueCode\":\"approve\"}")
                                    .code())
                    .isEqualTo("RX-2301");
            assertThat(story.review(story.reviewer, rx, "approve").status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
            assertThat(story.review(story.reviewer, rx, "approve").status()).isEqualTo(200);
        }

        @Test
        void a_refused_prescription_is_over() {
            Rx rx = story.prescribed(story.unreviewed());
            assertThat(story.review(story.reviewer, rx, "refuse").status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("rejected/review-refused");
            assertThat(story.claim(story.pharmacy, rx).code()).isEqualTo("RX-2012");
            assertThat(story.cancel(rx).code()).isEqualTo("RX-2012");
        }
    }

    @Nested
    class Claim {
        @Test
        void the_holder_claims_again_and_gets_the_same_token() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            assertThat(story.claimed(story.pharmacy, rx)).isEqualTo(token);
            assertThat(story.claim(story.otherPharmacy, rx).code()).isEqualTo("RX-2002");
        }

        @Test
        void a_wrong_code_is_refused_whatever_it_is() {
            Reply wrong =
                    story.otherPharmacy.call(
                            "/fhir/Task/$claim", string("pickup-code", "AAAAAAA2"));
            assertThat(wrong.status()).isEqualTo(403);
            assertThat(wrong.code()).isEqualTo("RX-2013");
        }

        @Test
        void what_is_not_held_does_not_exist_for_a_pharmacy() {
            Rx rx = story.prescribed();
            assertThat(story.pharmacy.get(rx.path()).status()).isEqualTo(404);
            story.claimed(story.pharmacy, rx);
            assertThat(story.pharmacy.get(rx.path()).status()).isEqualTo(200);
            assertThat(story.pharmacy.get(rx.path()).body().has("output")).isFalse();
            assertThat(story.otherPharmacy.get(rx.path()).status()).isEqualTo(404);
        }

        @Test
        void the_claimant_gets_the_original_byte_for_byte() {
            var document = story.document();
            Rx rx = story.prescribed(document);
            Reply claim = story.claim(story.pharmacy, rx);
            byte[] original =
                    java.util.Base64.getDecoder()
                            .decode(claim.parameter("original").path("valueBase64Binary").asText());
            assertThat(new String(original, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(document.toString());
        }

        @Test
        void a_released_prescription_is_free_again() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply released =
                    story.pharmacy.call(
                            rx.path() + "/$release",
                            string("claim-token", token),
                            reason("no stock"));
            assertThat(released.status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
            assertThat(
                            story.pharmacy
                                    .call(
                                            rx.path() + "/$release",
                                            string("claim-token", token),
                                            reason("no stock"))
                                    .status())
                    .isEqualTo(200);
            assertThat(story.claim(story.otherPharmacy, rx).status()).isEqualTo(200);
            assertThat(story.dispenseAll(story.pharmacy, rx, token).code()).isEqualTo("RX-2002");
        }
    }

    @Nested
    class Hospital {
        @Test
        void cancels_what_nobody_has_dispensed_even_when_it_is_claimed() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            assertThat(story.cancel(rx).status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("cancelled/cancelled");
            assertThat(story.dispenseAll(story.pharmacy, rx, token).code()).isEqualTo("RX-2005");
            assertThat(story.cancel(rx).status()).isEqualTo(200);
            assertThat(story.line(rx, 0)).isEqualTo("cancelled 7");
        }

        @Test
        void cancels_the_rest() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            story.dispense(
                    story.pharmacy, rx, token, false, story.dispense(rx.lines().get(0), 0, "3"));
            story.cancel(rx);
            assertThat(story.state(rx)).isEqualTo("completed/rest-cancelled");
            assertThat(List.of(story.line(rx, 0), story.line(rx, 1)))
                    .containsExactly("stopped 4", "cancelled 7");
        }

        @Test
        void suspends_and_resumes() {
            Rx rx = story.prescribed();
            story.claimed(story.pharmacy, rx);
            assertThat(story.hospital.call(rx.path() + "/$suspend", reason("query")).status())
                    .isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("on-hold/suspended");
            assertThat(story.claim(story.pharmacy, rx).code()).isEqualTo("RX-2007");
            assertThat(story.line(rx, 0)).isEqualTo("on-hold 7");
            assertThat(story.hospital.call(rx.path() + "/$resume").status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
        }

        @Test
        void another_hospital_does_not_see_it() {
            Rx rx = story.prescribed();
            Client other = new Client(story.service, "hospital-2");
            assertThat(other.get(rx.path()).status()).isEqualTo(404);
            assertThat(other.call(rx.path() + "/$cancel", reason("x")).status()).isEqualTo(404);
        }
    }

    @Nested
    class Patient {
        @Test
        void directs_it_to_a_pharmacy_and_frees_it_again() {
            Rx rx = story.prescribed();
            String pharmacy =
                    story.otherPharmacy
                            .get("/fhir/Organization?identifier=P42128100002")
                            .body()
                            .at("/entry/0/resource/id")
                            .asText();
            String choice =
                    "{\"name\":\"pharmacy\",\"valueReference\":{\"reference\":\"Organization/"
                            + pharmacy
                            + "\"}}";
            Client patient = story.patient();
            assertThat(patient.call(rx.path() + "/$choose-pharmacy", choice).status())
                    .isEqualTo(200);
            assertThat(story.claim(story.pharmacy, rx).code()).isEqualTo("RX-2009");
            assertThat(patient.call(rx.path() + "/$choose-pharmacy").status()).isEqualTo(200);
            assertThat(story.claim(story.pharmacy, rx).status()).isEqualTo(200);
        }

        @Test
        void ends_a_claim_under_which_nothing_was_dispensed() {
            Rx rx = story.prescribed();
            story.claimed(story.pharmacy, rx);
            assertThat(story.patient().call(rx.path() + "/$release").status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
        }
    }
}
