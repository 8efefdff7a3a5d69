package org.yifang.notify.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.platform.Outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Receivers are called at the very address that was checked, and no longer than they may take.
class ReceiversTest {
    private static final Duration MOST = Duration.ofSeconds(2);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger calls = new AtomicInteger();
    private WorkerExecutor looking;
    private HttpServer server;

    @BeforeEach
    void open() {
        looking = vertx.createSharedWorkerExecutor("names-of-test", 2);
        server =
                vertx.createHttpServer()
                        .requestHandler(request -> {
                            calls.incrementAndGet();
                            switch (request.path()) {
                                case "/long" ->
                                        request.response().end("x".repeat(10 * 1024 * 1024));
                                case "/drip" ->
                                        vertx.setPeriodic(
                                                100,
                                                _ ->
                                                        request.response()
                                                                .setChunked(true)
                                                                .write("x"));
                                case "/silent" -> {}
                                default -> request.response().end();
                            }
                        })
                        .listen(0, "127.0.0.1")
                        .await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private URI at(String host, String path) {
        return URI.create("http://" + host + ":" + server.actualPort() + path);
    }

    private Receivers receivers(List<String> allowed, Outbound.Names names) {
        return new Receivers(vertx, Outbound.of(allowed), names, looking);
    }

    private static InetAddress[] address(String numeric) throws UnknownHostException {
        return new InetAddress[] {InetAddress.getByName(numeric)};
    }

    @Test
    void a_name_that_answers_otherwise_after_its_check_reaches_nothing_inside() {
        AtomicInteger asked = new AtomicInteger();
        Outbound.Names rebinding =
                host -> address(asked.getAndIncrement() == 0 ? "203.0.114.9" : "127.0.0.1");
        try (Receivers receivers = receivers(List.of(), rebinding)) {
            URI uri = at("rebinding.example", "/");
            // Registered while it is public; by the call it points inside.
            assertThat(asked.incrementAndGet()).isEqualTo(1);
            assertThat(receivers.post(uri, new byte[0], "t=1,v1=0", MOST).fault())
                    .isEqualTo("it lies in a network that may not be called from here");
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void of_several_addresses_only_one_that_may_be_called_is() throws Exception {
        Outbound.Names both =
                host ->
                        new InetAddress[] {
                            InetAddress.getAllByName("10.0.0.1")[0],
                            InetAddress.getLoopbackAddress()
                        };
        try (Receivers receivers = receivers(List.of("127.0.0.0/8"), both)) {
            assertThat(receivers.post(at("mixed.example", "/"), new byte[0], "", MOST).isTaken())
                    .isTrue();
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void http_over_the_internet_is_not_spoken() {
        try (Receivers receivers = receivers(List.of(), host -> address("203.0.114.9"))) {
            assertThat(receivers.post(at("plain.example", "/"), new byte[0], "", MOST).fault())
                    .contains("without https");
        }
    }

    @Test
    void who_is_silent_is_cut_off_and_who_talks_too_much_or_too_long_has_taken_it() {
        try (Receivers receivers = receivers(List.of("127.0.0.0/8"), InetAddress::getAllByName)) {
            long began = System.nanoTime();
            assertThat(receivers.post(at("127.0.0.1", "/silent"), new byte[0], "", MOST).fault())
                    .isEqualTo("it took longer than it may");
            assertThat(receivers.post(at("127.0.0.1", "/long"), new byte[0], "", MOST).isTaken())
                    .isTrue();
            assertThat(receivers.post(at("127.0.0.1", "/drip"), new byte[0], "", MOST).isTaken())
                    .isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(MOST.multipliedBy(5));
        }
    }
}
