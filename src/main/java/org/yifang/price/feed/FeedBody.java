package org.yifang.price.feed;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// Collects what a feed sends, and stops it when that is too much.
final class FeedBody implements WriteStream<Buffer> {
    private final Buffer bytes = Buffer.buffer();
    private final int most;

    FeedBody(int most) {
        this.most = most;
    }

    Buffer bytes() {
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
    public FeedBody setWriteQueueMaxSize(int size) {
        return this;
    }

    @Override
    public FeedBody drainHandler(@Nullable Handler<Void> handler) {
        return this;
    }

    @Override
    public FeedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }
}
