package org.yifang.platform.data;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;

import java.util.function.Consumer;

/// Hears PostgreSQL's NOTIFY on one channel and reconnects by itself when the database was away.
public final class Listener implements AutoCloseable {
    private final PgSubscriber subscriber;

    Listener(Vertx vertx, PgConnectOptions options, String channel, Consumer<String> heard) {
        subscriber = PgSubscriber.subscriber(vertx, new PgConnectOptions(options));
        subscriber.reconnectPolicy(attempt -> Math.min(5_000L, 100L << Math.min(attempt, 6)));
        subscriber.channel(channel).handler(heard::accept);
        var _ = subscriber.connect();
    }

    @Override
    public void close() {
        var _ = subscriber.close();
    }
}
