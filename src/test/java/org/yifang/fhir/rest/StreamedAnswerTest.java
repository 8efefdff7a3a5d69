package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.abuse.Wire;
import org.yifang.platform.Role;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// An answer in pieces is made no faster than it is read, and one that breaks is seen to be broken.
final class StreamedAnswerTest {
    private static final String NDJSON = "application/fhir+ndjson";
    private static final byte[] PIECE = "{}\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    private static final AtomicInteger MADE = new AtomicInteger();

    private static RestFixture server;

    private static Operation operation(String name) {
        return Operation.system(name).roles(Role.HOSPITAL).reads().produces(NDJSON);
    }

    private static Answer.Pieces.Next pieces(int whole, int broken) {
        int[] next = {0};
        return () -> {
            if (next[0] == broken) {
                throw new IllegalStateException("the database is gone");
            }
            return next[0]++ < whole ? PIECE : null;
        };
    }

    @BeforeAll
    static void open() {
        server =
                new RestFixture(fhir -> {
                    fhir.mount(
                            operation("whole").handler(_ -> Answer.pieces(NDJSON, pieces(3, -1))));
                    fhir.mount(operation("half").handler(_ -> Answer.pieces(NDJSON, pieces(9, 3))));
                    fhir.mount(
                            operation("endless")
                                    .handler(_ ->
                                            Answer.pieces(
                                                    NDJSON,
                                                    () -> {
                                                        MADE.incrementAndGet();
                                                        return PIECE;
                                                    })));
                });
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static Wire ask(String operation, String more) throws IOException {
        return Wire.to("http://localhost:" + server.port())
                .send(
                        "GET /fhir/$"
                                + operation
                                + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hospital\r\n"
                                + more
                                + "\r\n");
    }

    @Test
    void a_whole_one_has_its_end_and_a_broken_one_has_not() throws IOException {
        for (String more : new String[] {"", "Accept-Encoding: gzip\r\n"}) {
            try (Wire wire = ask("whole", more)) {
                Wire.Reply reply = wire.read(Duration.ofSeconds(2));
                assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                assertThat(reply.text()).endsWith("0\r\n\r\n");
                assertThat(reply.closed()).isFalse();
            }
            try (Wire wire = ask("half", more)) {
                Wire.Reply reply = wire.read(Duration.ofSeconds(20));
                assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                assertThat(reply.text()).doesNotEndWith("0\r\n\r\n");
                assertThat(reply.closed()).isTrue();
            }
        }
    }

    @Test
    void nothing_is_made_ahead_of_a_reader_who_does_not_read() throws IOException {
        try (Wire wire = ask("endless", "")) {
            int[] before = {-1};
            await().pollInterval(Duration.ofMillis(400))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        int now = MADE.get();
                        boolean still = now > 0 && now == before[0];
                        before[0] = now;
                        return still;
                    });
            // What the network holds, and no more.
            assertThat((long) MADE.get() * PIECE.length).isLessThan(48L * 1024 * 1024);
        }
        int left = MADE.get();
        await().pollDelay(Duration.ofMillis(500)).until(() -> MADE.get() <= left + 1);
    }
}
