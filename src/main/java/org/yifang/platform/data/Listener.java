package org.yifang.platform.data;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;

import java.util.function.Consumer;

/// Hears PostgreSQL's NOTIFY on one channel and reconnects by itself when the database was away.
///
/// What is told while nobody hears is lost. So whoever listens is told each time that hearing
/// begins, at the start as after an interruption, and reads anew what it keeps.
public final class Listener implements AutoCloseable {
    private final PgSubscriber subscriber;

    Listener(
            Vertx vertx,
            PgConnectOptions options,
            String channel,
            Runnable begins,
            Consumer<String> heard) {
        subscriber = PgSubscriber.subscriber(vertx, new PgConnectOptions(options));
        subscriber.reconnectPolicy(attempt -> Math.min(5_000L, 100L << Math.min(attempt, 6)));
        subscriber.channel(channel).subscribeHandler(_ -> begins.run()).handler(heard::accept);
        var _ = subscriber.connect();
    }

    @Override
    public void close() {
        var _ = subscriber.close();
    }
}
