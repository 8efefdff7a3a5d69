package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Calling;
import org.yifang.platform.edge.Turns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// Heavy work goes in fair turns, and nothing is done for a caller that has gone.
@Alone
final class TurnsTest {
    private static boolean waitFor(CountDownLatch go) {
        try {
            go.await();
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
    }

    @Test
    void who_has_gone_while_it_waited_is_not_worked_for() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean gone = new AtomicBoolean();
        AtomicBoolean worked = new AtomicBoolean();
        try (Turns turns = new Turns("test", 1, 0, 10, 10, Bound.VALIDATION_QUEUE)) {
            Future<Boolean> first = turns.take("other", () -> waitFor(go));
            Future<Boolean> waiting =
                    new Calling("leaves", gone::get)
                            .during(() ->
                                    turns.take(() -> {
                                        worked.set(true);
                                        return true;
                                    }));
            gone.set(true);
            go.countDown();
            await().until(() -> first.isComplete() && waiting.isComplete());
            assertThat(waiting.failed()).isTrue();
            assertThat(worked).isFalse();
            assertThat(turns.waiting()).isZero();
        }
    }

    @Test
    void work_that_fails_with_what_it_waited_for_has_failed() {
        try (Turns turns = new Turns("test", 1, 0, 10, 10, Bound.VALIDATION_QUEUE)) {
            Future<Object> cut =
                    turns.take("one", () -> Future.failedFuture(new IOException("cut")).await());
            await().until(cut::isComplete);
            assertThat(cut.cause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void who_sends_much_waits_behind_who_sends_little() {
        CountDownLatch go = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (Turns turns = new Turns("test", 1, 0, 100, 50, Bound.VALIDATION_QUEUE)) {
            List<Future<Boolean>> all = new ArrayList<>();
            all.add(turns.take("first", () -> waitFor(go)));
            for (int i = 0; i < 20; i++) {
                all.add(turns.take("greedy", () -> order.add("greedy")));
            }
            all.add(turns.take("modest", () -> order.add("modest")));
            go.countDown();
            await().until(() -> all.stream().allMatch(Future::succeeded));
            assertThat(order.indexOf("modest")).isLessThan(3);
            assertThat(order).hasSize(21);
        }
    }

    @Test
    void long_work_of_one_does_not_stand_in_the_way_of_another() {
        CountDownLatch go = new CountDownLatch(1);
        try (Turns turns = new Turns("test", 2, 1, 100, 50, Bound.VALIDATION_QUEUE)) {
            List<Future<Boolean>> longest = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                longest.add(turns.take("greedy", () -> waitFor(go)));
            }
            Future<Boolean> brief = turns.take("modest", () -> true);
            await().until(brief::succeeded);
            assertThat(longest).noneMatch(Future::isComplete);
            assertThat(turns.waiting()).isEqualTo(3);
            go.countDown();
            await().until(() -> longest.stream().allMatch(Future::succeeded));
            assertThat(turns.waiting()).isZero();
        }
    }
}
