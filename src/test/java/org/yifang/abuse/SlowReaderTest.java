package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Bounds;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Proxies;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Who asks for much and does not read it holds nobody's memory for long: a server with small
/// bounds and an answer that no buffer of the network takes whole.
@Alone
final class SlowReaderTest {
    private static final int LARGE = 24 * 1024 * 1024;
    private static final Vertx VERTX = Vertx.vertx();

    private static Bounds bounds(Duration grace, int perSecond, int all, int each) {
        return new Bounds(
                Duration.ofSeconds(10),
                grace,
                perSecond,
                100,
                100,
                4,
                3,
                65_536,
                all,
                each,
                500,
                500);
    }

    /// A server and what it says of itself.
    private record Serving(String url, SimpleMeterRegistry metrics) {
        double owed() {
            return metrics.get("yifang.answers.bytes").gauge().value();
        }
    }

    private static Serving patient;
    private static Serving strict;
    private static Serving small;

    private static Serving serve(Bounds bounds) {
        Edge edge = new Edge(bounds, Proxies.NONE, URI.create("http://localhost"), Edge.options());
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        edge.bindTo(metrics);
        AtomicInteger port = new AtomicInteger();
        VERTX.deployVerticle(
                        () ->
                                new VerticleBase() {
                                    @Override
                                    public Future<?> start() {
                                        Router router = Router.router(vertx);
                                        Outcomes.mount(router);
                                        edge.mount(router);
                                        router.get("/small").handler(http -> http.end("x"));
                                        router.get("/large")
                                                .handler(http ->
                                                        http.end(Buffer.buffer(new byte[LARGE])));
                                        return edge.guard(
                                                        vertx.createHttpServer(Edge.options()),
                                                        Outcomes::refuse)
                                                .requestHandler(router)
                                                .listen(0, "127.0.0.1")
                                                .onSuccess(one -> port.set(one.actualPort()));
                                    }
                                },
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
        return new Serving("http://127.0.0.1:" + port.get(), metrics);
    }

    @BeforeAll
    static void open() {
        int much = 1024 * 1024 * 1024;
        patient = serve(bounds(Duration.ofMinutes(5), 1, much, much));
        strict = serve(bounds(Duration.ofSeconds(1), 1_000_000, much, much));
        small = serve(bounds(Duration.ofMinutes(5), 1, 32 * 1024 * 1024, 2 * 1024 * 1024));
    }

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    /// Asks, and reads nothing unless told to.
    private static Socket ask(Serving of, String... paths) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        URI uri = URI.create(of.url());
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        for (String path : paths) {
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
        }
        socket.getOutputStream().flush();
        return socket;
    }

    /// How much still comes of an answer.
    private static long rest(Socket socket) {
        long all = 0;
        byte[] some = new byte[65_536];
        try (socket;
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(3_000);
            for (int length = in.read(some); length >= 0; length = in.read(some)) {
                all += length;
            }
            return all;
        } catch (IOException cut) {
            return all;
        }
    }

    @Test
    void what_nobody_reads_is_counted_and_let_go_when_its_reader_goes() throws IOException {
        try (Socket socket = ask(patient, "/large")) {
            await().until(() -> patient.owed() > LARGE / 2.0);
            assertThat(rest(socket)).isGreaterThan(LARGE);
        }
        await().until(() -> patient.owed() == 0);
    }

    @Test
    void a_reader_slower_than_its_bound_is_cut_off_and_a_fast_one_is_not() throws IOException {
        long before = Bound.ANSWER_TIME.times();
        try (Socket slow = ask(strict, "/large");
                Socket fast = ask(strict, "/large")) {
            assertThat(rest(fast)).isGreaterThan(LARGE);
            await().until(() -> Bound.ANSWER_TIME.times() == before + 1);
            assertThat(rest(slow)).isLessThan(LARGE);
        }
        await().until(() -> strict.owed() == 0);
    }

    @Test
    void who_asks_for_more_without_reading_is_cut_off() throws IOException {
        long before = Bound.ANSWERS_BYTES.times();
        try (Socket socket = ask(small, "/large")) {
            await().until(() -> small.owed() > LARGE / 2.0);
            socket.getOutputStream()
                    .write(
                            "GET /small HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> small.owed() == 0);
        }
        assertThat(Bound.ANSWERS_BYTES.times()).isGreaterThan(before);
    }

    /// What was counted when the answer was written says nothing of what lies there now.
    @Test
    void who_has_read_all_may_ask_for_more_at_once() throws IOException {
        long before = Bound.ANSWERS_BYTES.times();
        try (Socket socket = new Socket()) {
            URI uri = URI.create(small.url());
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
            socket.setSoTimeout(20_000);
            InputStream in = socket.getInputStream();
            byte[] large =
                    "GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(large);
                for (int line = 0, one = in.read(); line < 2; one = in.read()) {
                    assertThat(one).as("round " + i).isGreaterThanOrEqualTo(0);
                    line = one == '\n' ? line + 1 : one == '\r' ? line : 0;
                    if (line == 2) {
                        break;
                    }
                }
                assertThat(in.readNBytes(LARGE)).hasSize(LARGE);
            }
        }
        assertThat(Bound.ANSWERS_BYTES.times()).isEqualTo(before);
        await().until(() -> small.owed() == 0);
    }

    @Test
    void when_too_much_lies_there_whoever_leaves_most_goes_first() throws IOException {
        List<Socket> greedy = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                greedy.add(ask(small, "/large"));
            }
            // Two of the four are one too many: the rest of the room is others'.
            await().atMost(Duration.ofSeconds(20)).until(() -> small.owed() < 32 * 1024 * 1024);
            await().atMost(Duration.ofSeconds(20)).until(() -> rest(ask(small, "/small")) > 0);
        } finally {
            for (Socket socket : greedy) {
                socket.close();
            }
        }
        await().until(() -> small.owed() == 0);
    }
}
