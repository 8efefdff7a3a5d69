package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.fhir.Fhir;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/// How a document is written must not decide whether anybody can pick it up: white space before it,
/// characters that XML cannot carry, texts that look like something else.
class UnfitTextTest {
    private static Story story;

    @BeforeAll
    static void start() {
        story = new Story(TestService.shared());
    }

    private static Reply submit(String body) {
        return story.hospital.post("/fhir/$submit-prescription", body);
    }

    @Test
    void white_space_before_a_document_stops_nobody() {
        Reply reply = submit("\n \t" + story.document());
        assertThat(reply.status()).isEqualTo(201);
        Rx rx = new Rx(reply.body());

        Reply claim = story.claim(story.pharmacy, rx);

        assertThat(claim.status()).as(claim.raw().body()).isEqualTo(200);
        String bundle = rx.task().at("/focus/reference").asText();
        assertThat(story.hospital.get("/fhir/" + bundle).status()).isEqualTo(200);
    }

    @Test
    void a_control_character_is_refused_with_its_place() {
        ObjectNode document = story.document();
        Story.lines(document)
                .getFirst()
                .withArray("dosageInstruction")
                .removeAll()
                .addObject()
                .put("text", "口服\u001b每日1次");

        Reply reply = submit(document.toString());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("RX-1400");
        assertThat(reply.body().at("/issue/0/expression/0").asText())
                .endsWith("resource.dosageInstruction[0].text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&#27;", "&#x1B;", "\u001b"})
    void in_xml_it_is_refused_with_its_place_too(String character) {
        ObjectNode document = story.document();
        String sent = xml(document, "每日MARK1次").replace("MARK", character);

        Reply reply = submitXml(sent);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("RX-1400");
        JsonNode issue = reply.body().at("/issue/0");
        assertThat(issue.at("/details/text").asText()).contains("U+001B");
        assertThat(issue.at("/expression/0").asText())
                .matches("entry\\[\\d+]\\.resource\\.dosageInstruction\\.text");
    }

    /// What stands behind it is never taken in; nobody keeps it to tell the place.
    @Test
    void half_a_million_open_tags_behind_it_are_not_kept() {
        String sent = "<Parameters xmlns=\"http://hl7.org/fhir\"><药 value=\"&#1;\"/>";
        long before = allocated();

        Reply reply = submitXml(sent + "<>".repeat(500_000));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("RX-1400");
        assertThat(reply.body().at("/issue/0/expression/0").asText()).isEqualTo("药");
        assertThat(allocated() - before).isLessThan(40L << 20);
    }

    /// By all threads, in bytes.
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getTotalThreadAllocatedBytes();
    }

    @Test
    void other_references_of_xml_are_taken() {
        Reply reply = submitXml(xml(story.document(), "每日MARK1次").replace("MARK", "&#160;&lt;"));

        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
    }

    private static String xml(ObjectNode document, String text) {
        ObjectNode line = Story.lines(document).getFirst();
        ((ObjectNode) line.at("/dosageInstruction/0")).put("text", text);
        byte[] json = document.toString().getBytes(StandardCharsets.UTF_8);
        return new String(
                Fhir.convert(json, Fhir.Format.JSON, Fhir.Format.XML), StandardCharsets.UTF_8);
    }

    private static Reply submitXml(String document) {
        return Client.send(
                story.hospital
                        .request("/fhir/$submit-prescription")
                        .header("Content-Type", "application/fhir+xml")
                        .header("Accept", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString(document)));
    }

    @Test
    void an_operation_takes_no_control_character_either() {
        Rx rx = story.prescribed();
        Reply json = story.hospital.call(rx.path() + "/$cancel", reason("a\\u0007b"));
        assertThat(json.status()).isEqualTo(400);
        assertThat(json.code()).isEqualTo("RX-1400");
        Reply xml =
                Client.send(
                        story.hospital
                                .request(rx.path() + "/$cancel")
                                .header("Content-Type", "application/fhir+xml")
                                .header("Accept", "application/fhir+json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "<Parameters xmlns=\"http://hl7.org/fhir\">"
                                                        + "<parameter><name value=\"reason\"/>"
                                                        + "<valueCodeableConcept><text"
                                                        + " value=\"a&#x7;b\"/>"
                                                        + "</valueCodeableConcept></parameter>"
                                                        + "</Parameters>")));
        assertThat(xml.status()).isEqualTo(400);
        assertThat(xml.body().at("/issue/0/expression/0").asText())
                .isEqualTo("parameter.valueCodeableConcept.text");
        Reply event =
                story.hospital.call(
                        "/fhir/$queue-events",
                        "{\"name\":\"event\",\"part\":[" + string("ticket", "a\\uFFFEb") + "]}");
        assertThat(event.status()).isEqualTo(400);
        assertThat(story.hospital.get("/fhir/Task?identifier=a%1Bb").status()).isEqualTo(400);
    }

    @Test
    void a_claim_in_xml_claims_and_answers() {
        Rx rx = story.prescribed();

        Reply claim =
                Client.send(
                        story.pharmacy
                                .request("/fhir/Task/$claim")
                                .header("Content-Type", "application/fhir+json")
                                .header("Accept", "application/fhir+xml")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"resourceType\":\"Parameters\",\"parameter\":["
                                                        + string("pickup-code", rx.code())
                                                        + "]}")));

        assertThat(claim.status()).isEqualTo(200);
        assertThat(claim.raw().body()).startsWith("<Parameters");
    }

    @Test
    void an_unsigned_document_with_a_provenance_counts_as_unsigned() throws java.sql.SQLException {
        ObjectNode document = story.document();
        ObjectNode entry = document.withArray("entry").addObject();
        entry.put("fullUrl", "urn:uuid:00000000-0000-4000-8000-0000000000aa");
        ObjectNode provenance = entry.putObject("resource").put("resourceType", "Provenance");
        String composition = document.at("/entry/0/fullUrl").asText();
        String author = document.at("/entry/0/resource/author/0/reference").asText();
        provenance.putArray("target").addObject().put("reference", composition);
        provenance.put("recorded", Story.stamp(story.service.clock().instant()));
        provenance.putArray("agent").addObject().putObject("who").put("reference", author);
        ObjectNode signature = provenance.putArray("signature").addObject();
        signature.putArray("type").addObject().put("system", "urn:x").put("code", "y");
        signature.put("when", Story.stamp(story.service.clock().instant()));
        signature.putObject("who").put("reference", author);

        Reply reply = submit(document.toString());

        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        String id = reply.body().path("id").asText();
        assertThat(
                        story.count(
                                "SELECT count(*) FROM prescription WHERE signed AND id = ?::uuid",
                                id))
                .isZero();
    }
}
