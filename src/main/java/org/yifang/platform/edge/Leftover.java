package org.yifang.platform.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;

import java.util.concurrent.atomic.AtomicLong;

/// What is left of a body when its request has its answer.
final class Leftover {
    /// What is thrown away within this time lets a sender come to read its answer.
    private static final long DRAIN_MILLIS = 2_000;

    private static final String CLOSING = Leftover.class.getName();

    /// Says in the answer that the connection ends with it, when more of a body is left than is
    /// going to be thrown away: a client that was not told would send its next request on it.
    static void announce(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.isEnded() || request.version() == HttpVersion.HTTP_2) {
            return;
        }
        long length;
        try {
            length = Long.parseLong(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        } catch (NumberFormatException unknown) {
            length = Long.MAX_VALUE;
        }
        if (length > most(http)) {
            http.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            http.put(CLOSING, true);
        }
    }

    private static boolean isKnown(RoutingContext http) {
        return http.get(Caller.class.getName()) != null;
    }

    private static long most(RoutingContext http) {
        return isKnown(http) ? Limits.DRAINED_BYTES_KNOWN : Limits.DRAINED_BYTES;
    }

    /// Lets go of what a body held; what is left of one that nobody wanted is thrown away, as far
    /// as its sender deserves it, and then the connection is closed.
    static void of(RoutingContext http, @Nullable Body body, Bounds bounds) {
        if (body != null) {
            body.release();
        }
        HttpServerRequest request = http.request();
        boolean closing = http.get(CLOSING) != null;
        if (request.isEnded()) {
            if (closing) {
                request.connection().close();
            }
            return;
        }
        if (body != null && body.isSlow()) {
            request.connection().close();
            return;
        }
        boolean known = isKnown(http);
        long most = most(http);
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
        request.endHandler(end -> {
            http.vertx().cancelTimer(timer);
            if (closing) {
                request.connection().close();
            }
        });
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
