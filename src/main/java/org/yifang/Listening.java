package org.yifang;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Router;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Limits;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.Operating;
import org.yifang.platform.edge.Bodiless;
import org.yifang.platform.edge.Cors;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Heads;
import org.yifang.platform.operate.CallMeters;
import org.yifang.platform.operate.LoopDelay;
import org.yifang.platform.operate.MetricsPage;
import org.yifang.platform.operate.TlsFiles;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One HTTP server; the instances share its port.
final class Listening extends VerticleBase {
    private static final Duration[] DELAYS = {
        Duration.ofMillis(2),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final Config config;
    private final Edge edge;
    private final Health health;
    private final Parts parts;
    private final PrometheusMeterRegistry metrics;
    private final AtomicInteger bound;
    private @Nullable HttpServer server;

    /// @param bound is told the port
    Listening(
            Config config,
            Edge edge,
            Health health,
            Parts parts,
            PrometheusMeterRegistry metrics,
            AtomicInteger bound) {
        this.config = config;
        this.edge = edge;
        this.health = health;
        this.parts = parts;
        this.metrics = metrics;
        this.bound = bound;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.route().order(-1).handler(new CallMeters(metrics)::handle);
        Heads.mount(router);
        edge.mount(router);
        new Cors(config.operating().corsOrigins()).mount(router);
        health.mount(router);
        parts.mount(router);
        router.get("/metrics").handler(new MetricsPage(vertx, metrics)::handle);
        Timer delay =
                Timer.builder("yifang.event.loop.delay")
                        .description("How late a timer of the threads that serve calls rings")
                        .publishPercentileHistogram(false)
                        .serviceLevelObjectives(DELAYS)
                        .register(metrics);
        LoopDelay.measure(vertx, delay);
        return listen(router);
    }

    private Future<?> listen(Router router) {
        // A negative port is a free one that all instances of the deployment share.
        int wanted = config.port() == 0 ? -1 : config.port();
        Operating operating = config.operating();
        // Without TLS, HTTP/2 is for whoever knows beforehand; see `Preface`.
        HttpServerOptions options = Edge.options().setHttp2ClearTextEnabled(true);
        TlsFiles files = operating.tls() == null ? null : new TlsFiles(operating.tls());
        if (files != null) {
            files.applyTo(options);
        }
        if (operating.traces() != null) {
            options.setTracingPolicy(TracingPolicy.ALWAYS);
        }
        HttpServer made =
                edge.guard(vertx.createHttpServer(options), Outcomes::refuse)
                        .requestHandler(Bodiless.before(router));
        server = made;
        return made.listen(wanted, config.host())
                .onSuccess(listening -> {
                    bound.set(listening.actualPort());
                    if (files != null) {
                        files.watch(vertx, made);
                    }
                });
    }

    /// Takes no further connections, and answers what is under way.
    @Override
    public Future<?> stop() {
        if (server == null) {
            return Future.succeededFuture();
        }
        vertx.setTimer(Limits.DRAIN.toMillis(), _ -> edge.end());
        return server.shutdown(Limits.DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
