package org.yifang.notify.deliver;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.yifang.notify.subscription.StandingViews;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/// Measures the telling: how late, what waits, what fails at whose address. A receiver is named by
/// the number of its organization, all patient apps by their role; the first some have series of
/// their own.
final class Meters implements MeterBinder {
    private static final String OTHERS = "others";

    private final Map<String, Boolean> receivers = new ConcurrentHashMap<>();
    private volatile StandingViews.Waiting waiting = StandingViews.Waiting.NONE;
    private volatile @Nullable MeterRegistry registry;

    @Override
    public void bindTo(MeterRegistry to) {
        registry = to;
        gauge(
                to,
                "late",
                "How long the oldest event waits whose address does not fail",
                one -> one.lateSeconds());
        gauge(
                to,
                "oldest",
                "How long the oldest event waits, whatever the reason",
                one -> one.oldestSeconds());
        count(to, "waiting", "Events that wait to be told", one -> one.waiting());
        count(to, "parked", "Events parked after a day of trying", one -> one.parked());
        count(to, "failing", "Subscriptions whose address fails", one -> one.failing());
    }

    private void gauge(
            MeterRegistry to,
            String name,
            String what,
            ToDoubleFunction<StandingViews.Waiting> value) {
        Gauge.builder("yifang.notify." + name, () -> value.applyAsDouble(waiting))
                .description(what)
                .baseUnit("seconds")
                .register(to);
    }

    private void count(
            MeterRegistry to,
            String name,
            String what,
            ToDoubleFunction<StandingViews.Waiting> value) {
        Gauge.builder("yifang.notify." + name, () -> value.applyAsDouble(waiting))
                .description(what)
                .register(to);
    }

    void measured(StandingViews.Waiting now) {
        waiting = now;
    }

    StandingViews.Waiting measured() {
        return waiting;
    }

    /// A call has been made.
    void called(String receiver, boolean taken) {
        MeterRegistry to = registry;
        if (to != null) {
            Counter.builder("yifang.notify.calls")
                    .description("Calls of receivers, by whether they took what they were told")
                    .tag("receiver", series(receiver))
                    .tag("outcome", taken ? "taken" : "failed")
                    .register(to)
                    .increment();
        }
    }

    /// An event has been told.
    void told(Instant at, Instant now) {
        MeterRegistry to = registry;
        if (to != null) {
            Duration took = Duration.between(at, now);
            Timer.builder("yifang.notify.lag")
                    .description("From what happened to its being told")
                    .publishPercentileHistogram()
                    .minimumExpectedValue(Duration.ofMillis(10))
                    .maximumExpectedValue(Duration.ofHours(1))
                    .register(to)
                    .record(took.isNegative() ? Duration.ZERO : took);
        }
    }

    private String series(String receiver) {
        if (!receivers.containsKey(receiver)) {
            if (receivers.size() >= DeliveryLimits.SERIES) {
                return OTHERS;
            }
            receivers.put(receiver, true);
        }
        return receiver;
    }
}
