package org.yifang.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;

import org.junit.jupiter.api.Test;
import org.yifang.platform.config.Config;
import org.yifang.platform.operate.Sweep;
import org.yifang.price.compare.PriceFixture;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.live.QueueViews;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The work on prices that comes again and again.
class PricesTest {
    private final SimpleMeterRegistry counted = new SimpleMeterRegistry();

    /// As the client of the database fails when PostgreSQL is started anew: checked, and declared
    /// by nobody.
    private static Instant reset() {
        return Future.<Instant>failedFuture(new IOException("Connection reset")).await();
    }

    private double rounds(String outcome) {
        return counted.get("yifang.sweeps")
                .tags("sweep", "prices", "outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void a_round_that_meets_a_broken_connection_is_counted_and_the_next_one_comes() {
        Sweep.bindTo(counted);
        AtomicInteger asked = new AtomicInteger();
        try (PriceFixture county = new PriceFixture();
                Prices prices =
                        new Prices(
                                county.vertx,
                                county.database,
                                Config.read(Map.of()),
                                () -> asked.getAndIncrement() == 0 ? reset() : county.clock.get(),
                                county.ids,
                                county.catalogue,
                                county.organizations,
                                county.asked,
                                new QueueViews(new LiveQueues(county.database, county.clock::get)),
                                county.plans)) {
            double failed = rounds("failed");
            double done = rounds("done");
            prices.startSweep();
            await().until(() -> rounds("failed") == failed + 1);
            await().until(() -> {
                prices.startSweep();
                return rounds("done") > done;
            });
            assertThat(rounds("failed")).isEqualTo(failed + 1);
        }
    }
}
