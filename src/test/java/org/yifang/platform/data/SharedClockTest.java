package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A machine whose clock is wrong, or is set, is told of; the service goes by the database's.
class SharedClockTest {
    private final Vertx vertx = Vertx.vertx();
    private final Database database = new Database(vertx, TestDatabase.migrated(), 2);
    private final AtomicReference<Duration> off = new AtomicReference<>(Duration.ZERO);
    private final SharedClock clock = new SharedClock(() -> Instant.now().plus(off.get()));
    private final ClockHealth health = new ClockHealth(database, clock);

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    /// The database of the tests runs on this machine, so that its clock is the one not moved.
    private void assertRight() {
        assertThat(clock.instant()).isCloseTo(Instant.now(), within(1, ChronoUnit.SECONDS));
    }

    @Test
    void a_clock_that_jumps_moves_nothing_and_is_told() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        health.bindTo(metrics);
        assertThat(health.unwell()).isNull();
        assertRight();
        off.set(Duration.ofHours(3));
        assertRight();
        assertThat(health.unwell())
                .isEqualTo("the clock of this machine is 10800 s ahead of the database's");
        assertRight();
        assertThat(metrics.get("yifang.clock.ahead").gauge().value())
                .isCloseTo(10_800.0, within(2.0));
        off.set(Duration.ofDays(-400));
        assertThat(health.unwell()).endsWith(" s behind the database's");
        assertRight();
        off.set(Duration.ZERO);
        assertThat(health.unwell()).isNull();
        assertRight();
    }

    @Test
    void a_wrong_clock_is_right_from_the_first_look_on() {
        off.set(Duration.ofDays(2));
        assertThat(health.unwell()).isNotNull();
        assertRight();
    }

    @Test
    void it_is_for_operators_and_keeps_no_calls_away() {
        assertThat(health.isNeeded()).isFalse();
    }
}
