package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.platform.Outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Keys of clients are fetched from where they may be, kept, and never replaced by worse ones.
class ClientKeySetsTest {
    private static final Outbound LOOPBACK = Outbound.of(List.of("127.0.0.0/8"));

    private static Vertx vertx;
    private static HttpServer server;
    private static volatile Consumer<HttpServerRequest> answer = _ -> {};
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static Instant now = Instant.parse("2026-05-01T00:00:00Z");

    private ClientKeySets sets;

    @BeforeAll
    static void serve() {
        vertx = Vertx.vertx();
        server =
                vertx.createHttpServer()
                        .requestHandler(request -> {
                            ASKED.incrementAndGet();
                            answer.accept(request);
                        })
                        .listen(0, "127.0.0.1")
                        .await();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    @BeforeEach
    void begin() {
        ASKED.set(0);
        sets = new ClientKeySets(vertx, LOOPBACK, () -> now);
    }

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (com.nimbusds.jose.JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void publishes(String text) {
        answer = request -> request.response().end(text);
    }

    private static String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/keys?of=his";
    }

    /// As the service asks: where waiting is allowed.
    private static <T> T inService(Callable<T> what) throws Exception {
        var done = new java.util.concurrent.CompletableFuture<T>();
        vertx.deployVerticle(
                        new VerticleBase() {
                            @Override
                            public io.vertx.core.Future<?> start() throws Exception {
                                done.complete(what.call());
                                return io.vertx.core.Future.succeededFuture();
                            }
                        },
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
        return done.get();
    }

    private String at(ClientKeySets of, String url, String kid) throws Exception {
        return String.valueOf(inService(() -> String.valueOf(of.at(url, kid))));
    }

    @Test
    void keys_are_kept_and_fetched_anew_for_one_that_is_unknown() throws Exception {
        String first = new JWKSet(key("a")).toString(true);
        String second = new JWKSet(List.of(key("a"), key("b"))).toString(true);
        publishes(first);
        assertThat(at(sets, url(), "a")).isEqualTo(first);
        assertThat(at(sets, url(), "a")).isEqualTo(first);
        assertThat(ASKED).hasValue(1);
        publishes(second);
        // Forged ids do not make us ask again and again.
        for (int i = 0; i < 20; i++) {
            assertThat(at(sets, url(), "forged-" + i)).isEqualTo(first);
        }
        assertThat(ASKED).hasValue(1);
        now = now.plusSeconds(31);
        assertThat(at(sets, url(), "b")).isEqualTo(second);
        assertThat(ASKED).hasValue(2);
    }

    @Test
    void what_is_no_public_key_set_never_takes_the_place_of_one() throws Exception {
        String good = new JWKSet(key("a")).toString(true);
        publishes(good);
        assertThat(at(sets, url(), "a")).isEqualTo(good);
        for (String poison :
                List.of("", "nonsense", "[]", new JWKSet(key("evil")).toString(false))) {
            now = now.plus(Duration.ofMinutes(6));
            publishes(poison);
            assertThat(at(sets, url(), "a")).as(poison).isEqualTo(good);
        }
        now = now.plus(Duration.ofMinutes(6));
        answer = request -> request.response().setStatusCode(500).end();
        assertThat(at(sets, url(), "a")).isEqualTo(good);
        now = now.plus(Duration.ofDays(1));
        assertThat(at(sets, url(), "a")).isEqualTo("null");
    }

    @Test
    void an_answer_without_end_is_cut_off() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        answer =
                request -> {
                    request.response().setChunked(true);
                    long timer =
                            vertx.setPeriodic(
                                    1,
                                    _ -> {
                                        sent.incrementAndGet();
                                        var _ =
                                                request.response()
                                                        .write(Buffer.buffer(new byte[16_384]));
                                    });
                    request.response().closeHandler(_ -> vertx.cancelTimer(timer));
                };
        assertThat(at(sets, url(), "a")).isEqualTo("null");
        assertThat(sent.get()).isLessThan(2_000);
    }

    @Test
    void nobody_is_led_into_a_private_network() throws Exception {
        publishes(new JWKSet(key("a")).toString(true));
        ClientKeySets strict = new ClientKeySets(vertx, Outbound.PUBLIC, () -> now);
        int port = server.actualPort();
        for (String host :
                List.of(
                        "127.0.0.1",
                        "localhost",
                        "[::1]",
                        "[::ffff:127.0.0.1]",
                        "0.0.0.0",
                        "2130706433",
                        "169.254.169.254",
                        "10.0.0.1")) {
            String address = "http://" + host + ":" + port + "/";
            assertThat(at(strict, address, "a")).as(host).isEqualTo("null");
        }
        assertThat(ASKED).hasValue(0);
        // Nor by a server that may be called: its redirects are not followed.
        answer =
                request ->
                        request.response()
                                .setStatusCode(302)
                                .putHeader("Location", "http://127.0.0.2:" + port + "/secret")
                                .end();
        assertThat(at(sets, url(), "a")).isEqualTo("null");
        assertThat(ASKED).hasValue(1);
    }

    @Test
    void who_asks_at_the_same_time_waits_for_the_one_fetch() throws Exception {
        String good = new JWKSet(key("a")).toString(true);
        answer =
                request ->
                        vertx.setTimer(300, _ -> request.response().end(good));
        try (var people = Executors.newFixedThreadPool(6)) {
            List<Callable<String>> calls = java.util.Collections.nCopies(6, () -> at(sets, url(), "a"));
            for (var one : people.invokeAll(calls)) {
                assertThat(one.get()).isEqualTo(good);
            }
        }
        assertThat(ASKED).hasValue(1);
    }
}
