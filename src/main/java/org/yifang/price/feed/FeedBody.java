package org.yifang.price.feed;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// Collects what a feed sends, and stops it when that is too much.
final class FeedBody implements WriteStream<Buffer> {
    private Buffer bytes = Buffer.buffer();
    private final int most;
    private final AtomicLong all;

    /// @param all bytes of all feeds that are held at once
    FeedBody(int most, AtomicLong all) {
        this.most = most;
        this.all = all;
    }

    /// Nobody needs it any more.
    void letGo() {
        all.addAndGet(-bytes.length());
        bytes = Buffer.buffer();
    }

    Buffer bytes() {
        return bytes;
    }

    @Override
    public Future<Void> write(Buffer piece) {
        if (bytes.length() + piece.length() > most) {
            return Future.failedFuture(new IOException("it is larger than " + most + " bytes"));
        }
        if (all.addAndGet(piece.length()) > Limits.FEEDS_BYTES) {
            all.addAndGet(-piece.length());
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
