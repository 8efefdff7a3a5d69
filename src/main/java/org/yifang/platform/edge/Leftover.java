package org.yifang.platform.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;

import java.util.concurrent.atomic.AtomicLong;

/// What is left of a body when its request has its answer.
final class Leftover {
    /// What is thrown away within this time lets a sender come to read its answer.
    private static final long DRAIN_MILLIS = 2_000;

    /// Lets go of what a body held; what is left of one that nobody wanted is thrown away, as far
    /// as its sender deserves it, and then the connection is closed.
    static void of(RoutingContext http, @Nullable Body body, Bounds bounds) {
        if (body != null) {
            body.release();
        }
        HttpServerRequest request = http.request();
        if (request.isEnded()) {
            return;
        }
        if (body != null && body.isSlow()) {
            request.connection().close();
            return;
        }
        boolean known = http.get(Caller.class.getName()) != null;
        long most = known ? Limits.DRAINED_BYTES_KNOWN : Limits.DRAINED_BYTES;
        AtomicLong drained = new AtomicLong();
        long timer =
                http.vertx()
                        .setTimer(
                                known ? bounds.bodyGrace().toMillis() : DRAIN_MILLIS,
                                late -> {
                                    // The connection may be at its next request.
                                    if (!request.isEnded()) {
                                        request.connection().close();
                                    }
                                });
        request.exceptionHandler(gone -> http.vertx().cancelTimer(timer));
        request.endHandler(end -> http.vertx().cancelTimer(timer));
        request.handler(piece -> {
            if (drained.addAndGet(piece.length()) > most) {
                http.vertx().cancelTimer(timer);
                request.connection().close();
            }
        });
        request.resume();
    }

    private Leftover() {}
}
