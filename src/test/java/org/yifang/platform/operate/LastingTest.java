package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A thread of the service that dies begins anew, and one whose work is over does not.
class LastingTest {
    @Test
    void work_that_dies_of_anything_begins_anew_until_it_is_over() throws InterruptedException {
        AtomicInteger times = new AtomicInteger();
        Thread thread =
                Lasting.start(
                        Thread.ofVirtual(),
                        "test",
                        () -> {
                            switch (times.incrementAndGet()) {
                                case 1 -> throw new IllegalStateException();
                                case 2 -> throw new StackOverflowError();
                                case 3 -> throw new AssertionError();
                                default -> {}
                            }
                        },
                        Duration.ofMillis(1));
        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        assertThat(times).hasValue(4);
    }

    @Test
    void it_ends_when_it_is_interrupted_between_two_tries() throws InterruptedException {
        CountDownLatch died = new CountDownLatch(1);
        Thread thread =
                Lasting.start(
                        Thread.ofVirtual(),
                        "test",
                        () -> {
                            died.countDown();
                            throw new IllegalStateException();
                        },
                        Duration.ofMinutes(10));
        assertThat(died.await(30, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
}
