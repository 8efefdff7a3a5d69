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
import java.util.concurrent.ThreadLocalRandom;

class LifeCycleTest {
    private final Story story = new Story(TestService.shared());

    private static String pack() {
        return "8%019d".formatted(ThreadLocalRandom.current().nextLong(1_000_000_000_000_000_000L));
    }

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
                    .endsWith("/fhir/Task/" + first.body().path("id").asText());
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
    class Dispense {
        @Test
        void all_of_it_completes_the_prescription() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("completed/dispensed");
            assertThat(story.line(rx, 0)).isEqualTo("completed 0");
            assertThat(story.claim(story.otherPharmacy, rx).code()).isEqualTo("RX-2008");
        }

        @Test
        void the_same_call_again_answers_the_same_and_dispenses_nothing() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            String one = story.dispense(rx.lines().get(0), 0, "7");
            String two = story.dispense(rx.lines().get(1), 1, "7");
            Reply first = story.dispense(story.pharmacy, rx, token, false, one, two);
            Reply second = story.dispense(story.pharmacy, rx, token, false, one, two);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.parameter("dispense").at("/resource/id"))
                    .isEqualTo(first.parameter("dispense").at("/resource/id"));
        }

        @Test
        void one_element_twice_in_a_call_is_one_dispense_and_no_suspicion() throws Exception {
            String pack = pack();
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            String one = story.dispense(rx.lines().get(0), 0, "7", pack);
            Reply reply = story.dispense(story.pharmacy, rx, token, true, one, one);
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            assertThat(story.line(rx, 0)).isEqualTo("completed 0");
            assertThat(reply.raw().body()).containsOnlyOnce("\"name\":\"dispense\"");
            assertThat(story.count("SELECT count(*) FROM resale_suspicion WHERE code = ?", pack))
                    .isZero();
        }

        @Test
        void one_identifier_for_two_things_in_a_call_is_refused() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            String one = story.dispense(rx.lines().get(0), 0, "3");
            String other = one.replace("\"value\":3,", "\"value\":4,");
            Reply reply = story.dispense(story.pharmacy, rx, token, true, one, other);
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(409);
            assertThat(reply.code()).isEqualTo("RX-1409");
            assertThat(story.line(rx, 0)).isEqualTo("active 7");
        }

        @Test
        void a_part_leaves_the_rest_to_another_pharmacy() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            story.dispense(
                    story.pharmacy, rx, token, false, story.dispense(rx.lines().get(0), 0, "3"));
            assertThat(story.state(rx)).isEqualTo("ready/rest-awaiting-claim");
            assertThat(story.line(rx, 0)).isEqualTo("active 4");
            String next = story.claimed(story.otherPharmacy, rx);
            assertThat(story.state(rx)).isEqualTo("in-progress/partly-dispensed");
            Reply rest =
                    story.dispense(
                            story.otherPharmacy,
                            rx,
                            next,
                            false,
                            story.dispense(rx.lines().get(0), 0, "4"),
                            story.dispense(rx.lines().get(1), 1, "7"));
            assertThat(rest.status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("completed/dispensed");
        }

        @Test
        void keep_holds_the_rest() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            story.dispense(
                    story.pharmacy, rx, token, true, story.dispense(rx.lines().get(0), 0, "3"));
            assertThat(story.state(rx)).isEqualTo("in-progress/partly-dispensed");
        }

        @Test
        void never_more_than_remains_open() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply reply =
                    story.dispense(
                            story.pharmacy,
                            rx,
                            token,
                            false,
                            story.dispense(rx.lines().get(0), 0, "8"));
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.code()).isEqualTo("RX-2011");
        }

        @Test
        void another_drug_is_no_substitute() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply reply =
                    story.dispense(
                            story.pharmacy,
                            rx,
                            token,
                            false,
                            story.dispense(rx.lines().get(0), 1, "7"));
            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.code()).isEqualTo("RX-2015");
        }

        @Test
        void a_pack_is_sold_once() {
            String pack = pack();
            Rx first = story.prescribed();
            String token = story.claimed(story.pharmacy, first);
            assertThat(
                            story.dispense(
                                            story.pharmacy,
                                            first,
                                            token,
                                            false,
                                            story.dispense(first.lines().get(0), 0, "7", pack))
                                    .status())
                    .isEqualTo(200);
            Rx second = story.prescribed();
            String next = story.claimed(story.otherPharmacy, second);
            Reply reply =
                    story.dispense(
                            story.otherPharmacy,
                            second,
                            next,
                            false,
                            story.dispense(second.lines().get(0), 0, "7", pack));
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.code()).isEqualTo("RX-2010");
        }

        @Test
        void a_split_pack_is_sold_up_to_its_content() {
            String pack = pack();
            Rx first = story.prescribed();
            String token = story.claimed(story.pharmacy, first);
            String four = story.dispense(first.lines().get(0), 0, "4", pack);
            assertThat(story.dispense(story.pharmacy, first, token, true, four).status())
                    .isEqualTo(200);
            String three = story.dispense(first.lines().get(0), 0, "3", pack);
            assertThat(story.dispense(story.pharmacy, first, token, true, three).status())
                    .isEqualTo(200);
            Rx second = story.prescribed();
            String next = story.claimed(story.pharmacy, second);
            String one = story.dispense(second.lines().get(0), 0, "1", pack);
            assertThat(story.dispense(story.pharmacy, second, next, false, one).code())
                    .isEqualTo("RX-2010");
        }

        @Test
        void preparing_and_checking_are_two_people() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            String alone =
                    story.dispense(rx.lines().get(0), 0, "7")
                            .replace("YS421281000012", "YS421281000011");
            Reply reply = story.dispense(story.pharmacy, rx, token, false, alone);
            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.code()).isEqualTo("RX-2304");
        }
    }

    @Nested
    class TakeBack {
        @Test
        void what_never_left_the_counter_can_be_sold_again() {
            String pack = pack();
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply sold =
                    story.dispense(
                            story.pharmacy,
                            rx,
                            token,
                            false,
                            story.dispense(rx.lines().get(0), 0, "7", pack));
            String id = sold.parameter("dispense").at("/resource/id").asText();
            Reply back = story.takeBack(story.pharmacy, id, "7", "never-left-counter", pack);
            assertThat(back.status()).isEqualTo(200);
            assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
            assertThat(story.line(rx, 0)).isEqualTo("active 7");
            String again = story.claimed(story.otherPharmacy, rx);
            assertThat(
                            story.dispense(
                                            story.otherPharmacy,
                                            rx,
                                            again,
                                            false,
                                            story.dispense(rx.lines().get(0), 0, "7", pack))
                                    .status())
                    .isEqualTo(200);
        }

        @Test
        void what_left_the_counter_is_never_sold_again() {
            String pack = pack();
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply sold =
                    story.dispense(
                            story.pharmacy,
                            rx,
                            token,
                            false,
                            story.dispense(rx.lines().get(0), 0, "7", pack));
            String id = sold.parameter("dispense").at("/resource/id").asText();
            assertThat(story.takeBack(story.pharmacy, id, "7", "quarantine", pack).status())
                    .isEqualTo(200);
            String again = story.claimed(story.pharmacy, rx);
            assertThat(
                            story.dispense(
                                            story.pharmacy,
                                            rx,
                                            again,
                                            false,
                                            story.dispense(rx.lines().get(0), 0, "7", pack))
                                    .code())
                    .isEqualTo("RX-2010");
        }

        /// Two lines of seven of one pack each are sold under the first line; gives the dispense.
        private String soldFrom(Rx rx, String... packs) {
            String token = story.claimed(story.pharmacy, rx);
            Reply sold =
                    story.dispense(
                            story.pharmacy,
                            rx,
                            token,
                            false,
                            story.dispense(rx.lines().get(0), 0, "14", packs));
            assertThat(sold.status()).as(sold.raw().body()).isEqualTo(200);
            return sold.parameter("dispense").at("/resource/id").asText();
        }

        private Rx fourteen() {
            var document = story.document();
            var request = Story.lines(document).getFirst().path("dispenseRequest");
            ((com.fasterxml.jackson.databind.node.ObjectNode) request.path("quantity"))
                    .put("value", 14);
            ((com.fasterxml.jackson.databind.node.ObjectNode)
                            request.path("expectedSupplyDuration"))
                    .put("value", 14);
            request =
                    ((com.fasterxml.jackson.databind.node.ObjectNode)
                            Story.lines(document).getFirst());
            ((com.fasterxml.jackson.databind.node.ObjectNode) request)
                    .withArray("extension")
                    .addObject()
                    .put("url", Story.EXTENSION + "extended-supply-reason")
                    .put("valueString", "慢性病");
            return story.prescribed(document);
        }

        private Reply sellAgain(String pack) {
            Rx rx = story.prescribed();
            String token = story.claimed(story.otherPharmacy, rx);
            return story.dispense(
                    story.otherPharmacy,
                    rx,
                    token,
                    false,
                    story.dispense(rx.lines().get(0), 0, "7", pack));
        }

        @Test
        void a_destroyed_pack_is_not_sold_because_another_never_left() {
            String destroyed = pack();
            String kept = pack();
            String id = soldFrom(fourteen(), destroyed, kept);
            assertThat(story.takeBack(story.pharmacy, id, "7", "destroy", destroyed).status())
                    .isEqualTo(200);
            assertThat(
                            story.takeBack(story.pharmacy, id, "7", "never-left-counter", destroyed)
                                    .code())
                    .isEqualTo("RX-2308");
            assertThat(story.takeBack(story.pharmacy, id, "7", "never-left-counter").status())
                    .isEqualTo(200);
            assertThat(sellAgain(destroyed).code()).isEqualTo("RX-2010");
            assertThat(sellAgain(kept).status()).isEqualTo(200);
        }

        @Test
        void one_of_two_packs_is_named() {
            String home = pack();
            String kept = pack();
            String id = soldFrom(fourteen(), home, kept);
            Reply which = story.takeBack(story.pharmacy, id, "7", "never-left-counter");
            assertThat(which.status()).isEqualTo(422);
            assertThat(which.code()).isEqualTo("RX-2308");
            assertThat(story.takeBack(story.pharmacy, id, "7", "never-left-counter", kept).status())
                    .isEqualTo(200);
            assertThat(sellAgain(home).code()).isEqualTo("RX-2010");
            assertThat(sellAgain(kept).status()).isEqualTo(200);
        }

        @Test
        void quantities_that_are_not_kept_are_refused() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply all = story.dispenseAll(story.pharmacy, rx, token);
            String id = all.parameter("dispense").at("/resource/id").asText();
            for (String units : List.of("0.00001", "10000000000", "1E300", "-1")) {
                Reply reply = story.takeBack(story.pharmacy, id, units, "quarantine");
                assertThat(reply.status()).as(units + reply.raw().body()).isEqualTo(422);
                assertThat(reply.code()).as(units).isEqualTo("RX-2112");
            }
        }

        @Test
        void in_xml_and_again_in_json_it_is_one() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply all = story.dispenseAll(story.pharmacy, rx, token);
            String path =
                    "/fhir/MedicationDispense/"
                            + all.parameter("dispense").at("/resource/id").asText()
                            + "/$take-back";
            String json =
                    "{\"resourceType\":\"Parameters\",\"parameter\":["
                            + "{\"name\":\"identifier\",\"valueIdentifier\":{\"value\":\"xml-"
                            + rx.id()
                            + "\"}},{\"name\":\"quantity\",\"valueQuantity\":{\"value\":2,"
                            + "\"unit\":\"片\"}},"
                            + reason("wrong drug")
                            + ",{\"name\":\"disposition\",\"valueCode\":\"quarantine\"}]}";
            String xml =
                    "<Parameters xmlns=\"http://hl7.org/fhir\">"
                            + "<parameter><name value=\"identifier\"/><valueIdentifier>"
                            + "<value value=\"xml-"
                            + rx.id()
                            + "\"/></valueIdentifier></parameter>"
                            + "<parameter><name value=\"quantity\"/><valueQuantity>"
                            + "<value value=\"2\"/><unit value=\"片\"/></valueQuantity></parameter>"
                            + "<parameter><name value=\"reason\"/><valueCodeableConcept>"
                            + "<text value=\"wrong drug\"/></valueCodeableConcept></parameter>"
                            + "<parameter><name value=\"disposition\"/>"
                            + "<valueCode value=\"quarantine\"/></parameter></Parameters>";
            Reply first =
                    Client.send(
                            story.pharmacy
                                    .request(path)
                                    .header("Content-Type", "application/fhir+xml")
                                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(xml)));
            assertThat(first.status()).as(first.raw().body()).isEqualTo(200);
            assertThat(story.pharmacy.post(path, json).status()).isEqualTo(200);
            assertThat(story.line(rx, 0)).isEqualTo("active 2");
        }

        @Test
        void of_a_completed_prescription_opens_the_rest() {
            Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            Reply all = story.dispenseAll(story.pharmacy, rx, token);
            String id = all.parameter("dispense").at("/resource/id").asText();
            story.takeBack(story.pharmacy, id, "2", "quarantine");
            assertThat(story.state(rx)).isEqualTo("ready/rest-awaiting-claim");
            assertThat(story.takeBack(story.otherPharmacy, id, "1", "quarantine").status())
                    .isEqualTo(404);
            assertThat(story.takeBack(story.pharmacy, id, "6", "quarantine").code())
                    .isEqualTo("RX-2011");
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
