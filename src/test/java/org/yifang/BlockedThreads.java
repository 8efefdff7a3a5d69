package org.yifang;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.AppenderBase;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// Fails the test class during which a thread of Vert.x was blocked. Found by JUnit by itself, for
/// every class.
///
/// On a machine with too much to do every thread waits for a processor. A thread of its own notes
/// when that happens, and a short block at such a time is not held against the code.
public final class BlockedThreads implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> WARNINGS = new ConcurrentLinkedQueue<>();

    private static final long BEAT_MILLIS = 100;
    private static final long LATE_MILLIS = 300;
    private static final long STALL_COUNTS_SECONDS = 8;

    private static volatile long lastStall = System.nanoTime() - Long.MAX_VALUE / 2;
    private static boolean listening;

    private static final class Listener extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLoggerName().endsWith(".BlockedThreadChecker")) {
                StringBuilder text = new StringBuilder(event.getFormattedMessage());
                // Vert.x shows where only when it has been long.
                IThrowableProxy where = event.getThrowableProxy();
                if (where == null && machineStalled()) {
                    return;
                }
                if (where != null) {
                    for (StackTraceElementProxy frame : where.getStackTraceElementProxyArray()) {
                        text.append('\n').append(frame.getSTEAsString());
                    }
                }
                WARNINGS.add(text.toString());
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        listen();
    }

    private static synchronized void listen() {
        if (!listening) {
            Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            Listener listener = new Listener();
            listener.setContext(root.getLoggerContext());
            listener.start();
            root.addAppender(listener);
            Thread.ofPlatform().daemon().name("heartbeat").start(BlockedThreads::beat);
            listening = true;
        }
    }

    private static boolean machineStalled() {
        return System.nanoTime() - lastStall < TimeUnit.SECONDS.toNanos(STALL_COUNTS_SECONDS);
    }

    private static void beat() {
        while (true) {
            long before = System.nanoTime();
            try {
                Thread.sleep(BEAT_MILLIS);
            } catch (InterruptedException stop) {
                return;
            }
            long late = System.nanoTime() - before - TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
            if (late > TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS)) {
                lastStall = System.nanoTime();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> warnings = drain();
        if (!warnings.isEmpty()) {
            throw new AssertionError("a thread was blocked:\n" + String.join("\n", warnings));
        }
    }

    /// What was warned of since it was asked last.
    static List<String> drain() {
        List<String> warnings = new ArrayList<>();
        for (String one = WARNINGS.poll(); one != null; one = WARNINGS.poll()) {
            warnings.add(one);
        }
        return warnings;
    }
}
