package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.abuse.Frames.frame;
import static org.yifang.abuse.Frames.joined;
import static org.yifang.abuse.Frames.number;
import static org.yifang.abuse.Frames.request;
import static org.yifang.abuse.Frames.setting;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bound;
import org.yifang.workflow.Client;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Floods of HTTP/2 end with a GOAWAY and the connection; what they make the service hold is
/// bounded, and somebody else is answered all the while.
@Alone
final class Http2FloodTest {
    private static final String ATTACKER = "127.0.0.2";
    private static final int PROTOCOL_ERROR = 1;
    private static final int CALM = 11;
    private static final int INITIAL_WINDOW = 4;
    private static final byte[] NOTHING = {};

    /// Many more frames than any bound lets through.
    private static final int MANY = 20_000;

    private static final Duration SOON = Duration.ofSeconds(20);

    /// What a flood may leave in memory and start of threads, at the most.
    private static final long MEMORY = 48L << 20;

    private static final int THREADS = 20;

    /// Largest of what anybody may ask for without a token.
    private static final byte[] LARGE = request(false, "/fhir/StructureDefinition?_count=20");

    private static final byte[] SMALL = request(false, "/health/live");
    private static final byte[] FORM = request(true, "/auth/token");

    private static final AtomicInteger ANSWERED = new AtomicInteger();
    private static final AtomicInteger UNEXPECTED = new AtomicInteger();

