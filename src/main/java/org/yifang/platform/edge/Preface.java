package org.yifang.platform.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerOptions;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Watches the first bytes of a connection, which say whether it speaks HTTP/2 without TLS (with
/// prior knowledge, RFC 9113 section 3.3) or HTTP/1. Vert.x decides the same way, and sets up its
/// reader of HTTP/1 only then; ours takes that one's place before a whole head can have come.
///
/// Whoever says nothing is not waited for any longer than for a head.
final class Preface extends ChannelInboundHandlerAdapter {
    private static final byte[] HTTP_2 =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpServerOptions options;
    private final Bounds bounds;
    private int same;
    private @Nullable Future<?> timer;

    Preface(HttpServerOptions options, Bounds bounds) {
        this.options = options;
        this.bounds = bounds;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        timer =
                context.executor()
                        .schedule(
                                () -> {
                                    var _ = context.close();
                                },
                                bounds.head().toMillis(),
                                TimeUnit.MILLISECONDS);
        super.channelActive(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        int from = in.readerIndex();
        int more = 0;
        while (same + more < HTTP_2.length
                && more < in.readableBytes()
                && in.getByte(from + more) == HTTP_2[same + more]) {
            more++;
        }
        same += more;
        if (same < HTTP_2.length && more == in.readableBytes()) {
            context.fireChannelRead(in);
            return;
        }
        if (same < HTTP_2.length) {
            // The byte that tells them apart is enough for Vert.x to decide.
            context.fireChannelRead(in.readRetainedSlice(more + 1));
            readStrictly(context.pipeline());
        }
        context.fireChannelRead(in);
        context.pipeline().remove(this);
    }

    private void readStrictly(ChannelPipeline pipeline) {
        boolean theirs =
                pipeline.get("httpDecoder") != null && pipeline.get(StrictDecoder.class) == null;
        if (theirs) {
            // What it has of the head goes on to the new one.
            pipeline.replace(
                    "httpDecoder", "httpDecoder", new StrictDecoder(options, bounds.head()));
        }
    }
}
