package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A blocked event loop does not pass the tests unseen.
@Alone
final class BlockedThreadsTest {
    @Test
    void a_blocked_event_loop_is_noticed_with_the_place_where_it_stands() {
        Vertx vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setBlockedThreadCheckInterval(20)
                                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                                .setMaxEventLoopExecuteTime(50)
                                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                                .setWarningExceptionTime(60)
                                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS));
        CountDownLatch end = new CountDownLatch(1);
        List<String> warnings = new ArrayList<>();
        try {
            vertx.runOnContext(ignored -> standStill(end));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> {
                        warnings.addAll(BlockedThreads.drain());
                        assertThat(warnings).anyMatch(one -> one.contains("standStill"));
                    });
        } finally {
            end.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().join();
            BlockedThreads.drain();
        }
    }

    private static void standStill(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
