package org.yifang.notify;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Readiness;

/// Measures how long what happened waits until it is told to those who watch. Calls are served
/// meanwhile; who watches learns later.
public final class OutboxHealth implements Readiness.Check, MeterBinder {
    private final OutboxStore outbox;
    private volatile double behind;

    public OutboxHealth(Database database) {
        this.outbox = new OutboxStore(database);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("yifang.outbox.behind", this, outbox -> outbox.behind)
                .description("How long the oldest event has waited that was not told yet")
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public @Nullable String unwell() {
        double now = outbox.behindSeconds();
        behind = now;
        return now > Limits.OUTBOX_BEHIND.toSeconds()
                ? "what happened is told %.0f s late".formatted(now)
                : null;
    }

    @Override
    public boolean isNeeded() {
        return false;
    }
}
