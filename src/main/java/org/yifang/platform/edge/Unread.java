package org.yifang.platform.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What waits in the streams of one connection of HTTP/2 until its caller opens a window for it:
/// Vert.x and Netty keep it, and neither counts it nor minds for how long. Used on the connection's
/// event loop only, but for [#bytes].
final class Unread extends Http2ConnectionAdapter {
    private final ChannelHandlerContext context;
    private final Http2ConnectionHandler http2;
    private final AtomicLong all;

    /// Streams whose answer has begun, with the bytes of those that are there as a whole.
    private final Map<Integer, Long> begun = new HashMap<>();

    private final AtomicLong bytes = new AtomicLong();

    /// @param context of what speaks HTTP/2 on the connection
    /// @param all what waits on every connection, [#bytes] included
    Unread(ChannelHandlerContext context, AtomicLong all) {
        this.context = context;
        this.http2 = (Http2ConnectionHandler) context.handler();
        this.all = all;
        http2.connection().addListener(this);
    }

    long bytes() {
        return bytes.get();
    }

    boolean isEmpty() {
        return begun.isEmpty();
    }

    /// Counts an answer that [#add] is told of soon; from any thread.
    void expect(long size) {
        change(size);
    }

    /// @return whether there still is such a stream
    boolean add(int stream, long size) {
        if (http2.connection().stream(stream) == null) {
            change(-size);
            return false;
        }
        Long before = begun.put(stream, size);
        change(before == null ? 0 : -before);
        return true;
    }

    /// Ends a stream, and with it what waits in it.
    void takeBack(int stream) {
        var _ =
                http2.resetStream(
                        context, stream, Http2Error.ENHANCE_YOUR_CALM.code(), context.newPromise());
        context.flush();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Long size = begun.remove(stream.id());
        if (size != null) {
            change(-size);
        }
    }

    void clear() {
        // What is only expected is taken off by `add`, which finds no stream.
        begun.values().forEach(size -> change(-size));
        begun.clear();
    }

    private void change(long by) {
        bytes.addAndGet(by);
        all.addAndGet(by);
    }

    /// Whether something of an answer has no window to go through.
    boolean waits() {
        if (bytes.get() > 0) {
            return true;
        }
        Http2RemoteFlowController window = http2.connection().remote().flowController();
        try {
            // Ends at the first that waits.
            return http2.connection().forEachActiveStream(stream -> !hasToWait(window, stream))
                    != null;
        } catch (Http2Exception broken) {
            return false;
        }
    }

    private boolean hasToWait(Http2RemoteFlowController window, Http2Stream stream) {
        return window.hasFlowControlled(stream)
                || begun.containsKey(stream.id()) && !window.isWritable(stream);
    }

    /// Tells the caller why the connection ends, as far as it still listens.
    void sayGoodbye() {
        FrameWatch.goAway(context, "what is sent is not taken");
    }
}
