package org.yifang.platform.operate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;

import java.time.Duration;

/// Notices that a pool of threads works no more: a turn that was asked of it does not come.
public final class PoolHealth implements Readiness.Check, MeterBinder {
    /// A pool that is watched.
    public interface Pool {
        /// A turn in which nothing is done; fails when its queue is full.
        Future<?> idleTurn();
    }

    private final String name;
    private final Pool pool;
    private final Duration stuck;
    private @Nullable Future<?> asked;
    private volatile long askedAt;
    private @Nullable Timer waits;

    public PoolHealth(String name, Pool pool) {
        this(name, pool, Limits.POOL_STUCK);
    }

    /// @param stuck how long a turn may take to come
    PoolHealth(String name, Pool pool, Duration stuck) {
        this.name = name;
        this.pool = pool;
        this.stuck = stuck;
    }

    @Override
    public @Nullable String unwell() {
        Future<?> waiting = asked;
        if (waiting == null || waiting.succeeded()) {
            askedAt = System.nanoTime();
            long since = askedAt;
            asked = pool.idleTurn().onSuccess(_ -> measure(since));
            return null;
        }
        if (waiting.failed()) {
            // Its queue is full, which is an answer; it is stuck when that lasts.
            asked = pool.idleTurn();
        }
        return System.nanoTime() - askedAt > stuck.toNanos()
                ? "the pool `" + name + "` is stuck"
                : null;
    }

    private void measure(long since) {
        Timer timer = waits;
        if (timer != null) {
            timer.record(Duration.ofNanos(System.nanoTime() - since));
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        waits =
                Timer.builder("yifang.pool.wait")
                        .description("How long a turn of a pool takes to come, asked every second")
                        .tag("pool", name)
                        .serviceLevelObjectives(
                                Duration.ofMillis(10),
                                Duration.ofMillis(100),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10))
                        .register(registry);
    }
}
