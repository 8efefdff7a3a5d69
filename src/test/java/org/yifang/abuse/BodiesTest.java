package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// Bodies are counted while they inflate, on every path, and not read at all before their sender is
/// known.
final class BodiesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String FORM = "application/x-www-form-urlencoded";

    private static byte[] bomb = new byte[0];
    private static String url = "";

    @BeforeAll
    static void open() throws IOException {
        url = TestService.shared().url();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] blanks = new byte[1024 * 1024];
            for (int i = 0; i < 100; i++) {
                gzip.write(blanks);
            }
        }
        bomb = bytes.toByteArray();
    }

    private static String head(String path, String coding, int length) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + FORM
                + "\r\nContent-Encoding: "
                + coding
                + "\r\nContent-Length: "
                + length
                + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/token",
                "/audit/cosignatures",
                "/fhir/$submit-prescription",
                "/fhir/$import-offers",
                "/fhir/Task/_search",
                "/fhir/Task",
                "/sign-in",
                "/my",
                "/counter/claim",
                "/setup",
                "/admin/clients",
                "/",
                "/health/live"
            })
    void a_hundred_kilobytes_that_inflate_to_a_hundred_megabytes(String path) throws IOException {
        try (Wire wire = Wire.to(url)) {
            Wire.Reply reply = wire.send(head(path, "gzip", bomb.length)).send(bomb).answer();
            assertThat(reply.status()).as(reply.text()).isIn(303, 401, 404, 405, 413);
        }
        try (Wire wire = Wire.to(url)) {
            assertThat(
                            wire.send(
                                            "GET /health/ready HTTP/1.1\r\nHost: x\r\n"
                                                    + "Connection: close\r\n\r\n")
                                    .read(Duration.ofSeconds(2))
                                    .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "gzip, gzip", "compress"})
    void another_coding_than_gzip_is_415(String coding) throws IOException {
        try (Wire wire = Wire.to(url)) {
            Wire.Reply reply = wire.send(head("/auth/token", coding, 3) + "a=b").answer();
            assertThat(reply.status()).as(reply.text()).isEqualTo(415);
        }
    }

    @Test
    void what_says_it_is_gzip_and_is_not_is_400() throws IOException {
        try (Wire wire = Wire.to(url)) {
            Wire.Reply reply =
                    wire.send(head("/auth/token", "gzip", 24) + "grant_type=client_creden")
                            .answer();
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
            assertThat(reply.text()).contains("RX-1400");
        }
    }

    @Test
    void without_a_token_nothing_of_a_body_is_waited_for() throws IOException {
        try (Wire wire = Wire.to(url)) {
            Wire.Reply reply =
                    wire.send(
                                    """
                                    POST /fhir/Task/$claim HTTP/1.1\r
                                    Host: localhost\r
                                    Content-Type: application/fhir+json\r
                                    Content-Length: 1000000\r
                                    \r
                                    """)
                            .read(PATIENCE);
            assertThat(reply.status()).as(reply.text()).isEqualTo(401);
            assertThat(reply.closed()).isTrue();
            // Told, so that a client sends no other request on it.
            assertThat(reply.text().toLowerCase(Locale.ROOT)).contains("connection: close");
        }
    }

    @Test
    void a_connection_stays_open_after_a_small_body_that_nobody_wanted() throws IOException {
        String refused =
                """
                POST /fhir/Task/$claim HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/fhir+json\r
                Content-Length: 2\r
                \r
                {}\
                """;
        try (Wire wire = Wire.to(url)) {
            Wire.Reply first = wire.send(refused).answer();
            assertThat(first.status()).isEqualTo(401);
            assertThat(first.text().toLowerCase(Locale.ROOT)).doesNotContain("connection: close");
            assertThat(wire.send(refused).answer().status()).isEqualTo(401);
        }
    }

    @Test
    void who_asks_before_sending_is_told_401_and_sends_nothing() throws IOException {
        try (Wire wire = Wire.to(url)) {
            Wire.Reply reply =
                    wire.send(
                                    """
                                    POST /fhir/Task/$claim HTTP/1.1\r
                                    Host: localhost\r
                                    Expect: 100-continue\r
                                    Content-Length: 1000\r
                                    \r
                                    """)
                            .read(PATIENCE);
            assertThat(reply.status()).as(reply.text()).isEqualTo(401);
        }
    }
}
