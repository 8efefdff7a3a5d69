package org.yifang.platform;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// Collects what another server answers, and stops it when that is too much: who is called must not
/// fill our memory.
public final class BoundedBody implements WriteStream<Buffer> {
    private final int most;
    private final Shared shared;
    private Buffer bytes = Buffer.buffer();

    /// What several bodies may hold together.
    ///
    /// @param held bytes of all that are held at once
    /// @param most how many those may be
    public record Shared(AtomicLong held, long most) {}

    public BoundedBody(int most) {
        this(most, new Shared(new AtomicLong(), most));
    }

    public BoundedBody(int most, Shared shared) {
        this.most = most;
        this.shared = shared;
    }

    /// Nobody needs it any more.
    public void letGo() {
        shared.held().addAndGet(-bytes.length());
        bytes = Buffer.buffer();
    }

    public Buffer bytes() {
        return bytes;
    }

    @Override
    public Future<Void> write(Buffer piece) {
        if (bytes.length() + piece.length() > most) {
            return Future.failedFuture(new IOException("it is larger than " + most + " bytes"));
        }
        if (shared.held().addAndGet(piece.length()) > shared.most()) {
            shared.held().addAndGet(-piece.length());
            return Future.failedFuture(new IOException("too much is fetched at the same time"));
        }
        bytes.appendBuffer(piece);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public BoundedBody setWriteQueueMaxSize(int size) {
        return this;
    }

    @Override
    public BoundedBody drainHandler(@Nullable Handler<Void> handler) {
        return this;
    }

    @Override
    public BoundedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }
}
