package org.yifang.platform.operate;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;

import java.time.Duration;

/// Measures how late the threads that serve calls come to what waits for them.
public final class LoopDelay {
    private static final Duration PERIOD = Duration.ofMillis(500);

    /// Measures the context that calls this, until it ends.
    public static void measure(Vertx vertx, Timer delay) {
        long due = System.nanoTime() + PERIOD.toNanos();
        vertx.setTimer(
                PERIOD.toMillis(),
                _ -> {
                    delay.record(Duration.ofNanos(Math.max(0, System.nanoTime() - due)));
                    measure(vertx, delay);
                });
    }

    private LoopDelay() {}
}
