package org.yifang.platform.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Takes the body of a request, collected or piece by piece: never more than its limit, counted
/// while it inflates, and never slower than its bound.
public final class Body {
    /// Of a request that has none.
    public static final Body NONE =
            new Body(null, 0, false, Future.succeededFuture(Buffer.buffer()));

    private final @Nullable RoutingContext http;
    private final long most;
    private final boolean gzip;
    private final Future<Buffer> collected;
    private byte[] bytes = new byte[0];
    private int held;
    private @Nullable Runnable open;
    private boolean slow;

    private Body(@Nullable RoutingContext http, long most, boolean gzip, Future<Buffer> collected) {
        this.http = http;
        this.most = most;
        this.gzip = gzip;
        this.collected = collected;
    }

    /// Begins to collect.
    ///
    /// @throws Problem `RX-1015` for a coding other than gzip, `RX-1013` for one announced too
    ///   long, `RX-1029` or `RX-9004` when too many are under way
    public static Body collect(RoutingContext http, long most) {
        if (hasNone(http.request())) {
            return of(new byte[0]);
        }
        boolean gzip = isGzip(http.request());
        requireShort(http.request(), most);
        Promise<Buffer> whole = Promise.promise();
        Body body = new Body(http, most, gzip, whole.future());
        body.open = Edge.admitBody(http, body);
        Collector collector = new Collector(http, body, whole);
        HttpServerRequest request = http.request();
        request.handler(collector::piece);
        request.endHandler(end -> collector.end());
        request.exceptionHandler(collector::fail);
        proceed(request);
        request.resume();
        return body;
    }

    /// Leaves the body where it is until [#stream] asks for it.
    ///
    /// @throws Problem `RX-1015` for a coding other than gzip
    public static Body later(RoutingContext http, long most) {
        if (hasNone(http.request())) {
            return of(new byte[0]);
        }
        boolean gzip = isGzip(http.request());
        http.request().pause();
        return new Body(http, most, gzip, Future.succeededFuture(Buffer.buffer()));
    }

    /// A request that announces no body may have ended while its token was checked, and then cannot
    /// be listened to any more.
    private static boolean hasNone(HttpServerRequest request) {
        return request.isEnded()
                || (request.version() != HttpVersion.HTTP_2
                        && request.getHeader("Content-Length") == null
                        && request.getHeader("Transfer-Encoding") == null);
    }

    /// A body that is here already.
    public static Body of(byte[] given) {
        return new Body(null, given.length, false, Future.succeededFuture(Buffer.buffer(given)));
    }

    /// Has the sender begin, where it waits for being told to.
    private static void proceed(HttpServerRequest request) {
        String expected = request.getHeader("Expect");
        if (expected != null && expected.equalsIgnoreCase("100-continue")) {
            request.response().writeContinue();
        }
    }

