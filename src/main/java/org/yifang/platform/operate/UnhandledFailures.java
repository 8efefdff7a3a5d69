package org.yifang.platform.operate;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;

/// Logs what failed where nobody waits for it.
///
/// One failure is Vert.x's and harms nobody: a pool hands a connection to whoever waits for it, and
/// forgets to say so to the waiter's timer; when that is over, seconds later, the waiter is told a
/// second time, and only that is refused (eclipse-vertx/vert.x issue 6169; in Vert.x 5.0 up to
/// 5.0.12, ended in 5.1). At load it fills the log with stack traces, so it is told in one line for
/// those who look for it.
public final class UnhandledFailures implements Handler<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(UnhandledFailures.class);

    /// What finds, in a stack trace, a waiter's timer that came too late.
    private static final String LATE_TIMER =
            "io.vertx.core.internal.pool.SimpleConnectionPool$Cancel";

    private UnhandledFailures() {}

    /// Hears of all failures that nothing else in this Vert.x handles.
    public static void watch(Vertx vertx) {
        vertx.exceptionHandler(new UnhandledFailures());
    }

    @Override
    public void handle(Throwable failure) {
        if (isLateTimer(failure)) {
            LOG.debug("the timer of a wait for a connection came after the connection");
        } else {
            LOG.error("a failure that nothing handled", failure);
        }
    }

    static boolean isLateTimer(Throwable failure) {
        return failure instanceof IllegalStateException
                && "Promise already completed".equals(failure.getMessage())
                && Arrays.stream(failure.getStackTrace())
                        .anyMatch(step -> step.getClassName().equals(LATE_TIMER));
    }
}
