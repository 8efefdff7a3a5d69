package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.abuse.Wire;
import org.yifang.workflow.Client.Reply;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What somebody tries with the heads of requests: each is answered in time, as nobody's fault but
/// the sender's.
@Alone
final class HostileHeadsTest {
    private static final Duration IN_TIME = Duration.ofSeconds(6);

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/Task?_count=1&_count=200&_count=-1",
                "/fhir/Task?_count=99999999999999999999",
                "/fhir/Task?_format=xml&_format=json&_format=%00",
                "/fhir/Task?_lastUpdated=ge999999999-01-01",
                "/fhir/Task?_lastUpdated=ge-999999999-01-01T00:00:00Z",
                "/fhir/Task?_lastUpdated=ge2026-01-01T00:00:00.999999999999999999999999Z",
                "/fhir/MedicationDispense?quantity=1e999999999",
                "/fhir/Task?_include=*&_include=*&_revinclude=*",
                "/fhir/Task?&&&&=&=&%3D=%26",
                "/fhir/Task?_elements=,,,,,,,,,,,,",
                "/fhir/Task?patient.identifier=%7C",
                "/fhir/Task?patient.patient.patient.name=x",
                "/fhir/Task?_page=%FF%FE",
                "//fhir//Task",
                "/fhir/%2e%2e/admin/clients",
                "/fhir/..%2fadmin/clients",
                "/fhir/Task/%00",
                "/fhir/Task/..%5c..%5c",
                "/fhir/Task/%F0%28%8C%28",
                "/fhir/Task/a/_history/99999999999999999999999",
                "/fhir/;/Task",
                "/assets/..%2f..%2fetc/passwd",
                "/assets/%2e%2e/%2e%2e/etc/passwd",
                "/board/%00",
                "/queue/%2e%2e/live"
            })
    void an_address_that_means_two_things(String path) throws IOException {
        String token =
                story.hospital
                        .request("/")
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow();
        long began = System.nanoTime();
        try (Wire wire = Wire.to(service.url())) {
            Wire.Reply reply =
                    wire.send(
                                    "GET "
                                            + path
                                            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                            + "Authorization: "
                                            + token
                                            + "\r\n\r\n")
                            .read(IN_TIME);
            assertThat(reply.status()).as(reply.text()).isBetween(200, 499);
            assertThat(reply.text()).doesNotContain("root:x");
        }
        inTime(began, path);
    }

    static Stream<String> headers() {
        return Stream.of(
                "Accept: " + "text/html;q=0.1,".repeat(900),
                "Accept: " + "*/*;".repeat(3_000),
                "Accept-Language: " + "zh;q=0.5,en-GB,".repeat(900),
                "Accept-Encoding: " + "gzip;q=0.1,br,".repeat(900),
                "If-None-Match: " + "W/\"1\",".repeat(2_000),
                "If-Modified-Since: " + "9".repeat(10_000),
                "Cookie: " + "a=b;".repeat(3_500),
                "Cookie: " + "=;".repeat(7_000),
                "Range: bytes=" + "0-1,".repeat(3_000),
                "Forwarded: " + "for=1.2.3.4,".repeat(1_000),
                "X-Forwarded-For: " + "1.2.3.4,".repeat(1_500),
                "Prefer: " + "return=minimal;".repeat(900),
                "Idempotency-Key: " + "k".repeat(15_000),
                "Last-Event-ID: " + "9".repeat(15_000),
                "X-Request-Id: " + "%s".repeat(7_000),
                "Expect: banana",
                "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__",
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
                "Content-Length: -1",
                "Content-Length: +3",
                "Content-Length: 99999999999999999999",
                "Content-Length: 3, 3",
                "Transfer-Encoding: chunked, identity",
                "X: y\r\n".repeat(2_500) + "Z: z",
                "Authorization: Bearer " + "a.".repeat(7_000),
                "Authorization: Bearer " + "e".repeat(5_000) + "." + "f".repeat(5_000) + ".g",
                "traceparent: " + "0".repeat(10_000));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void a_head_full_of_one_thing(String header) throws IOException {
        for (String path :
                List.of("/fhir/Task?_count=1", "/", "/fhir/metadata", "/events", "/my")) {
            long began = System.nanoTime();
            try (Wire wire = Wire.to(service.url())) {
                Wire.Reply reply =
                        wire.send(
                                        "GET "
                                                + path
                                                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                                + header
                                                + "\r\n\r\n")
                                .read(IN_TIME);
                assertThat(reply.status()).as(header + reply.text()).isBetween(200, 499);
            }
            inTime(began, header);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://elsewhere.example/fhir/Task HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "CONNECT elsewhere.example:443 HTTP/1.1",
                "TRACE / HTTP/1.1",
                "GET / HTTP/9.9",
                "GET / HTTP/1.1.1",
                "GET  /  HTTP/1.1",
                "PRI * HTTP/2.0",
                "\u0000\u0001\u0002",
                "GET /\u0001 HTTP/1.1",
                "GET"
            })
    void a_first_line_that_is_none(String line) throws IOException {
        try (Wire wire = Wire.to(service.url())) {
            Wire.Reply reply =
                    wire.send(line + "\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .read(Duration.ofSeconds(2));
            assertThat(reply.status()).as(reply.text()).isLessThan(502).isNotEqualTo(500);
        }
    }

    @Test
    void a_body_in_very_many_small_pieces_and_with_very_long_marks() throws IOException {
        String token =
                story.hospital
                        .request("/")
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow();
        String head =
                "POST /fhir/Patient/$validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + "Content-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n"
                        + "Authorization: "
                        + token
                        + "\r\n\r\n";
        for (String body :
                List.of(
                        "1\r\n \r\n".repeat(100_000) + "0\r\n\r\n",
                        "1;" + "x".repeat(1_000_000) + "\r\n \r\n0\r\n\r\n",
                        "0\r\n" + "X: y\r\n".repeat(100_000) + "\r\n",
                        "FFFFFFFFFFFFFFFFFF\r\n",
                        "-1\r\n\r\n",
                        "zz\r\n\r\n")) {
            long began = System.nanoTime();
            try (Wire wire = Wire.to(service.url())) {
                Wire.Reply reply = wire.send(head + body).read(IN_TIME);
                assertThat(reply.status()).as(reply.text()).isLessThan(500);
            }
            inTime(began, body.substring(0, 5));
        }
    }

    @Test
    void ten_thousand_requests_one_behind_the_other_of_which_no_answer_is_read()
            throws IOException {
        String one = "GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n";
        try (Wire wire = Wire.to(service.url())) {
            // What cannot be sent any more was refused, which is an answer.
            wire.send(one.repeat(10_000));
            well();
        }
    }
}
