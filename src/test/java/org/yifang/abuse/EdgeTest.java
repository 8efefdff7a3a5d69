package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Bounds;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.FormBody;
import org.yifang.platform.edge.Proxies;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Slow senders end, and what one address may hold and ask for is bounded: a server with small
/// bounds, loopback standing for a proxy that is believed and 127.0.0.1 for none.
@Alone
final class EdgeTest {
    private static final Bounds SMALL =
            new Bounds(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    100_000,
                    40,
                    8,
                    4,
                    3,
                    64 * 1024,
                    16 * 1024 * 1024,
                    2 * 1024 * 1024,
                    20,
                    30);

    private static final Vertx VERTX = Vertx.vertx();
    private static String direct = "";
    private static String proxied = "";

    private static String serve(Proxies proxies) {
        Edge edge = new Edge(SMALL, proxies, URI.create("https://yifang.example"), Edge.options());
        AtomicInteger port = new AtomicInteger();
        VERTX.deployVerticle(
                        () ->
                                new VerticleBase() {
                                    @Override
                                    public Future<?> start() {
                                        Router router = Router.router(vertx);
                                        Outcomes.mount(router);
                                        edge.mount(router);
                                        router.get("/who")
                                                .handler(http -> http.end(Edge.address(http)));
                                        router.post("/form")
                                                .handler(FormBody.upTo(32 * 1024))
                                                .handler(http ->
                                                        http.end(
                                                                http.request()
                                                                        .getFormAttribute("a")));
                                        router.post("/echo")
                                                .handler(http -> {
                                                    Body body = Body.collect(http, 32 * 1024);
                                                    body.await();
                                                    http.end("" + body.bytes().length);
                                                });
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
        return "http://127.0.0.1:" + port.get();
    }

    @BeforeAll
    static void open() {
        direct = serve(Proxies.NONE);
        proxied = serve(Proxies.of(List.of("127.0.0.0/8")));
    }

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    private static Wire.Reply ask(String url, String request) throws IOException {
        try (Wire wire = Wire.to(url)) {
            return wire.send(request).answer();
        }
    }

    private static String who(String header) {
        return "GET /who HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer y\r\n" + header + "\r\n";
    }

    @Test
    void a_head_that_does_not_end_is_408_and_closed() throws IOException {
        try (Wire wire = Wire.to(direct)) {
            Wire.Reply reply = wire.send("GET /who HTTP/1.1\r\nX: ").read(Duration.ofSeconds(5));
            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.closed()).isTrue();
        }
    }

    @Test
    void a_connection_on_which_nothing_comes_is_closed() throws IOException {
        try (Wire wire = Wire.to(direct)) {
            assertThat(wire.read(Duration.ofSeconds(5)).closed()).isTrue();
        }
    }

    @Test
    void a_body_that_comes_too_slowly_is_408_and_closed() throws IOException {
        try (Wire wire = Wire.to(direct)) {
            wire.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
            Wire.Reply reply = wire.read(Duration.ofSeconds(5));
            assertThat(reply.status()).as(reply.text()).isEqualTo(408);
            assertThat(reply.text()).contains("RX-1008");
            assertThat(reply.closed()).isTrue();
        }
    }

    @Test
    void a_form_of_a_page_is_bounded_like_any_other_body() throws IOException {
        String head = "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/";
        String form = head + "x-www-form-urlencoded\r\nContent-Length: ";
        assertThat(ask(direct, form + "9\r\n\r\na=b%26c+d").text()).endsWith("b&c d");
        assertThat(ask(direct, form + "99999\r\n\r\na=b").status()).isEqualTo(413);
        assertThat(ask(direct, form + "3\r\nContent-Encoding: br\r\n\r\na=b").status())
                .isEqualTo(415);
        try (Wire wire = Wire.to(direct)) {
            wire.send(form + "1000\r\n\r\na=b");
            Wire.Reply reply = wire.read(Duration.ofSeconds(5));
            assertThat(reply.status()).as(reply.text()).isEqualTo(408);
            assertThat(reply.closed()).isTrue();
        }
    }

    @Test
    void a_body_that_nobody_wants_is_not_waited_for() throws IOException {
        try (Wire wire = Wire.to(direct)) {
            wire.send("GET /who HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\nabc");
            Wire.Reply reply = wire.read(Duration.ofSeconds(5));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.closed()).isTrue();
        }
    }

    @Test
    void unfinished_bodies_of_one_address_have_a_cap() throws IOException {
        List<Wire> held = new ArrayList<>();
        try {
            for (int i = 0; i < SMALL.openBodiesPerAddress(); i++) {
                held.add(
                        Wire.to(direct)
                                .send(
                                        "POST /echo HTTP/1.1\r\nHost: x\r\n"
                                                + "Content-Length: 10\r\n\r\nabc"));
            }
            // One more; whichever the server meets last is refused.
            held.add(
                    Wire.to(direct)
                            .send(
                                    "POST /echo HTTP/1.1\r\nHost: x\r\n"
                                            + "Content-Length: 10\r\n\r\nabc"));
            StringBuilder told = new StringBuilder();
            for (int i = 0; i < 40 && told.indexOf("HTTP/1.1 429") < 0; i++) {
                told.append(held.get(i % held.size()).read(Duration.ofMillis(200)).text());
            }
            assertThat(told.toString())
                    .contains("HTTP/1.1 429")
                    .containsIgnoringCase("Retry-After: ");
        } finally {
            for (Wire wire : held) {
                wire.close();
            }
        }
    }

    @Test
    void connections_of_one_address_have_a_cap_that_those_of_a_proxy_have_not() throws IOException {
        assertThat(answered(direct)).isLessThanOrEqualTo(SMALL.connectionsPerAddress());
        assertThat(answered(proxied)).isEqualTo(2 * SMALL.connectionsPerAddress());
    }

    private static int answered(String url) throws IOException {
        List<Wire> held = new ArrayList<>();
        int answered = 0;
        try {
            for (int i = 0; i < 2 * SMALL.connectionsPerAddress(); i++) {
                Wire wire = Wire.to(url);
                held.add(wire);
                answered += wire.send(who("")).answer().status() == 200 ? 1 : 0;
            }
        } finally {
            for (Wire wire : held) {
                wire.close();
            }
        }
        return answered;
    }

    @Test
    void where_a_request_comes_from_is_believed_of_named_proxies_only() throws IOException {
        String forged = who("Forwarded: for=203.0.113.7\r\nX-Forwarded-For: 203.0.113.8\r\n");
        assertThat(ask(direct, forged).text()).endsWith("127.0.0.1");
        assertThat(ask(proxied, forged).text()).endsWith("203.0.113.7");
        assertThat(ask(proxied, who("X-Forwarded-For: 1.2.3.4, 198.51.100.9\r\n")).text())
                .endsWith("198.51.100.9");
        assertThat(
                        ask(proxied, who("Forwarded: for=\"[2001:db8::1]:4711\";proto=https\r\n"))
                                .text())
                .endsWith("2001:db8::1");
        assertThat(ask(proxied, who("Forwarded: for=_hidden\r\n")).text()).endsWith("127.0.0.1");
    }

    /// HAProxy appends to `X-Forwarded-For` and lets `Forwarded` pass, which is believed first.
    @Test
    void the_example_of_a_proxy_lets_no_caller_say_where_it_comes_from() throws IOException {
        String proxy = Files.readString(Path.of("deploy/ha/haproxy.cfg"));
        List<String> taking =
                Pattern.compile("^(?=\\S)", Pattern.MULTILINE)
                        .splitAsStream(proxy)
                        .filter(part -> part.matches("(?s)(frontend|listen) .*"))
                        .filter(part -> part.contains("mode http\n"))
                        .toList();
        assertThat(taking)
                .isNotEmpty()
                .allSatisfy(part ->
                        assertThat(part.lines().map(String::strip).toList())
                                .contains(
                                        "http-request del-header Forwarded", "option forwardfor"));
    }

    @Test
    void https_is_kept_to() throws IOException {
        assertThat(ask(direct, who("")).text())
                .containsIgnoringCase("Strict-Transport-Security: max-age=");
    }

    @Test
    void one_address_without_a_token_is_slowed_down_and_others_are_not() throws IOException {
        String request = "GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.23\r\n\r\n";
        int refused = 0;
        try (Wire wire = Wire.to(proxied)) {
            String all = wire.send(request.repeat(60)).answer().text();
            refused = all.split("HTTP/1.1 429", -1).length - 1;
        }
        assertThat(refused).isPositive();
        assertThat(
                        ask(
                                        proxied,
                                        "GET /who HTTP/1.1\r\nHost: x\r\n"
                                                + "X-Forwarded-For: 198.51.100.24\r\n\r\n")
                                .status())
                .isEqualTo(200);
    }
}
