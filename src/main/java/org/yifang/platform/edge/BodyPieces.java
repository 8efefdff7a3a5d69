package org.yifang.platform.edge;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The pieces of a paused request, one asked for after the other.
final class BodyPieces {
    private final HttpServerRequest http;
    private final Bounds bounds;
    private Promise<Buffer> next = Promise.promise();
    private long arrived;
    private long waitedMillis;
    private boolean ended;

    BodyPieces(RoutingContext context, Bounds bounds) {
        this.http = context.request();
        this.bounds = bounds;
        http.handler(piece -> next.tryComplete(piece));
        http.endHandler(end -> {
            ended = true;
            next.tryComplete(Buffer.buffer());
        });
        http.exceptionHandler(failure -> next.tryFail(failure));
    }

    /// The next piece, empty at the end.
    Buffer next() {
        if (ended) {
            return Buffer.buffer();
        }
        next = Promise.promise();
        long began = System.nanoTime();
        long patience = Math.max(1, Body.millis(bounds, arrived) - waitedMillis);
        http.fetch(1);
        try {
            Buffer piece = next.future().timeout(patience, TimeUnit.MILLISECONDS).await();
            waitedMillis += TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            arrived += piece.length();
            return piece;
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception late) {
            throw late instanceof TimeoutException
                    ? Body.tooSlow(bounds)
                    : new IllegalStateException(late);
        }
    }
}
