package org.yifang.platform.operate;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// `GET /metrics`, which anybody who reaches the port may ask for: one writing serves all who ask
/// meanwhile, and who asks now and then gets what is true now. However many ask, writing takes no
/// more than a twentieth of a processor in the long run: beyond that the last text is given again.
/// No thread that serves writes it.
public final class MetricsPage {
    private static final int SHARE = 20;

    /// Some hundred writings.
    private static final Duration SAVED_MOST = Duration.ofSeconds(1);

    /// What writing may take yet.
    ///
    /// @param at when it was so, by [System#nanoTime]
    private record Purse(long nanos, long at) {
        Purse at(long now) {
            long saved = nanos + (now - at) / SHARE;
            return new Purse(Math.min(SAVED_MOST.toNanos(), saved), now);
        }

        Purse without(long spent) {
            return new Purse(nanos - spent, at);
        }
    }

    private final Vertx vertx;
    private final PrometheusMeterRegistry metrics;
    private final AtomicReference<@Nullable Future<Buffer>> last = new AtomicReference<>();
    private final AtomicReference<Purse> purse =
            new AtomicReference<>(new Purse(SAVED_MOST.toNanos(), System.nanoTime()));

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
            Future<Buffer> known = last.get();
            if (known != null && (!known.isComplete() || known.succeeded() && isSpent())) {
                return known;
            }
            Promise<Buffer> promise = Promise.promise();
            if (last.compareAndSet(known, promise.future())) {
                vertx.executeBlocking(this::written, false).onComplete(promise);
                return promise.future();
            }
        }
    }

    private boolean isSpent() {
        return purse.updateAndGet(before -> before.at(System.nanoTime())).nanos() <= 0;
    }

    private Buffer written() {
        long began = System.nanoTime();
        Buffer text = Buffer.buffer(metrics.scrape());
        long ended = System.nanoTime();
        purse.updateAndGet(before -> before.at(ended).without(ended - began));
        return text;
    }
}
