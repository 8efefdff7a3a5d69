package org.yifang.platform.operate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;

import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Writes the log as one JSON object a line, for what collects logs.
public final class JsonLines extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line =
                new JsonObject()
                        .put("time", event.getInstant().toString())
                        .put("level", level(event.getLevel()))
                        .put("logger", event.getLoggerName())
                        .put("thread", event.getThreadName())
                        .put("message", event.getFormattedMessage());
        String trace = Tracing.currentId();
        if (!trace.isEmpty()) {
            line.put("trace", trace);
        }
        if (event.getThrowableProxy() != null) {
            line.put("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return (line.encode() + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private static String level(Level level) {
        return level.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
