package org.yifang.platform;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// Notices that a pool of threads works no more: a turn that was asked of it does not come.
public final class PoolHealth implements Readiness.Check {
    private final String pool;
    private final Supplier<Future<?>> turn;
    private @Nullable Future<?> asked;
    private long askedAt;

    /// @param turn asks the pool for a turn in which nothing is done; fails when its queue is full
    public PoolHealth(String pool, Supplier<Future<?>> turn) {
        this.pool = pool;
        this.turn = turn;
    }

    @Override
    public @Nullable String unwell() {
        Future<?> waiting = asked;
        if (waiting == null || waiting.succeeded()) {
            asked = turn.get();
            askedAt = System.nanoTime();
            return null;
        }
        if (waiting.failed()) {
            // Its queue is full, which is an answer; it is stuck when that lasts.
            asked = turn.get();
        }
        return System.nanoTime() - askedAt > Limits.POOL_STUCK.toNanos()
                ? "the pool `" + pool + "` is stuck"
                : null;
    }
}
