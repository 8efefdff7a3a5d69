package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What goes wrong between systems is answered clearly, and nothing is half done.
final class BadInputTest {
    private static final String SUBMIT = "/fhir/$submit-prescription";
    private static final String CLAIM = "/fhir/Task/$claim";

    private static Story story;

    @BeforeAll
    static void open() {
        story = new Story(TestService.shared());
    }

    private static void is(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
        assertThat(reply.codes()).contains(code);
        assertThat(reply.body().path("resourceType").asText()).isEqualTo("OperationOutcome");
        reply.body()
                .path("issue")
                .forEach(issue -> {
                    assertThat(issue.at("/details/text").asText()).isNotBlank();
                    assertThat(issue.path("diagnostics").asText())
                            .as("what would be right")
                            .isNotBlank();
                });
    }

    /// The prescriptions of this number that exist.
    private static int stored(Client hospital, String number) {
        Reply found =
                hospital.get(
                        "/fhir/Task?group-identifier=https://yifang.org/fhir/sid/rx-number%7C"
                                + number);
        assertThat(found.status()).as(found.raw().body()).isEqualTo(200);
        return found.body().path("entry").size();
    }

    private static String number(ObjectNode document) {
        return document.at("/identifier/value").asText();
    }

    @Test
    void what_is_not_json() {
        is(story.hospital.post(SUBMIT, "{\"resourceType\": \"Bundle\", "), 400, "RX-1400");
    }

    @Test
    void what_has_no_body_at_all() throws IOException {
        URI service = URI.create(TestService.shared().url());
        for (int i = 0; i < 5; i++) {
            // A token that the service sees for the first time, so that it has to wait for it.
            String token =
                    story.reviewer("YS42128100009" + i)
                            .request("/fhir/metadata")
                            .build()
                            .headers()
                            .firstValue("Authorization")
                            .orElseThrow();
            try (Socket socket = new Socket(service.getHost(), service.getPort())) {
                String head =
                        ("POST /fhir/Task/%s/$review HTTP/1.1\r\nHost: x\r\n"
                                        + "Authorization: %s\r\n")
                                .formatted(UUID.randomUUID(), token);
                socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
                byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 400".length());
                assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
            }
        }
    }

    @Test
    void what_is_not_fhir() {
        Reply reply = story.hospital.post(SUBMIT, "{\"prescription\": \"aspirin\"}");
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(400);
        assertThat(reply.code()).startsWith("RX-14");
    }

    @Test
    void a_document_of_another_shape() {
        ObjectNode document = story.document();
        document.put("type", "collection");
        Reply reply = story.submit(document);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
        assertThat(reply.raw().body()).contains("Bundle.type");
        assertThat(stored(story.hospital, number(document))).isZero();
    }

    @Test
    void a_drug_that_nobody_knows() {
        ObjectNode document = story.document();
        ((ObjectNode) Story.lines(document).getFirst().at("/medicationCodeableConcept/coding/0"))
                .put("code", "XZ99ZZZ999Z999999999999");
        Reply reply = story.submit(document);
        is(reply, 422, "RX-2105");
        assertThat(reply.raw().body())
                .contains("Bundle.entry[6].resource.medicationCodeableConcept");
        assertThat(stored(story.hospital, number(document))).isZero();
    }

