package org.yifang.platform.edge;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;

import java.util.concurrent.TimeUnit;

/// Keeps what arrives of a body, up to its limit and in time.
final class BodyCollector {
    private final RoutingContext http;
    private final Body body;
    private final Promise<Buffer> whole;
    private final Bounds bounds;
    private final long began = System.nanoTime();
    private final @Nullable Gunzip inflating;
    private Buffer kept = Buffer.buffer();
    private long arrived;
    private long timer;
    private boolean over;

    BodyCollector(RoutingContext http, Body body, Promise<Buffer> whole) {
        this.http = http;
        this.body = body;
        this.whole = whole;
        this.bounds = Edge.boundsOf(http);
        this.inflating = body.gzip ? new Gunzip() : null;
        this.timer = http.vertx().setTimer(bounds.bodyGrace().toMillis(), this::late);
    }

    private void late(long fired) {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long allowed = Body.millis(bounds, arrived);
        if (passed < allowed) {
            timer = http.vertx().setTimer(allowed - passed, this::late);
        } else {
            body.slow = true;
            fail(Body.tooSlow(bounds));
        }
    }

    void piece(Buffer piece) {
        if (over) {
            return;
        }
        arrived += piece.length();
        if (inflating == null) {
            keep(piece);
            return;
        }
        try {
            inflating.feed(
                    piece,
                    inflated -> {
                        keep(inflated);
                        if (over) {
                            throw Body.tooLarge(body.most);
                        }
                    });
        } catch (Gunzip.NotGzip broken) {
            fail(Body.notGzip(broken));
        } catch (Problem stopped) {
            fail(stopped);
        }
    }

    private void keep(Buffer piece) {
        if (kept.length() + piece.length() > body.most) {
            Bound.BODY_BYTES.reached();
            fail(Body.tooLarge(body.most));
        } else if (Edge.hold(http, piece.length())) {
            body.held += piece.length();
            kept.appendBuffer(piece);
        } else {
            fail(Problem.busy("Too much is being received at once."));
        }
    }

    void end() {
        if (over) {
            return;
        }
        try {
            if (inflating != null) {
                inflating.end();
            }
            stop();
            whole.tryComplete(kept);
        } catch (Gunzip.NotGzip broken) {
            fail(Body.notGzip(broken));
        }
    }

    void fail(Throwable failure) {
        if (!over) {
            stop();
            kept = Buffer.buffer();
            body.release();
            whole.tryFail(failure);
        }
    }

    private void stop() {
        over = true;
        http.vertx().cancelTimer(timer);
        body.letOpenGo();
        if (inflating != null) {
            inflating.close();
        }
    }
}
