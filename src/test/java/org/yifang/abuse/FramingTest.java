package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;

import java.io.IOException;
import java.time.Duration;

/// A request whose end two readers could see at different places is refused, and its connection
/// closed, so that nothing behind it is taken for a request of its own.
final class FramingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String SMUGGLED = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static Wire.Reply reply(String request) throws IOException {
        try (Wire wire = Wire.to(TestService.shared().url())) {
            return wire.send(request).read(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "Host: localhost\r\nContent-Length: 3, 3\r\n\r\nabc",
                "Host: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
                        + "chunked\r\n\r\n0\r\n\r\n",
                "Host: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n",
                "Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Host: localhost\r\nTransfer-Encoding: identity\r\n\r\n",
                "Host: localhost\r\nTransfer-Encoding: chunked\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Host: localhost\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                "Content-Length: 0\r\n\r\n",
                "Host: localhost\r\nX-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n",
                "Host : localhost\r\nContent-Length: 0\r\n\r\n",
                "Host: localhost\r\nContent-Length: -5\r\n\r\n",
                "Host: localhost\r\nContent-Length: +3\r\n\r\nabc",
                "Host: localhost\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n"
            })
    void what_can_be_read_in_two_ways_is_400_and_closed(String rest) throws IOException {
        Wire.Reply reply = reply("POST /auth/token HTTP/1.1\r\n" + rest + SMUGGLED);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.closed()).isTrue();
        assertThat(reply.text().split("HTTP/1.1 ", -1)).as("answers").hasSize(2);
    }

    @Test
    void two_requests_one_behind_the_other_are_both_answered() throws IOException {
        try (Wire wire = Wire.to(TestService.shared().url())) {
            Wire.Reply reply = wire.send(SMUGGLED + SMUGGLED).read(Duration.ofSeconds(1));

            assertThat(reply.text().split("HTTP/1.1 200", -1)).hasSize(3);
            assertThat(reply.closed()).isFalse();
        }
    }

    @Test
    void every_answer_says_what_browsers_may_do_with_it() throws IOException {
        for (String path : new String[] {"/", "/health/live", "/fhir/metadata", "/nothing"}) {
            assertThat(
                            reply(
                                            "GET "
                                                    + path
                                                    + " HTTP/1.1\r\nHost: localhost\r\n"
                                                    + "Connection: close\r\n\r\n")
                                    .text())
                    .as(path)
                    .containsIgnoringCase("X-Content-Type-Options: nosniff")
                    .containsIgnoringCase("Content-Security-Policy: ")
                    .containsIgnoringCase("X-Frame-Options: DENY")
                    // With `no-referrer` a browser sends a form's Origin as null.
                    .containsIgnoringCase(
                            path.equals("/")
                                    ? "Referrer-Policy: same-origin"
                                    : "Referrer-Policy: no-referrer");
        }
    }
}
