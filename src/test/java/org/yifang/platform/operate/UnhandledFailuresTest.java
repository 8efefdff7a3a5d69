package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.pool.SimpleConnectionPool;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UnhandledFailuresTest {
    private static IllegalStateException twice() {
        Promise<String> promise = Promise.promise();
        promise.complete("connection");
        try {
            promise.fail("Timeout");
            throw new AssertionError("a promise was completed twice");
        } catch (IllegalStateException refused) {
            return refused;
        }
    }

    @Test
    void a_waiter_that_a_pool_told_twice_is_no_failure() {
        IllegalStateException late = twice();
        StackTraceElement[] steps = late.getStackTrace();
        late.setStackTrace(
                new StackTraceElement[] {
                    steps[0],
                    new StackTraceElement(
                            SimpleConnectionPool.class.getName() + "$Cancel", "run", null, 688)
                });

        assertThat(UnhandledFailures.isLateTimer(late)).isTrue();
    }

    @Test
    void a_promise_that_somebody_else_completed_twice_is_one() {
        assertThat(UnhandledFailures.isLateTimer(twice())).isFalse();
        assertThat(UnhandledFailures.isLateTimer(new IllegalStateException("closed"))).isFalse();
    }

    @Test
    void what_nothing_handles_is_logged_once() {
        Logger log = (Logger) LoggerFactory.getLogger(UnhandledFailures.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        log.addAppender(heard);
        Vertx vertx = Vertx.vertx();
        try {
            UnhandledFailures.watch(vertx);
            vertx.runOnContext(_ -> {
                throw new IllegalStateException("nobody waits for this");
            });
            await().untilAsserted(() -> assertThat(heard.list).hasSize(1));
            assertThat(heard.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
        } finally {
            log.detachAppender(heard);
            vertx.close().await();
        }
    }
}
