package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.ClientTurns;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Who asks for much waits for its own, and nobody waits for it.
final class ClientTurnsTest {
    @Test
    void a_client_with_many_searches_holds_up_nobody_else() throws Exception {
        ClientTurns turns = new ClientTurns(2, 3, Bound.SEARCHES);
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> greedy = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                greedy.add(threads.submit(() -> turns.take("greedy", () -> slowly(running, slow))));
            }
            await().until(() -> running.get() == 2 && turns.waiting("greedy") == 3);
            assertThat(turns.take("other", () -> "at once")).isEqualTo("at once");
            long refused = Bound.SEARCHES.times();
            assertThatThrownBy(() -> turns.take("greedy", () -> 0))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            told ->
                                    assertThat(told.code())
                                            .isEqualTo(ProblemCode.TOO_MANY_REQUESTS));
            assertThat(Bound.SEARCHES.times()).isGreaterThan(refused);
            slow.countDown();
            for (Future<Integer> one : greedy) {
                assertThat(one.get()).isBetween(1, 2);
            }
        }
        assertThatThrownBy(() ->
                        turns.take(
                                "greedy",
                                () -> {
                                    throw new IllegalStateException("it fails");
                                }))
                .hasMessage("it fails");
        assertThat(turns.clients()).isZero();
    }

    private static int slowly(AtomicInteger running, CountDownLatch slow) {
        int now = running.incrementAndGet();
        try {
            slow.await();
            return now;
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        } finally {
            running.decrementAndGet();
        }
    }
}
