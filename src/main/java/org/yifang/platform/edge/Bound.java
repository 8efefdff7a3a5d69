package org.yifang.platform.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.yifang.platform.Limits;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// What callers can run into, each counted when it happens: a bound that is reached is an answer
/// and a metric, never a surprise.
public enum Bound {
    FRAMING,
    HTTP2_FRAMES,
    PIPELINED,
    HEAD_TIME,
    BODY_TIME,
    BODY_BYTES,
    BODIES_BYTES,
    BODY_ENCODING,
    CONNECTIONS,
    CONNECTIONS_PER_ADDRESS,
    OPEN_BODIES,
    CLIENT_RATE,
    ADDRESS_RATE,
    VALIDATION_QUEUE,
    SECRETS,
    VALIDATION_TIME,
    SEARCH_SIZE,
    SEARCHES,
    STATEMENT_TIME,
    WATCHERS,
    IMPORTS,
    ANSWER_TIME,
    ANSWERS_BYTES;

    @SuppressWarnings("ImmutableEnumChecker") // It counts, for the whole process.
    private final LongAdder times = new LongAdder();

    /// Counts one caller that ran into it.
    public void reached() {
        times.increment();
    }

    /// How often it was reached since the start.
    public long times() {
        return times.sum();
    }

    /// Shows all of them, and what each limit is set to.
    public static void bindTo(MeterRegistry metrics) {
        for (Bound bound : values()) {
            FunctionCounter.builder("yifang.refused", bound, Bound::times)
                    .tag("bound", bound.name().toLowerCase(Locale.ROOT))
                    .description("Callers that ran into a bound")
                    .register(metrics);
        }
        for (Field field : Limits.class.getFields()) {
            double value = value(field);
            Gauge.builder("yifang.limit", () -> value)
                    .tag("name", field.getName().toLowerCase(Locale.ROOT))
                    .description("What a limit of the service is set to; durations in seconds")
                    .register(metrics);
        }
    }

    private static double value(Field field) {
        try {
            return field.get(null) instanceof Duration time
                    ? time.toMillis() / 1000.0
                    : ((Number) field.get(null)).doubleValue();
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
