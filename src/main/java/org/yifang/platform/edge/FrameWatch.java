package org.yifang.platform.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;

import org.yifang.platform.Limits;

/// Counts the frames of one connection of HTTP/2 that carry nothing of a request: SETTINGS and
/// PING, which want an answer each, PRIORITY, small windows, frames of kinds that nobody knows.
/// Netty bounds resets, empty pieces of bodies and heads that go on and on, and takes of these as
/// many as come; whoever sends more than a purse of them is told to calm down, and the connection
/// ends.
final class FrameWatch extends Http2FrameListenerDecorator {
    /// Smaller windows than this are worth no frame.
    private static final int SMALL_WINDOW = 1024;

    private static final double NANOS = 1_000_000_000;

    private double purse = Limits.HTTP2_IDLE_FRAMES_BURST;
    private long at = System.nanoTime();

    private FrameWatch(Http2FrameListener next) {
        super(next);
    }

    /// Watches over what a connection reads.
    static void over(Http2ConnectionHandler http2) {
        Http2ConnectionDecoder decoder = http2.decoder();
        decoder.frameListener(new FrameWatch(decoder.frameListener()));
    }

    /// Tells the caller why the connection ends, as far as it still listens.
    ///
    /// @param reader what reads HTTP/2 on it
    static void goAway(ChannelHandlerContext reader, String why) {
        ((Http2ConnectionHandler) reader.handler())
                .onError(
                        reader,
                        false,
                        Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, why));
    }

    private void pay() throws Http2Exception {
        long now = System.nanoTime();
        double earned = (now - at) / NANOS * Limits.HTTP2_IDLE_FRAMES_PER_SECOND;
        purse = Math.min(Limits.HTTP2_IDLE_FRAMES_BURST, purse + earned) - 1;
        at = now;
        if (purse < 0) {
            Bound.HTTP2_FRAMES.reached();
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "too many frames that carry nothing");
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext reader, Http2Settings settings)
            throws Http2Exception {
        pay();
        super.onSettingsRead(reader, settings);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext reader) throws Http2Exception {
        pay();
        super.onSettingsAckRead(reader);
    }

    @Override
    public void onPingRead(ChannelHandlerContext reader, long data) throws Http2Exception {
        pay();
        super.onPingRead(reader, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext reader, long data) throws Http2Exception {
        pay();
        super.onPingAckRead(reader, data);
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext reader,
            int stream,
            int dependency,
            short weight,
            boolean exclusive)
            throws Http2Exception {
        pay();
        super.onPriorityRead(reader, stream, dependency, weight, exclusive);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext reader, int stream, int increment)
            throws Http2Exception {
        if (increment < SMALL_WINDOW) {
            pay();
        }
        super.onWindowUpdateRead(reader, stream, increment);
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext reader, byte kind, int stream, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        pay();
        super.onUnknownFrame(reader, kind, stream, flags, payload);
    }
}
