package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;

import org.junit.jupiter.api.Test;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.edge.Bounds;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Proxies;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Who opens a connection and never finishes its TLS handshake holds a share like anybody else.
final class HandshakesTest {
    private static final int EACH = 5;
    private static final int ALL = 12;

    private static final Bounds SMALL =
            new Bounds(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    100_000,
                    ALL,
                    EACH,
                    4,
                    3,
                    64 * 1024,
                    16 * 1024 * 1024,
                    2 * 1024 * 1024,
                    1_000,
                    1_000);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void handshakes_that_are_not_finished_count_by_address_and_in_all() throws IOException {
        HttpServerOptions options =
                Edge.options()
                        .setSsl(true)
                        .setKeyCertOptions(SelfSignedCertificate.create().keyCertOptions());
        Edge edge =
                new Edge(
                        SMALL,
                        Proxies.of(List.of("127.0.0.9/32")),
                        URI.create("https://yifang.example"),
                        options);
        edge.bindTo(metrics);
        Vertx vertx = Vertx.builder().withTransport(edge.transport()).build();
        List<Wire> held = new ArrayList<>();
        try {
            Router router = Router.router(vertx);
            edge.mount(router);
            router.get("/who").handler(http -> http.end("you"));
            int port =
                    edge.guard(vertx.createHttpServer(options), Outcomes::refuse)
                            .requestHandler(router)
                            .listen(0, "0.0.0.0")
                            .await()
                            .actualPort();
            assertThat(open(port, "127.0.0.1", 2 * EACH, held)).isEqualTo(EACH);
            assertThat(open(port, "127.0.0.2", 2 * EACH, held)).isEqualTo(EACH);
            // The rest of all, and who has a share of its own does not help.
            assertThat(open(port, "127.0.0.3", 2 * EACH, held)).isEqualTo(ALL - 2 * EACH);
            assertThat(connections()).isEqualTo(ALL);
            for (Wire wire : held) {
                wire.close();
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> connections() == 0);
            WebClient web =
                    WebClient.create(
                            vertx,
                            new WebClientOptions()
                                    .setSsl(true)
                                    .setTrustAll(true)
                                    .setVerifyHost(false));
            assertThat(web.get(port, "127.0.0.1", "/who").send().await().bodyAsString())
                    .isEqualTo("you");
            assertThat(connections()).isEqualTo(1);
        } finally {
            vertx.close().await();
        }
    }

    private int connections() {
        return (int) metrics.get("yifang.connections").gauge().value();
    }

    /// Opens connections from an address, says nothing, and tells how many are kept.
    private static int open(int port, String from, int many, List<Wire> held) throws IOException {
        List<Wire> mine = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            mine.add(Wire.to(port, from));
        }
        held.addAll(mine);
        int kept = 0;
        for (Wire wire : mine) {
            kept += wire.read(Duration.ofMillis(300)).closed() ? 0 : 1;
        }
        return kept;
    }
}
