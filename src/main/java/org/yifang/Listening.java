package org.yifang;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.FhirRouter;
import org.yifang.platform.Config;
import org.yifang.platform.Limits;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One HTTP server; the instances share its port.
final class Listening extends VerticleBase {
    private final Config config;
    private final Health health;
    private final Parts parts;
    private final PrometheusMeterRegistry metrics;
    private final AtomicInteger bound;
    private @Nullable HttpServer server;

    /// @param bound is told the port
    Listening(
            Config config,
            Health health,
            Parts parts,
            PrometheusMeterRegistry metrics,
            AtomicInteger bound) {
        this.config = config;
        this.health = health;
        this.parts = parts;
        this.metrics = metrics;
        this.bound = bound;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        health.mount(router);
        parts.mount(router);
        router.get("/metrics")
                .handler(http ->
                        http.response()
                                .putHeader(
                                        "Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(metrics.scrape()));
        // A negative port is a free one that all instances of the deployment share.
        int wanted = config.port() == 0 ? -1 : config.port();
        server = vertx.createHttpServer(FhirRouter.options()).requestHandler(router);
        return server.listen(wanted, config.host())
                .onSuccess(listening -> bound.set(listening.actualPort()));
    }

    /// Takes no further connections, and answers what is under way.
    @Override
    public Future<?> stop() {
        return server == null
                ? Future.succeededFuture()
                : server.shutdown(Limits.DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
