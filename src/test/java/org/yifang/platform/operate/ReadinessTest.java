package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Turns;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Whether the service is ready is answered at once, whatever its parts do; and what dies begins
/// anew.
class ReadinessTest {
    private final Readiness readiness =
            new Readiness(new SimpleMeterRegistry(), Duration.ofMillis(20), Duration.ofMillis(300));

    @AfterEach
    void close() {
        readiness.close();
    }

    @Test
    void a_part_that_never_answers_is_told_and_keeps_nobody_waiting() {
        CountDownLatch never = new CountDownLatch(1);
        readiness.watch(
                "disk",
                () -> {
                    never.await();
                    return null;
                });
        await().until(() -> "the disk does not answer".equals(readiness.reason()));
        never.countDown();
        await().until(() -> readiness.reason() == null);
    }

    @Test
    void a_check_that_dies_is_begun_anew() {
        AtomicInteger asked = new AtomicInteger();
        long before = Lasting.restarts();
        readiness.watch(
                "clock",
                () -> {
                    if (asked.incrementAndGet() == 2) {
                        throw new StackOverflowError();
                    }
                    return null;
                });
        await().until(() -> asked.get() > 3);
        assertThat(Lasting.restarts()).isGreaterThan(before);
    }

    @Test
    void a_part_that_is_not_needed_is_told_only() {
        readiness.watch(
                "clock",
                new Readiness.Check() {
                    @Override
                    public String unwell() {
                        return "it is late";
                    }

                    @Override
                    public boolean isNeeded() {
                        return false;
                    }
                });
        await().until(() -> readiness.states().getFirst().reason() != null);
        assertThat(readiness.reason()).isNull();
    }

    @Test
    void a_pool_whose_threads_all_hang_is_stuck_until_one_works_again() throws Exception {
        Promise<Void> hung = Promise.promise();
        CountDownLatch go = new CountDownLatch(1);
        try (Turns pool = new Turns("test", 1, 0, 10, 10, Bound.VALIDATION_QUEUE)) {
            PoolHealth health =
                    new PoolHealth("test", () -> pool.take(() -> true), Duration.ofMillis(100));
            assertThat(health.unwell()).isNull();
            Future<Boolean> hanging =
                    pool.take(() -> {
                        hung.complete();
                        try {
                            return go.await(1, java.util.concurrent.TimeUnit.MINUTES);
                        } catch (InterruptedException stop) {
                            return false;
                        }
                    });
            hung.future().toCompletionStage().toCompletableFuture().get();
            await().until(() -> "the pool `test` is stuck".equals(health.unwell()));
            go.countDown();
            await().until(() -> health.unwell() == null);
            assertThat(hanging.succeeded()).isTrue();
        }
    }
}
