package org.yifang.platform.operate;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;

import org.slf4j.LoggerFactory;

/// Chooses how the log is written.
public final class Logs {
    /// From now on one JSON object a line.
    public static void asJson() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        encoder.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        for (var all = root.iteratorForAppenders(); all.hasNext(); ) {
            Appender<ILoggingEvent> appender = all.next();
            if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                console.setEncoder(encoder);
            }
        }
    }

    private Logs() {}
}
