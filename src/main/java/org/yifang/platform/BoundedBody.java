package org.yifang.platform;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// Collects what another server answers, and stops it when that is too much: who is called must not
/// fill our memory.
public final class BoundedBody implements WriteStream<Buffer> {
    private final Buffer bytes = Buffer.buffer();
    private final int most;

    public BoundedBody(int most) {
        this.most = most;
    }

    public Buffer bytes() {
        return bytes;
    }

    @Override
    public Future<Void> write(Buffer piece) {
        if (bytes.length() + piece.length() > most) {
            return Future.failedFuture(new IOException("it is larger than " + most + " bytes"));
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
