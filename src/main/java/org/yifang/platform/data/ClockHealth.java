package org.yifang.platform.data;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;
import org.yifang.platform.operate.Readiness;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Holds the clock of this machine against the database's every second, and tells operators when it
/// is wrong or was set. Calls are served meanwhile: what counts goes by [SharedClock].
public final class ClockHealth implements Readiness.Check, MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(ClockHealth.class);

    private static final Statement NOW =
            Statement.of(_ -> Database.SQL.resultQuery("select clock_timestamp() as now"));

    /// One look at this machine's clock, and at what nobody can set.
    private record Look(Instant clock, long nanos) {}

    private final Database database;
    private final InstantSource clock;
    private final @Nullable SharedClock shared;
    private @Nullable Look before;
    private volatile Duration ahead = Duration.ZERO;

    /// @param clock what the service goes by; one that is shared is set here
    public ClockHealth(Database database, InstantSource clock) {
        this.database = database;
        this.shared = clock instanceof SharedClock one ? one : null;
        this.clock = shared == null ? clock : shared.machine();
    }

    /// How far this machine's clock is before the database's; negative when it is behind.
    public Duration ahead() {
        return ahead;
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public @Nullable String unwell() {
        Look look = new Look(clock.instant(), System.nanoTime());
        noticeSetting(look);
        Instant theirs = database.run(NOW).iterator().next().getOffsetDateTime("now").toInstant();
        Duration unsure = Duration.ofNanos((System.nanoTime() - look.nanos) / 2);
        // Their answer was made somewhere between the question and its coming.
        if (shared != null) {
            shared.follow(theirs, look.nanos + unsure.toNanos(), unsure);
        }
        ahead = Duration.between(theirs, look.clock.plus(unsure));
        if (ahead.abs().minus(unsure).compareTo(Limits.CLOCK_OFF) <= 0) {
            return null;
        }
        return "the clock of this machine is %d s %s the database's"
                .formatted(seconds(ahead), ahead.isNegative() ? "behind" : "ahead of");
    }

    private void noticeSetting(Look look) {
        Look last = before;
        before = look;
        if (last != null) {
            Duration by =
                    Duration.between(last.clock.plusNanos(look.nanos - last.nanos), look.clock);
            if (by.abs().compareTo(Limits.CLOCK_OFF) > 0) {
                LOG.warn(
                        "the clock of this machine was set {} by {} s",
                        by.isNegative() ? "back" : "forward",
                        seconds(by));
            }
        }
    }

    private static long seconds(Duration time) {
        return Math.round(time.abs().toMillis() / 1000.0);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("yifang.clock.ahead", this, one -> one.ahead().toMillis() / 1000.0)
                .description("How far the clock of this machine is ahead of the database's")
                .baseUnit("seconds")
                .register(registry);
    }
}