    /// Together with what else is wrong, and where.
    @Test
    void a_narrative_that_cannot_be_read() {
        ObjectNode document = story.document();
        for (JsonNode text : document.findParents("div")) {
            ((ObjectNode) text)
                    .put("div", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>open</div>");
        }
        ((ObjectNode) Story.lines(document).getFirst().at("/medicationCodeableConcept/coding/0"))
                .put("code", "XZ99ZZZ999Z999999999999");
        Reply reply = story.submit(document);
        is(reply, 422, "RX-2105");
        assertThat(reply.raw().body()).contains("section[0].text");
        assertThat(stored(story.hospital, number(document))).isZero();
    }

    @Test
    void a_quantity_that_no_table_holds() {
        for (String value : new String[] {"1e15", "1e30", "1e-7", "0.00001"}) {
            ObjectNode document = story.document();
            ((ObjectNode) Story.lines(document).getFirst().at("/dispenseRequest/quantity"))
                    .put("value", new java.math.BigDecimal(value));
            is(story.submit(document), 422, "RX-2112");
            assertThat(stored(story.hospital, number(document))).isZero();
        }
    }

    @Test
    void a_review_attested_by_no_pharmacist() {
        ObjectNode document = story.unreviewed();
        ObjectNode attester =
                ((ObjectNode) document.at("/entry/0/resource")).withArray("attester").addObject();
        attester.put("mode", "professional");
        is(story.submit(document), 422, "RX-2129");
        attester.putObject("party").put("reference", document.at("/entry/2/fullUrl").asText());
        is(story.submit(document), 422, "RX-2129");
    }

    @Test
    void a_pharmacy_that_nobody_knows() {
        Rx rx = story.prescribed();
        String choice =
                "{\"name\":\"pharmacy\",\"valueReference\":{\"reference\":\"Organization/"
                        + UUID.randomUUID()
                        + "\"}}";
        is(story.patient().call(rx.path() + "/$choose-pharmacy", choice), 422, "RX-3001");
        assertThat(story.claim(story.pharmacy, rx).status()).isEqualTo(200);
    }

    @Test
    void no_token_and_a_token_that_is_none() {
        URI task = URI.create(story.service.url() + "/fhir/Task");
        is(Client.send(HttpRequest.newBuilder(task).GET()), 401, "RX-1001");
        is(
                Client.send(HttpRequest.newBuilder(task).header("Authorization", "Bearer x").GET()),
                401,
                "RX-1001");
    }

    @Test
    void the_prescription_of_another_hospital() {
        Rx rx = story.prescribed();
        Client other = new Client(story.service, "hospital-2");
        assertThat(other.get(rx.path()).status()).isEqualTo(404);
        assertThat(other.get("/fhir/Task/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void guessing_of_codes_ends_soon() {
        Client guesser = new Client(story.service, "pharmacy-12");
        Rx rx = story.prescribed();
        String wrong = "{\"name\":\"pickup-code\",\"valueString\":\"AAAAAAA2\"}";
        Reply reply = guesser.call(CLAIM, wrong);
        for (int guess = 0; guess < 25 && reply.status() == 403; guess++) {
            assertThat(reply.code()).isEqualTo("RX-2013");
            reply = guesser.call(CLAIM, wrong);
        }
        assertThat(reply.status()).as("after many guesses").isEqualTo(429);
        assertThat(Integer.parseInt(reply.raw().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 600);
        // The right code is of no use to who guessed, and others are not hindered.
        assertThat(story.claim(guesser, rx).status()).isEqualTo(429);
        assertThat(story.claim(story.pharmacy, rx).status()).isEqualTo(200);
    }

    @Test
    void a_second_claim_and_a_second_dispense() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        is(story.claim(story.otherPharmacy, rx), 409, "RX-2002");
        assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
        is(story.claim(story.otherPharmacy, rx), 409, "RX-2008");
    }

    @Test
    void a_body_of_more_than_a_mebibyte() {
        ObjectNode document = story.document();
        document.put("language", "x".repeat(1 << 20));
        Reply reply = story.submit(document);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(stored(story.hospital, number(document))).isZero();
    }

    @Test
    void a_connection_killed_in_the_middle_of_a_document() throws IOException {
        ObjectNode document = story.document();
        byte[] body = document.toString().getBytes(StandardCharsets.UTF_8);
        sendAndVanish(body, body.length / 2, () -> {});
        assertThat(stored(story.hospital, number(document))).isZero();
        assertThat(story.submit(document).status()).isEqualTo(201);
    }

    @Test
    void a_connection_killed_before_the_answer() throws IOException {
        ObjectNode document = story.document();
        byte[] body = document.toString().getBytes(StandardCharsets.UTF_8);
        // One that vanishes while its document is still being read was never heard at all.
        sendAndVanish(
                body,
                body.length,
                () ->
                        await().atMost(Duration.ofSeconds(20))
                                .until(() -> stored(story.hospital, number(document)) == 1));
        // Who never saw the answer sends again, and gets it.
        Reply again = story.submit(document);
        assertThat(again.status()).as(again.raw().body()).isIn(200, 201);
        assertThat(stored(story.hospital, number(document))).isEqualTo(1);
    }

    private static void sendAndVanish(byte[] body, int bytes, Runnable before) throws IOException {
        URI uri = story.hospital.request(SUBMIT).build().uri();
        String authorization =
                story.hospital
                        .request(SUBMIT)
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            OutputStream out = socket.getOutputStream();
            String head =
                    "POST "
                            + SUBMIT
                            + " HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/fhir+json\r\n"
                            + "Authorization: "
                            + authorization
                            + "\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, bytes);
            out.flush();
            before.run();
            socket.setSoLinger(bytes < body.length, 0);
        }
    }

    @Test
    void a_database_that_goes_away_and_comes_back() throws IOException {
        var address = TestDatabase.migrated();
        try (CutConnection way = new CutConnection(address);
                TestService service =
                        TestService.on(address, Map.of("YIFANG_DATABASE_URL", way.url()))) {
            Story here = new Story(service);
            Rx before = here.prescribed();
            String token = here.claimed(here.pharmacy, before);
            ObjectNode document = here.document();
            way.cut();
            Reply away = here.submit(document);
            is(away, 503, "RX-9003");
            assertThat(away.raw().headers().firstValue("Retry-After")).isPresent();
            is(here.hospital.get(before.path()), 503, "RX-9003");
            is(here.dispenseAll(here.pharmacy, before, token), 503, "RX-9003");
            for (String page : List.of("/", "/counter", "/sign-in", "/my")) {
                shows(service, page);
            }
            // Readiness is looked at once a second, beside the calls.
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(health(service)).isEqualTo(503));
            way.join();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(health(service)).isEqualTo(200));
            assertThat(stored(here.hospital, number(document))).isZero();
            assertThat(here.submit(document).status()).isEqualTo(201);
            assertThat(here.dispenseAll(here.pharmacy, before, token).status()).isEqualTo(200);
            assertThat(here.hospital.get(before.path()).body().path("status").asText())
                    .isEqualTo("completed");
        }
    }

    /// A person sees a page, whatever is away; one that needs the database says so in words.
    private static void shows(TestService service, String path) {
        Reply page =
                Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + path))
                                .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                                .header("Cookie", "yifang-session=" + "a".repeat(43))
                                .GET());
        assertThat(page.raw().headers().firstValue("Content-Type").orElse(""))
                .as(path)
                .startsWith("text/html");
        assertThat(page.status()).as(path).isIn(200, 303, 503);
        if (page.status() == 503) {
            assertThat(page.raw().body()).contains("RX-9003").contains("请稍候");
            assertThat(page.raw().headers().firstValue("Retry-After")).isPresent();
        }
    }

    private static int health(TestService service) {
        return Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/health/ready")).GET())
                .status();
    }
}
