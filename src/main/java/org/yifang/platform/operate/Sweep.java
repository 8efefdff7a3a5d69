package org.yifang.platform.operate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// Work that the service does by itself again and again, each round counted: one that fails, or
/// comes no more, is seen by whoever watches.
@SuppressWarnings("ImmutableEnumChecker") // They count, for the whole process.
public enum Sweep {
    /// What time alone does to prescriptions.
    PRESCRIPTIONS,
    /// Packs that nobody came for, judgements, predicted waits.
    PRICES,
    /// Days of queues that are over.
    QUEUES,
    /// Events of the outbox are numbered and told.
    OUTBOX,
    /// Events are given to the Subscriptions, and those that are due are taken.
    SUBSCRIPTIONS;

    private static final double MILLIS = 1000.0;

    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile long ended;

    /// A round has come to its end.
    public void done() {
        done.increment();
        ended = Instant.now().toEpochMilli();
    }

    /// A round ended before its time.
    public void failed() {
        failed.increment();
    }

    /// Shows all of them.
    public static void bindTo(MeterRegistry registry) {
        for (Sweep one : values()) {
            String name = one.name().toLowerCase(Locale.ROOT);
            counter(registry, name, "done", one.done);
            counter(registry, name, "failed", one.failed);
            Gauge.builder("yifang.sweep.ended", one, sweep -> sweep.ended / MILLIS)
                    .description("When a round of it was done last, since 1970; 0: none yet")
                    .baseUnit("seconds")
                    .tag("sweep", name)
                    .register(registry);
        }
    }

    private static void counter(
            MeterRegistry registry, String name, String outcome, LongAdder rounds) {
        FunctionCounter.builder("yifang.sweeps", rounds, LongAdder::sum)
                .description("Rounds of what the service does by itself, by how they ended")
                .tag("sweep", name)
                .tag("outcome", outcome)
                .register(registry);
    }
}
