package org.yifang.platform.operate;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/// `GET /metrics`, which anybody who reaches the port may ask for: one writing serves all who ask
/// meanwhile, and stays for twenty times as long as it took, so that no number of requests makes
/// the service spend more than a twentieth of a processor on it. No thread that serves writes it.
public final class MetricsPage {
    private static final int KEPT_TIMES = 20;

    private static final class Written {
        private final Future<Buffer> text;

        /// By [System#nanoTime], when the text is there.
        private volatile long freshUntil;

        Written(Future<Buffer> text) {
            this.text = text;
        }

        boolean isFresh() {
            return !text.isComplete() || text.succeeded() && System.nanoTime() - freshUntil < 0;
        }
    }

    private final Vertx vertx;
    private final PrometheusMeterRegistry metrics;
    private final AtomicReference<@Nullable Written> last = new AtomicReference<>();

    public MetricsPage(Vertx vertx, PrometheusMeterRegistry metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
    }

    public void handle(RoutingContext http) {
        text().onSuccess(text ->
                        http.response()
                                .putHeader(
                                        "Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(text))
                .onFailure(http::fail);
    }

    private Future<Buffer> text() {
        while (true) {
            Written known = last.get();
            if (known != null && known.isFresh()) {
                return known.text;
            }
            Promise<Buffer> promise = Promise.promise();
            Written next = new Written(promise.future());
            if (last.compareAndSet(known, next)) {
                write(next, promise);
                return next.text;
            }
        }
    }

    private void write(Written next, Promise<Buffer> promise) {
        vertx.executeBlocking(
                        () -> {
                            long began = System.nanoTime();
                            Buffer text = Buffer.buffer(metrics.scrape());
                            long ended = System.nanoTime();
                            next.freshUntil = ended + KEPT_TIMES * (ended - began);
                            return text;
                        },
                        false)
                .onComplete(promise);
    }
}
