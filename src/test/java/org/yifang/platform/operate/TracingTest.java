package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.tracing.TracingPolicy;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A trace leads from a line of the log to what a call did, and names nobody.
class TracingTest {
    private static final class Kept implements SpanExporter {
        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> more) {
            spans.addAll(more);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @Test
    void a_call_has_one_without_what_stands_in_its_address() throws Exception {
        Kept kept = new Kept();
        try (Tracing tracing = Tracing.through(kept);
                HttpClient http = HttpClient.newHttpClient()) {
            Vertx vertx =
                    Vertx.builder().with(new VertxOptions()).withTracer(tracing.factory()).build();
            try {
                var server =
                        vertx.createHttpServer(
                                        new HttpServerOptions()
                                                .setTracingPolicy(TracingPolicy.ALWAYS))
                                .requestHandler(call -> call.response().end(Tracing.currentId()))
                                .listen(0, "127.0.0.1")
                                .await();
                String address =
                        "http://127.0.0.1:"
                                + server.actualPort()
                                + "/fhir/Patient?identifier=110101199003070000";
                String id =
                        http.send(
                                        HttpRequest.newBuilder(URI.create(address)).build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body();
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(kept.spans).isNotEmpty());
                assertThat(id).matches("[0-9a-f]{32}");
                assertThat(kept.spans)
                        .anySatisfy(span -> assertThat(span.getTraceId()).isEqualTo(id))
                        .allSatisfy(span ->
                                assertThat(span.getAttributes() + span.getName())
                                        .doesNotContain("110101199003070000"));
            } finally {
                vertx.close().await();
            }
        }
    }
}
