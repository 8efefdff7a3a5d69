package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What somebody tries who wants the service to fall over: each is answered in time and is nobody's
/// fault but the sender's.
@Alone
final class OutsiderAttackTest {
    /// A machine that builds and tests beside this needs more than the three seconds of the
    /// contract.
    private static final Duration IN_TIME = Duration.ofSeconds(6);

    private static final String LAUGHS = laughs();

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);

    /// Ten entities, each ten times the one before.
    private static String laughs() {
        StringBuilder text = new StringBuilder("<!DOCTYPE Patient [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 10; i++) {
            text.append("<!ENTITY a%d \"%s\">".formatted(i, ("&a" + (i - 1) + ";").repeat(10)));
        }
        return text.append(
                        "]><Patient xmlns=\"http://hl7.org/fhir\"><name><text value=\"&a9;\"/>"
                                + "</name></Patient>")
                .toString();
    }

    @AfterEach
    void well() {
        Reply ready =
                Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/health/ready")).GET());
        assertThat(ready.status()).as(ready.raw().body()).isEqualTo(200);
    }

    private static void inTime(long began, String what) {
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(what).isLessThan(IN_TIME);
    }

    private Reply post(Client by, String path, String type, byte[] body) {
        long began = System.nanoTime();
        Reply reply =
                Client.send(
                        by.request(path)
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofByteArray(body)));
        inTime(began, path);
        assertThat(reply.status()).as(reply.raw().body()).isLessThan(500);
        return reply;
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "x-UTF-16LE-BOM"})
    void entities_that_grow_or_lead_elsewhere_in_whatever_encoding(String charset) {
        String file =
                "<!DOCTYPE Patient [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><Patient"
                        + " xmlns=\"http://hl7.org/fhir\"><name><text value=\"x\"/></name>&f;"
                        + "</Patient>";
        for (String text : List.of(LAUGHS, file)) {
            for (String declared : List.of("", "<?xml version=\"1.0\" encoding=\"%s\"?>")) {
                byte[] body =
                        (declared.formatted(charset) + text).getBytes(Charset.forName(charset));
                for (String type :
                        List.of(
                                "application/fhir+xml",
                                "application/fhir+xml;charset=" + charset)) {
                    post(story.pharmacy, "/fhir/$import-offers", type, body);
                    Reply reply = post(story.hospital, "/fhir/Patient/$validate", type, body);
                    assertThat(reply.raw().body()).doesNotContain("root:").doesNotContain("hahaha");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "GB18030", "ISO-2022-JP", "IBM037"})
    void json_in_another_encoding(String charset) {
        byte[] body =
                "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"王\"}]}"
                        .getBytes(Charset.forName(charset));
        post(story.hospital, "/fhir/Patient/$validate", "application/fhir+json", body);
        post(
                story.hospital,
                "/fhir/Patient/$validate",
                "application/fhir+json;charset=" + charset,
                body);
    }

    static Stream<String> numbers() {
        return Stream.of(
                "1e999999999",
                "-1E+2147483647",
                "1e-999999999",
                "0.0000000000000000000000000000000000000000000000000000000000000000001",
                "1".repeat(500_000),
                "0." + "1".repeat(500_000),
                "1e1000000",
                "9".repeat(900),
                "-0",
                "1e+18",
                "12345678901234567890");
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void a_number_that_is_very_much_more_than_it_looks(String number) {
        String type = "application/fhir+json";
        post(
                story.hospital,
                "/fhir/Observation/$validate",
                type,
                utf8(
                        "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":"
                                + number
                                + "}}"));
        ObjectNode document = story.document();
        String text =
                document.toString()
                        .replaceAll("(\"quantity\":\\{\"value\":)[0-9.]+", "$1" + number)
                        .replaceAll("(\"doseQuantity\":\\{\"value\":)[0-9.]+", "$1" + number);
        post(story.hospital, "/fhir/$submit-prescription", type, utf8(text));
        post(
                story.hospital,
                "/fhir/Task/" + java.util.UUID.randomUUID() + "/$compare-prices",
                type,
                utf8(
                        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"latitude\","
                                + "\"valueDecimal\":"
                                + number
                                + "}]}"));
        String xml =
                "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"latitude\"/>"
                        + "<valueDecimal value=\""
                        + number
                        + "\"/></parameter></Parameters>";
        String nowhere = "/fhir/Task/" + java.util.UUID.randomUUID();
        post(story.hospital, nowhere + "/$compare-prices", "application/fhir+xml", utf8(xml));
        for (String path : List.of("/fhir/ChargeItemDefinition", "/fhir/$import-offers")) {
            post(story.pharmacy, path, "application/fhir+xml", utf8(offer(number)));
        }
        String csv =
                "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                        + "XC08CAA013A001010100001,"
                        + number
                        + ",7,片,"
                        + number
                        + ",retail,2026-11-01T00:00:00+08:00\n";
        post(story.pharmacy, "/fhir/$import-offers", "text/csv", utf8(csv));
    }

    private static String offer(String price) {
        String amount = "<value value=\"" + price + "\"/><currency value=\"CNY\"/>";
        return "<ChargeItemDefinition xmlns=\"http://hl7.org/fhir\"><url value=\"urn:x\"/><status"
                + " value=\"active\"/><propertyGroup><priceComponent><type value=\"base\"/><amount>"
                + amount
                + "</amount></priceComponent></propertyGroup></ChargeItemDefinition>";
    }

    @Test
    void a_quantity_dispensed_that_is_very_much_more_than_it_looks() {
        Story.Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        for (String number : List.of("1e999999999", "1e-999999999", "1e1000000")) {
            long began = System.nanoTime();
            Reply reply =
                    story.dispense(
                            story.pharmacy,
                            rx,
                            token,
                            true,
                            story.dispense(rx.lines().getFirst(), 0, number));
            inTime(began, number);
            assertThat(reply.status()).as(reply.raw().body()).isBetween(400, 499);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void texts_that_grow_when_they_are_made_alike() {
        for (String text :
                List.of(
                        "ﷺ".repeat(100_000),
                        "e" + "\u0301".repeat(300_000),
                        "\u202e".repeat(200_000))) {
            ObjectNode document = story.document();
            ((ObjectNode) Story.resource(document, "Patient").at("/name/0")).put("text", text);
            post(
                    story.hospital,
                    "/fhir/$submit-prescription",
                    "application/fhir+json",
                    utf8(document.toString()));
        }
    }
}
