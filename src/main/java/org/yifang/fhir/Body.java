package org.yifang.fhir;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;

import java.util.function.Consumer;

/// Takes the body of a request, collected or piece by piece, and never more than its limit.
public final class Body {
    static final Body NONE = new Body(null, 0, Future.succeededFuture(Buffer.buffer()));

    /// What is read and thrown away of a body that is too large, so that its sender comes to read
    /// the answer; whoever sends more is cut off.
    private static final long DRAINED_BYTES_MAX = 64L * 1024 * 1024;

    private final @Nullable HttpServerRequest http;
    private final long most;
    private final Future<Buffer> collected;
    private byte[] bytes = new byte[0];

    private Body(@Nullable HttpServerRequest http, long most, Future<Buffer> collected) {
        this.http = http;
        this.most = most;
        this.collected = collected;
    }

    /// Begins to collect; must be called before anything is awaited, or pieces are lost.
    public static Body collect(HttpServerRequest http, long most) {
        Promise<Buffer> whole = Promise.promise();
        Collector collector = new Collector(http, most, whole);
        http.handler(collector::piece);
        http.endHandler(end -> collector.end());
        http.exceptionHandler(whole::tryFail);
        return new Body(http, most, whole.future());
    }

    /// Leaves the body where it is until [#stream] asks for it.
    static Body later(HttpServerRequest http, long most) {
        http.pause();
        return new Body(http, most, Future.succeededFuture(Buffer.buffer()));
    }

    /// A body that is here already.
    static Body of(byte[] given) {
        return new Body(null, given.length, Future.succeededFuture(Buffer.buffer(given)));
    }

    /// Waits for the whole body.
    ///
    /// @throws Problem `RX-1013` when it is too large
    public void await() {
        bytes = collected.await().getBytes();
    }

    /// What was collected, empty before [#await].
    public byte[] bytes() {
        return bytes;
    }

    void stream(Consumer<Buffer> taker) {
        if (http == null) {
            if (bytes.length > 0) {
                taker.accept(Buffer.buffer(bytes));
            }
            return;
        }
        long taken = 0;
        Pieces pieces = new Pieces(http);
        for (Buffer piece = pieces.next(); piece.length() > 0; piece = pieces.next()) {
            taken += piece.length();
            if (taken > most) {
                http.handler(rest -> {});
                http.resume();
                throw tooLarge(most);
            }
            taker.accept(piece);
        }
    }

    static Problem tooLarge(long most) {
        return new Problem(
                ProblemCode.TOO_LARGE,
                "The body is larger than " + most + " bytes.",
                "Send at most " + most + " bytes, counted after decompression.");
    }

    /// Keeps what arrives, up to the limit.
    private static final class Collector {
        private final HttpServerRequest http;
        private final long most;
        private final Promise<Buffer> whole;
        private Buffer kept = Buffer.buffer();
        private long seen;

        Collector(HttpServerRequest http, long most, Promise<Buffer> whole) {
            this.http = http;
            this.most = most;
            this.whole = whole;
        }

        void piece(Buffer piece) {
            seen += piece.length();
            if (seen <= most) {
                kept.appendBuffer(piece);
                return;
            }
            kept = Buffer.buffer();
            whole.tryFail(tooLarge(most));
            if (seen > DRAINED_BYTES_MAX) {
                http.connection().close();
            }
        }

        void end() {
            whole.tryComplete(kept);
        }
    }

    /// The pieces of a paused request, one asked for after the other.
    private static final class Pieces {
        private final HttpServerRequest http;
        private Promise<Buffer> next = Promise.promise();

        Pieces(HttpServerRequest http) {
            this.http = http;
            http.handler(piece -> next.tryComplete(piece));
            http.endHandler(end -> next.tryComplete(Buffer.buffer()));
            http.exceptionHandler(failure -> next.tryFail(failure));
        }

        /// The next piece, empty at the end.
        Buffer next() {
            next = Promise.promise();
            http.fetch(1);
            return next.future().await();
        }
    }
}
