package org.yifang.audit.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Readiness;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// Measures how far the audit log is behind its events, by a clock that nobody can set: what was
/// there at an earlier look and is still not in the log has waited since that look.
public final class BacklogViews implements Readiness.Check, MeterBinder {
    private static final String NEWEST =
            "select l.last_txid::text as last, (select e.txid::text from audit_event e"
                    + " where e.txid > l.last_txid order by e.txid desc, e.id desc limit 1)"
                    + " as newest from audit_log l";

    /// What the newest event was at one look.
    private record Look(long at, String newest) {}

    private final Database database;
    private final Deque<Look> looks = new ArrayDeque<>();
    private volatile Duration behind = Duration.ZERO;

    public BacklogViews(Database database) {
        this.database = database;
    }

    /// How long the oldest event has waited that has no place in the log yet.
    public Duration behind() {
        return behind;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("yifang.audit.log.behind", this, log -> log.behind().toMillis() / 1000.0)
                .description(
                        "How long the oldest event without a place in the audit log has waited")
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public @Nullable String unwell() {
        long now = System.nanoTime();
        var rows = database.run(Database.SQL.resultQuery(NEWEST));
        for (var row : rows) {
            look(now, Long.parseUnsignedLong(row.getString("last")), row.getString("newest"));
        }
        return behind.compareTo(Limits.SEQUENCER_BEHIND) > 0
                ? "the audit log is " + behind.toSeconds() + " s behind its events"
                : null;
    }

    private void look(long now, long sequenced, @Nullable String newest) {
        while (!looks.isEmpty()
                && Long.compareUnsigned(
                                Long.parseUnsignedLong(looks.getFirst().newest()), sequenced)
                        <= 0) {
            looks.removeFirst();
        }
        behind = looks.isEmpty() ? Duration.ZERO : Duration.ofNanos(now - looks.getFirst().at());
        if (newest != null) {
            looks.addLast(new Look(now, newest));
        }
    }
}