    private static TestService service;
    private static int port;
    private static Thread other;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        port = URI.create(service.url()).getPort();
        Client hospital = new Client(service, "hospital-1");
        assertThat(hospital.get("/fhir/Task?_count=1").status()).isEqualTo(200);
        other = Thread.ofPlatform().start(() -> askOnAndOn(hospital));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        other.interrupt();
        other.join();
        service.close();
    }

    private static void askOnAndOn(Client hospital) {
        while (true) {
            int status = hospital.get("/fhir/Task?_count=1").status();
            (status == 200 ? ANSWERED : UNEXPECTED).incrementAndGet();
            try {
                Thread.sleep(50);
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    private static long memory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private interface Attack {
        /// Sends what it has; returns the frames once they end, or at once.
        void on(Frames frames) throws IOException, InterruptedException;
    }

    /// Attacks, and holds the service to what it promises meanwhile and afterwards.
    ///
    /// @return the error of the GOAWAY
    private static int attacked(byte[] settings, Attack attack) throws Exception {
        long memory = memory();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        int answered = ANSWERED.get();
        try (Frames frames = Frames.to(port, ATTACKER, settings)) {
            attack.on(frames);
            assertThat(memory() - memory).isLessThan(MEMORY);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads)
                    .isLessThan(THREADS);
            assertThat(frames.endsWithin(SOON)).as("the connection ends").isTrue();
            long until = System.nanoTime() + SOON.toNanos();
            while (ANSWERED.get() < answered + 2 && System.nanoTime() < until) {
                Thread.sleep(20);
            }
            assertThat(ANSWERED.get()).isGreaterThan(answered + 1);
            assertThat(UNEXPECTED).hasValue(0);
            return frames.goAway();
        }
    }

    private static Attack flood(byte[] begin, IntFunction<byte[]> each) {
        return frames -> {
            frames.send(begin);
            for (int i = 0; i < MANY && frames.send(each.apply(i)); i++) {
                // Goes on for as long as it is taken.
            }
        };
    }

    private static Attack flood(byte[] begin, byte[] frame) {
        return flood(begin, i -> frame);
    }

    private static byte[] head(int flags, int stream, byte[] request) {
        return frame(Frames.HEADERS, flags, stream, request);
    }

    private static byte[] whole(int stream, byte[] request) {
        return head(Frames.END_STREAM | Frames.END_HEADERS, stream, request);
    }

    @Test
    void who_asks_and_takes_back_at_once() throws Exception {
        assertThat(attacked(NOTHING, flood(NOTHING, i -> reset(2 * i + 1)))).isEqualTo(CALM);
    }

    private static byte[] reset(int stream) {
        return joined(whole(stream, SMALL), frame(Frames.RESET, 0, stream, number(8)));
    }

    @Test
    void heads_that_go_on_and_on() throws Exception {
        byte[] begin = head(Frames.END_STREAM, 1, SMALL);
        assertThat(attacked(NOTHING, flood(begin, frame(Frames.CONTINUATION, 0, 1, NOTHING))))
                .isEqualTo(CALM);
        byte[] full = new byte[16_384];
        Arrays.fill(full, (byte) 0x82);
        assertThat(attacked(NOTHING, flood(begin, frame(Frames.CONTINUATION, 0, 1, full))))
                .isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void frames_that_carry_nothing_of_a_request() throws Exception {
        long before = Bound.HTTP2_FRAMES.times();
        List<byte[]> kinds =
                List.of(
                        frame(Frames.SETTINGS, 0, 0, setting(INITIAL_WINDOW, 65_535)),
                        frame(Frames.SETTINGS, 0, 0, NOTHING),
                        frame(Frames.PING, 0, 0, new byte[8]),
                        frame(Frames.PING, 1, 0, new byte[8]),
                        frame(Frames.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}),
                        frame(Frames.WINDOW, 0, 0, number(1)),
                        frame(99, 0, 0, new byte[] {1}));
        for (byte[] kind : kinds) {
            assertThat(attacked(NOTHING, flood(NOTHING, kind))).isEqualTo(CALM);
        }
        assertThat(Bound.HTTP2_FRAMES.times() - before).isEqualTo(kinds.size());
    }

    @Test
    void who_sends_some_of_them_now_and_then_goes_on() throws Exception {
        byte[] ping = frame(Frames.PING, 0, 0, new byte[8]);
        try (Frames frames = Frames.to(port, ATTACKER, NOTHING)) {
            for (int i = 0; i < Limits.HTTP2_IDLE_FRAMES_BURST / 2; i++) {
                assertThat(frames.send(ping)).isTrue();
            }
            frames.send(whole(1, SMALL));
            assertThat(frames.endsWithin(Duration.ofSeconds(1))).isFalse();
            assertThat(frames.came(Frames.PING)).isEqualTo(Limits.HTTP2_IDLE_FRAMES_BURST / 2);
            assertThat(frames.came(Frames.HEADERS)).isEqualTo(1);
        }
    }

    @Test
    void who_sends_pings_and_never_reads_the_answers() throws Exception {
        byte[] ping = frame(Frames.PING, 0, 0, new byte[8]);
        try (Frames silent = Frames.silent(port, ATTACKER, NOTHING)) {
            boolean taken = true;
            for (int i = 0; i < MANY && taken; i++) {
                taken = silent.send(ping);
            }
            assertThat(taken).isFalse();
        }
    }

    @Test
    void a_body_of_pieces_without_anything_in_them() throws Exception {
        byte[] begin = head(Frames.END_HEADERS, 1, FORM);
        assertThat(attacked(NOTHING, flood(begin, frame(Frames.DATA, 0, 1, NOTHING))))
                .isEqualTo(CALM);
    }

    @Test
    void thousands_of_streams() throws Exception {
        assertThat(
                        attacked(
                                NOTHING,
                                flood(NOTHING, i -> head(Frames.END_HEADERS, 2 * i + 1, FORM))))
                .isEqualTo(CALM);
    }

    @Test
    void a_head_that_names_a_long_value_thousands_of_times() throws Exception {
        byte[] value = new byte[4_000];
        Arrays.fill(value, (byte) 'a');
        // Kept in the table of the connection, then named by one byte each time.
        byte[] kept = joined(new byte[] {0x40, 1, 'b', 0x7f, (byte) 0xa1, 0x1e}, value);
        byte[] named = new byte[8_000];
        Arrays.fill(named, (byte) 0xbe);
        byte[] bomb = joined(SMALL, kept, named);
        attacked(NOTHING, flood(NOTHING, i -> whole(2 * i + 1, bomb)));
    }

    @Test
    void who_opens_no_window_for_the_answers() throws Exception {
        long before = Bound.ANSWER_TIME.times();
        assertThat(
                        attacked(
                                setting(INITIAL_WINDOW, 0),
                                frames -> {
                                    for (int i = 0; i < Limits.HTTP2_STREAMS; i++) {
                                        frames.send(whole(2 * i + 1, LARGE));
                                    }
                                    // Who pings is not idle.
                                    for (int i = 0; i < 20; i++) {
                                        frames.send(frame(Frames.PING, 0, 0, new byte[8]));
                                        Thread.sleep(100);
                                    }
                                }))
                .isEqualTo(CALM);
        assertThat(Bound.ANSWER_TIME.times()).isGreaterThan(before);
    }

    @Test
    void who_opens_it_by_single_bytes() throws Exception {
        assertThat(
                        attacked(
                                setting(INITIAL_WINDOW, 1),
                                frames -> {
                                    frames.send(whole(1, LARGE));
                                    byte[] one = frame(Frames.WINDOW, 0, 1, number(1));
                                    for (int i = 0; i < 150 && frames.send(one); i++) {
                                        Thread.sleep(100);
                                    }
                                }))
                .isEqualTo(CALM);
    }

    @Test
    void many_who_take_nothing_hold_no_more_than_one_may() throws Exception {
        long before = memory();
        List<Frames> held = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Frames frames = Frames.to(port, ATTACKER, setting(INITIAL_WINDOW, 0));
                held.add(frames);
                for (int j = 0; j < Limits.HTTP2_STREAMS; j++) {
                    frames.send(whole(2 * j + 1, LARGE));
                }
            }
            for (int i = 0; i < 20; i++) {
                Thread.sleep(200);
                assertThat(memory() - before).isLessThan(Limits.ANSWERS_BYTES + MEMORY);
            }
            for (Frames frames : held) {
                assertThat(frames.endsWithin(SOON)).isTrue();
            }
            assertThat(UNEXPECTED).as("answers to others").hasValue(0);
        } finally {
            for (Frames frames : held) {
                frames.close();
            }
        }
    }
}
