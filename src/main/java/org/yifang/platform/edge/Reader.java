package org.yifang.platform.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Stands closest to the socket of one connection and counts what its caller has not taken yet of
/// the answers to it: whoever takes them slower than a body may come is cut off, and when all
/// callers together leave too much lying here, whoever leaves most. Of HTTP/2 that is what lies in
/// the socket's queue and what its streams have no window for, see [Unread].
final class Reader extends ChannelDuplexHandler {
    /// What all connections of one server have not taken yet.
    static final class Owed {
        private final int most;
        private final AtomicLong bytes = new AtomicLong();
        private final Set<Reader> open = ConcurrentHashMap.newKeySet();
        private final Set<Reader> waiting = ConcurrentHashMap.newKeySet();

        Owed(int most) {
            this.most = most;
        }

        long bytes() {
            return bytes.get();
        }

        void end() {
            open.forEach(Reader::close);
        }

        boolean isMuch() {
            return isMuchWith(0);
        }

        private boolean isMuchWith(long more) {
            return bytes.get() + more > most;
        }

        /// Makes room by the one that leaves most, unless it has just begun.
        private void makeRoom() {
            if (isMuch()) {
                waiting.stream()
                        .filter(Reader::isSlow)
                        .max(Comparator.comparingLong(Reader::held))
                        .ifPresent(Reader::cutOff);
            }
        }
    }

    private static final long LOOK_MILLIS = 500;

    /// Who took nothing for so long while there is no room left is the one to go.
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Bounds bounds;
    private final Owed all;
    private final @Nullable Unread streams;
    private volatile long owed;
    private volatile long began;
    private volatile @Nullable ChannelHandlerContext channel;
    private long written;
    private long takenBefore;
    private boolean looking;

    /// @param speaker what speaks HTTP/1 or HTTP/2 on this connection
    Reader(Bounds bounds, Owed all, ChannelHandlerContext speaker) {
        this.bounds = bounds;
        this.all = all;
        this.streams =
                speaker.handler() instanceof Http2ConnectionHandler
                        ? new Unread(speaker, all.bytes)
                        : null;
    }

    /// What the caller has not taken yet, in bytes, as it is now: what was counted last may have
    /// gone since, and who has read everything and asks at once for more is no slow reader.
    long owed() {
        ChannelHandlerContext here = channel;
        if (here == null || owed == 0) {
            return owed;
        }
        ChannelOutboundBuffer buffer = here.channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : Math.min(owed, pending(buffer));
    }

    /// Has an answer over HTTP/2 counted as long as its stream is open.
    static void follow(RoutingContext http, @Nullable Reader reader) {
        HttpServerResponse answer = http.response();
        http.addHeadersEndHandler(begun -> {
            if (reader != null) {
                String length = answer.ended() ? answer.headers().get("Content-Length") : null;
                reader.begins(
                        answer.streamId(),
                        length == null ? 0 : Long.parseLong(length),
                        isSafe(http.request().method()));
            }
        });
    }

    /// What waits in streams of HTTP/2 until the caller lets it come, in bytes.
    long unread() {
        return streams == null ? 0 : streams.bytes();
    }

    private static boolean isSafe(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /// Notes that an answer over HTTP/2 begins. What was asked for at once was let in before any of
    /// it was there: where there is no room for it any more, it is taken back, unless it tells that
    /// something was done.
    ///
    /// @param bytes of it, when all of it is there
    /// @param again whether it can be asked for again and nothing happens twice
    private void begins(int stream, long bytes, boolean again) {
        ChannelHandlerContext here = channel;
        if (here != null && streams != null) {
            if (again && bytes > 0 && held() > 0 && all.isMuchWith(bytes)) {
                Bound.ANSWERS_BYTES.reached();
                here.executor().execute(() -> streams.takeBack(stream));
                return;
            }
            streams.expect(bytes);
            here.executor()
                    .execute(() -> {
                        if (streams.add(stream, bytes)) {
                            startLooking(here);
                            all.makeRoom();
                        }
                    });
        }
    }

    /// What this caller has not taken yet, in bytes.
    long held() {
        return owed() + unread();
    }

    private boolean isSlow() {
        return held() > 0 && System.nanoTime() - began > SLOW_NANOS;
    }

    /// Closes the connection at once: from here, since from further up what lies here would be sent
    /// first.
    void cutOff() {
        Bound.ANSWERS_BYTES.reached();
        close();
    }

    void close() {
        ChannelHandlerContext here = channel;
        if (here != null) {
            var _ = here.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context;
        all.open.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        all.open.remove(this);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            written += bytes.readableBytes();
        }
        var _ = context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        count(context);
        if (!looking && waits()) {
            startLooking(context);
            all.makeRoom();
        }
    }

    private void startLooking(ChannelHandlerContext context) {
        if (!looking) {
            looking = true;
            beginAnew();
            all.waiting.add(this);
            lookLater(context);
        }
    }

    private void beginAnew() {
        began = System.nanoTime();
        takenBefore = written - owed;
    }

    private void lookLater(ChannelHandlerContext context) {
        var _ =
                context.executor()
                        .schedule(() -> look(context), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(ChannelHandlerContext context) {
        count(context);
        boolean waits = waits();
        if (!context.channel().isActive() || !waits && (streams == null || streams.isEmpty())) {
            stopLooking();
            return;
        }
        if (!waits) {
            // An answer that comes in pieces goes on, and so does the look after it.
            beginAnew();
            lookLater(context);
            return;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long late = millis - bounds.bodyGrace().toMillis();
        if (late > 0 && written - owed - takenBefore < late * bounds.bodyBytesPerSecond() / 1000) {
            Bound.ANSWER_TIME.reached();
            if (streams != null) {
                streams.sayGoodbye();
            }
            var _ = context.close();
            stopLooking();
            return;
        }
        all.makeRoom();
        lookLater(context);
    }

    private void stopLooking() {
        looking = false;
        all.waiting.remove(this);
    }

    private void count(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        long now = buffer == null ? 0 : pending(buffer);
        all.bytes.addAndGet(now - owed);
        owed = now;
    }

    private static long pending(ChannelOutboundBuffer buffer) {
        return Math.max(0, buffer.totalPendingWriteBytes() - buffer.currentProgress());
    }

    /// Whether something lies here that could have gone: in the socket's queue, or, of HTTP/2,
    /// where the caller has opened no window for it.
    private boolean waits() {
        return owed > 0 || streams != null && streams.waits();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        all.bytes.addAndGet(-owed);
        owed = 0;
        stopLooking();
        context.fireChannelInactive();
        if (streams != null) {
            streams.clear();
        }
    }
}
