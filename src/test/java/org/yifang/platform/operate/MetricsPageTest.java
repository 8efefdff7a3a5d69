package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

class MetricsPageTest {
    private static final int ASKING = 200;

    @Test
    void however_many_ask_it_is_written_seldom_and_is_true_for_who_asks_now_and_then()
            throws Exception {
        AtomicInteger written = new AtomicInteger();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Gauge.builder("writings", () -> dear(written)).register(metrics);
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            router.get("/metrics").handler(new MetricsPage(vertx, metrics)::handle);
            int port =
                    vertx.createHttpServer()
                            .requestHandler(router)
                            .listen(0, "127.0.0.1")
                            .await(10, TimeUnit.SECONDS)
                            .actualPort();
            WebClient client = WebClient.create(vertx);
            // Who asks now and then gets what is true now.
            for (int n = 1; n <= 3; n++) {
                assertThat(text(get(client, port))).contains("writings " + n + ".0");
            }
            var answers =
                    IntStream.range(0, ASKING)
                            .mapToObj(_ -> client.get(port, "127.0.0.1", "/metrics").send())
                            .toList();
            Future.all(answers).await(30, TimeUnit.SECONDS);
            for (int n = 0; n < ASKING; n++) {
                assertThat(text(get(client, port))).contains("writings ");
            }
            // A second saved, a tenth of a second each.
            assertThat(written.get()).isLessThan(16);
            int before = written.get();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
            assertThat(text(get(client, port))).contains("writings " + (before + 1) + ".0");
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static HttpResponse<Buffer> get(WebClient client, int port) throws Exception {
        return client.get(port, "127.0.0.1", "/metrics").send().await(10, TimeUnit.SECONDS);
    }

    private static String text(HttpResponse<Buffer> answer) {
        return answer.bodyAsString();
    }

    /// A tenth of a second.
    private static double dear(AtomicInteger written) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        return written.incrementAndGet();
    }
}
