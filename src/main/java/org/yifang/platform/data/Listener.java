package org.yifang.platform.data;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;

/// Hears PostgreSQL's NOTIFY on one channel and reconnects by itself when the database was away.
///
/// What is told while nobody hears is lost. So whoever listens is told each time that hearing
/// begins, at the start as after an interruption, and reads anew what it keeps.
public final class Listener implements AutoCloseable {
    /// Is told each time that hearing begins: what was told before was not heard.
    @FunctionalInterface
    public interface Beginning {
        void begins();
    }

    /// Gets what is told.
    @FunctionalInterface
    public interface Hearing {
        void hears(String payload);
    }

    private final PgSubscriber subscriber;

    Listener(
            Vertx vertx,
            PgConnectOptions options,
            String channel,
            Beginning beginning,
            Hearing hearing) {
        subscriber = PgSubscriber.subscriber(vertx, new PgConnectOptions(options));
        subscriber.reconnectPolicy(attempt -> Math.min(5_000L, 100L << Math.min(attempt, 6)));
        subscriber
                .channel(channel)
                .subscribeHandler(_ -> beginning.begins())
                .handler(hearing::hears);
        var _ = subscriber.connect();
    }

    @Override
    public void close() {
        var _ = subscriber.close();
    }
}
