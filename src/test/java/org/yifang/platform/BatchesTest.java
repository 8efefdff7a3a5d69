package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;

class BatchesTest {
    /// What was sent, and how each batch ends.
    private record Sent(List<String> given, Promise<String> end) {}

    private final List<Sent> sent = new ArrayList<>();

    private Batches<String, String> batches(int batch, int atOnce, int waiting) {
        return new Batches<>(
                "The test",
                new Batches.Bounds(batch, atOnce, waiting),
                String::length,
                given -> {
                    sent.add(new Sent(given, Promise.promise()));
                    return sent.getLast().end.future();
                });
    }

    private List<List<String>> given() {
        return sent.stream().map(Sent::given).toList();
    }

    @Test
    void one_alone_is_sent_at_once_and_later_ones_only_in_a_later_batch() {
        var batches = batches(10, 1, 100);
        Future<String> first = batches.add("a");
        assertThat(given()).containsExactly(List.of("a"));
        Future<String> second = batches.add("b");
        Future<String> third = batches.add("c");
        assertThat(given()).as("while one is under way").hasSize(1);
        sent.getFirst().end.complete("old");
        assertThat(given()).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(first.result()).isEqualTo("old");
        assertThat(second.isComplete()).isFalse();
        sent.getLast().end.complete("new");
        assertThat(List.of(second.result(), third.result())).containsExactly("new", "new");
    }

    @Test
    void a_batch_takes_no_more_than_it_may_and_so_many_are_under_way() {
        var batches = batches(4, 2, 100);
        batches.add("a");
        batches.add("b");
        batches.add("cc");
        batches.add("dd");
        batches.add("larger than a batch");
        batches.add("e");
        assertThat(given()).containsExactly(List.of("a"), List.of("b"));
        sent.get(0).end.complete("");
        assertThat(given()).hasSize(3).endsWith(List.of("cc", "dd"));
        sent.get(1).end.complete("");
        assertThat(given()).hasSize(4).endsWith(List.of("larger than a batch"));
        sent.get(2).end.complete("");
        assertThat(given()).hasSize(5).endsWith(List.of("e"));
    }

    @Test
    void a_failure_is_that_of_its_batch_alone() {
        var batches = batches(10, 1, 100);
        Future<String> first = batches.add("a");
        Future<String> second = batches.add("b");
        Future<String> third = batches.add("c");
        sent.get(0).end.complete("kept");
        sent.get(1).end.fail(new IllegalStateException("disk full"));
        Future<String> fourth = batches.add("d");
        sent.get(2).end.complete("kept");
        assertThat(first.succeeded()).isTrue();
        assertThat(second.cause()).hasMessage("disk full");
        assertThat(third.cause()).hasMessage("disk full");
        assertThat(fourth.succeeded()).isTrue();
    }

    @Test
    void what_cannot_be_sent_fails_and_the_next_is_sent() {
        var refusing =
                new Batches<String, String>(
                        "The test",
                        new Batches.Bounds(10, 1, 100),
                        String::length,
                        given -> {
                            if (given.contains("bad")) {
                                throw new IllegalArgumentException("bad");
                            }
                            return Future.succeededFuture("good");
                        });
        assertThat(refusing.add("bad").cause()).isInstanceOf(IllegalArgumentException.class);
        assertThat(refusing.add("x").result()).isEqualTo("good");
    }

    @Test
    void more_than_may_wait_is_told_that_we_are_busy() {
        var batches = batches(10, 1, 3);
        batches.add("a");
        batches.add("bb");
        batches.add("c");
        Future<String> refused = batches.add("d");
        assertThatThrownBy(refused::await)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.findings().getFirst().code())
                                        .isEqualTo(ProblemCode.BUSY));
        sent.getFirst().end.complete("");
        assertThat(given()).containsExactly(List.of("a"), List.of("bb", "c"));
        assertThat(batches.add("e").failed()).isFalse();
    }
}