    private static boolean isGzip(HttpServerRequest request) {
        List<String> codings = request.headers().getAll("Content-Encoding");
        if (codings.isEmpty()) {
            return false;
        }
        String coding = String.join(",", codings).strip().toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "", "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default -> {
                Bound.BODY_ENCODING.reached();
                throw new Problem(
                        List.of(
                                new Finding(
                                        ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                                        "The body has a content coding that is not read here.",
                                        "Send it plain or as `Content-Encoding: gzip`.")),
                        Map.of("Accept-Encoding", "gzip"));
            }
        };
    }

    /// What is announced to be too long is not begun with.
    private static void requireShort(HttpServerRequest request, long most) {
        String announced = request.getHeader("Content-Length");
        if (announced != null
                && announced.matches("\\d+")
                && (announced.length() > 18 || Long.parseLong(announced) > most + 1024)) {
            Bound.BODY_BYTES.reached();
            throw tooLarge(most);
        }
    }

    /// Waits for the whole body.
    ///
    /// @throws Problem `RX-1013` when it is too large, `RX-1400` when it is no gzip and says so,
    ///   `RX-1008` when it comes too slowly, `RX-9004` when too much is held already
    public void await() {
        bytes = collected.await().getBytes();
    }

    /// As [#await], no longer than `most`: false when it is not here by then.
    public boolean await(Duration most) {
        var inTime = collected.timeout(most.toMillis(), TimeUnit.MILLISECONDS);
        return inTime.onSuccess(all -> bytes = all.getBytes()).map(true).otherwise(false).await();
    }

    /// What was collected, empty before [#await].
    public byte[] bytes() {
        return bytes;
    }

    /// Hands over the body of [#later] piece by piece, with back pressure.
    ///
    /// @throws Problem as [#await]
    public void stream(Consumer<Buffer> taker) {
        if (http == null) {
            if (bytes.length > 0) {
                taker.accept(Buffer.buffer(bytes));
            }
            return;
        }
        CountedBytes counted = new CountedBytes(taker, most);
        BodyPieces pieces = new BodyPieces(http, Edge.boundsOf(http));
        proceed(http.request());
        try (Gunzip inflating = gzip ? new Gunzip() : null) {
            for (Buffer piece = pieces.next(); piece.length() > 0; piece = pieces.next()) {
                if (inflating == null) {
                    counted.accept(piece);
                } else {
                    inflating.feed(piece, counted);
                }
                if (counted.turnIsOver()) {
                    giveWay(http.vertx());
                }
            }
            if (inflating != null) {
                inflating.end();
            }
        } catch (Gunzip.NotGzip broken) {
            throw notGzip(broken);
        } catch (Problem problem) {
            slow = problem.code() == ProblemCode.TOO_SLOW;
            throw problem;
        }
    }

    private static void giveWay(Vertx vertx) {
        Future.<Void>future(turn -> vertx.runOnContext(go -> turn.complete())).await();
    }

    /// Whether its sender is not worth waiting for any longer.
    boolean isSlow() {
        return slow;
    }

    /// Gives back what it held when its request is over.
    void release() {
        letOpenGo();
        if (http != null && held > 0) {
            Edge.letGo(http, held);
            held = 0;
        }
    }

    private void letOpenGo() {
        if (open != null) {
            open.run();
            open = null;
        }
    }

    static Problem tooLarge(long most) {
        return new Problem(
                ProblemCode.TOO_LARGE,
                "The body is larger than " + most + " bytes.",
                "Send at most " + most + " bytes, counted after decompression.");
    }

    private static Problem notGzip(Gunzip.NotGzip broken) {
        return new Problem(
                ProblemCode.UNREADABLE,
                "The body says that it is gzip, and " + broken.getMessage() + ".",
                "Compress it as RFC 1952 has it, or leave out `Content-Encoding`.");
    }

    static Problem tooSlow(Bounds bounds) {
        Bound.BODY_TIME.reached();
        return new Problem(
                ProblemCode.TOO_SLOW,
                "The body comes too slowly.",
                "Send at least "
                        + bounds.bodyBytesPerSecond()
                        + " bytes a second, after "
                        + bounds.bodyGrace().toSeconds()
                        + " seconds at the latest.");
    }

    /// How long so many bytes may take.
    static long millis(Bounds bounds, long bytes) {
        return bounds.bodyGrace().toMillis() + bytes * 1000 / bounds.bodyBytesPerSecond();
    }

    /// Keeps what arrives, up to the limit.
    private static final class Collector {
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

        Collector(RoutingContext http, Body body, Promise<Buffer> whole) {
            this.http = http;
            this.body = body;
            this.whole = whole;
            this.bounds = Edge.boundsOf(http);
            this.inflating = body.gzip ? new Gunzip() : null;
            this.timer = http.vertx().setTimer(bounds.bodyGrace().toMillis(), this::late);
        }

        private void late(long fired) {
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            long allowed = millis(bounds, arrived);
            if (passed < allowed) {
                timer = http.vertx().setTimer(allowed - passed, this::late);
            } else {
                body.slow = true;
                fail(tooSlow(bounds));
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
                                throw tooLarge(body.most);
                            }
                        });
            } catch (Gunzip.NotGzip broken) {
                fail(notGzip(broken));
            } catch (Problem stopped) {
                fail(stopped);
            }
        }

        private void keep(Buffer piece) {
            if (kept.length() + piece.length() > body.most) {
                Bound.BODY_BYTES.reached();
                fail(tooLarge(body.most));
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
                fail(notGzip(broken));
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
}
