package org.yifang.platform.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads HTTP/1 and refuses every request whose end two readers could see at different places, so
/// that nobody smuggles one past a proxy; and heads that do not come to their end.
///
/// Takes the place of the decoder of Vert.x (an internal class: look here when Vert.x changes).
final class StrictDecoder extends VertxHttpRequestDecoder {
    private static final byte[] TOO_SLOW =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    /// What is wrong with a head; nothing of it is kept in a trace.
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message, null, false, false);
        }
    }

    private final Duration headTime;

    /// Requests that were read here and whose turn has not come.
    private final AtomicInteger waiting = new AtomicInteger();

    private @Nullable Future<?> timer;
    private boolean inHead = true;
    private boolean first = true;
    private boolean begun;
    private boolean refused;
    private boolean lineStart;
    private boolean folded;

    StrictDecoder(HttpServerOptions options, Duration headTime) {
        super(options);
        this.headTime = headTime;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        startTimer(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        stopTimer();
        super.handlerRemoved0(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopTimer();
        super.channelInactive(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        begun = true;
        int from = in.readerIndex();
        int before = out.size();
        boolean wasInHead = inHead;
        super.decode(context, in, out);
        if (wasInHead) {
            lookForFolds(in, from, in.readerIndex());
        }
        for (int i = before; i < out.size(); i++) {
            if (out.get(i) instanceof HttpRequest head) {
                if (waiting.incrementAndGet() > Limits.PIPELINED_REQUESTS) {
                    // From here on each would fill the log and nobody's screen.
                    refused = true;
                    out.subList(i, out.size()).clear();
                    Bound.PIPELINED.reached();
                    var _ = context.close();
                    return;
                }
                judge(head);
                if (refused) {
                    out.subList(i + 1, out.size()).clear();
                }
                inHead = false;
                first = false;
                stopTimer();
            }
            if (out.get(i) instanceof LastHttpContent) {
                inHead = true;
                lineStart = false;
                folded = false;
            }
        }
        if (inHead && !refused && (in.isReadable() || in.readerIndex() > from && !wasEnd(out))) {
            startTimer(context);
        }
    }

    /// The turn of one more has come.
    void turnCame() {
        waiting.decrementAndGet();
    }

    private static boolean wasEnd(List<Object> out) {
        return !out.isEmpty() && out.getLast() instanceof LastHttpContent;
    }

    /// Lines of a head that begin with white space go on with the line before, for some readers.
    private void lookForFolds(ByteBuf in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte one = in.getByte(i);
            if (lineStart && (one == ' ' || one == '\t')) {
                folded = true;
            }
            lineStart = one == '\n';
        }
    }

    private void judge(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            refused = true;
            return;
        }
        // HTTP/2 is for whoever knows it beforehand; a change on the way would pass by all this.
        head.headers().remove(HttpHeaderNames.UPGRADE);
        String fault = folded ? "A header goes on in the next line" : fault(head);
        if (fault != null) {
            refused = true;
            head.setDecoderResult(DecoderResult.failure(new Fault(fault)));
        }
    }

    private static @Nullable String fault(HttpRequest head) {
        boolean old = head.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
        List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || hosts.isEmpty() && !old) {
            return "There has to be one `Host`";
        }
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() > 1
                || codings.size() == 1 && !codings.getFirst().equalsIgnoreCase("chunked")) {
            return "The only transfer coding read here is `chunked`, once";
        }
        return !codings.isEmpty() && old ? "HTTP/1.0 has no transfer codings" : null;
    }

    /// Netty would pass by the length, and something before us may have gone by it.
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new Fault("`Content-Length` and `Transfer-Encoding` stand together");
    }

    private void startTimer(ChannelHandlerContext context) {
        if (timer == null) {
            timer =
                    context.executor()
                            .schedule(
                                    () -> tooSlow(context),
                                    headTime.toMillis(),
                                    TimeUnit.MILLISECONDS);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void tooSlow(ChannelHandlerContext context) {
        timer = null;
        refused = true;
        Bound.HEAD_TIME.reached();
        if (first && begun) {
            context.writeAndFlush(Unpooled.wrappedBuffer(TOO_SLOW))
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            var _ = context.close();
        }
    }
}
