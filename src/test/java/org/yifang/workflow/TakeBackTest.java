package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// What comes back to a counter.
class TakeBackTest {
    private final Story story = new Story(TestService.shared());

    private static String pack() {
        return "8%019d".formatted(ThreadLocalRandom.current().nextLong(1_000_000_000_000_000_000L));
    }

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
        ((com.fasterxml.jackson.databind.node.ObjectNode) request.path("expectedSupplyDuration"))
                .put("value", 14);
        request =
                ((com.fasterxml.jackson.databind.node.ObjectNode) Story.lines(document).getFirst());
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
        assertThat(story.takeBack(story.pharmacy, id, "7", "never-left-counter", destroyed).code())
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
    void what_is_sent_is_what_the_fhir_library_would_write() {
        Rx rx = story.prescribed(story.unreviewed());
        assertThat(story.review(story.reviewer, rx, "approve").status()).isEqualTo(200);
        String token = story.claimed(story.pharmacy, rx);
        Reply sold =
                story.dispense(
                        story.pharmacy,
                        rx,
                        token,
                        false,
                        story.dispense(rx.lines().get(0), 0, "7", pack()));
        String id = sold.parameter("dispense").at("/resource/id").asText();
        assertThat(story.takeBack(story.pharmacy, id, "3", "never-left-counter").status())
                .isEqualTo(200);
        Rewritten.isTheSame(story.pharmacy, "/fhir/MedicationDispense/" + id);
        Rewritten.isTheSame(story.hospital, "/fhir/MedicationRequest/" + rx.lines().get(0));
        Rewritten.isTheSame(story.hospital, rx.path());
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
