package org.yifang;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.micrometer.MicrometerMetricsFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.Limits;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.EmbeddedDatabase;
import org.yifang.platform.data.Migrations;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Bounds;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Proxies;
import org.yifang.platform.edge.Series;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The running service: builds every part with `new`, starts them in order, stops them in reverse.
public final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private int port;

    private Service() {}

    /// Starts everything and returns when requests can be answered. Blocks for some seconds.
    ///
    /// @throws Config.Invalid when the configuration cannot be used on this machine
    public static Service start(Config config, InstantSource clock) {
        // The slowest part, and it needs nothing of the others.
        CompletableFuture<Validation> validation =
                CompletableFuture.supplyAsync(() -> Validation.start(Conformance.load()));
        Service service = start(config, clock, validation);
        service.opened.addLast(() -> validation.join().close());
        return service;
    }

    /// Starts everything around a validation that is on its way and stays its owner's to close.
    static Service start(
            Config config, InstantSource clock, CompletableFuture<Validation> validation) {
        Service service = new Service();
        try {
            service.open(config, clock, validation);
            return service;
        } catch (Throwable failure) {
            service.close();
            throw failure;
        }
    }

    /// The port it listens on.
    public int port() {
        return port;
    }

    private void open(
            Config config, InstantSource clock, CompletableFuture<Validation> validation) {
        DatabaseAddress address = database(config);
        Migrations.apply(address);
        PrometheusMeterRegistry metrics = metrics();
        Vertx vertx =
                Vertx.builder()
                        .with(new VertxOptions().setPreferNativeTransport(false))
                        .withMetrics(new MicrometerMetricsFactory(metrics))
                        .build();
        opened.push(() -> vertx.close().await());
        Database database = new Database(vertx, address, config.databaseConnections());
        awaitDatabase(database);
        Parts parts = Parts.build(vertx, database, config, clock, validation, opened);
        listen(vertx, config, parts, metrics);
    }

    private DatabaseAddress database(Config config) {
        if (config.database() != null) {
            return config.database();
        }
        EmbeddedDatabase embedded = EmbeddedDatabase.start(config.data());
        opened.push(embedded);
        return embedded.address();
    }

    /// The first connection loads the classes of the client while the validator warms up beside it:
    /// on a busy machine that takes longer than a request may wait. The migrations have just found
    /// the database there, so it is asked again at once.
    private static void awaitDatabase(Database database) {
        for (int attempt = 1; attempt < Limits.DATABASE_ATTEMPTS_AT_START; attempt++) {
            if (database.answers().await()) {
                return;
            }
        }
    }

    private static PrometheusMeterRegistry metrics() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.config().meterFilter(Series.bounded());
        new JvmMemoryMetrics().bindTo(metrics);
        return metrics;
    }

    private void listen(Vertx vertx, Config config, Parts parts, PrometheusMeterRegistry metrics) {
        // A negative port is a free one that all instances of the deployment share.
        int wanted = config.port() == 0 ? -1 : config.port();
        AtomicInteger bound = new AtomicInteger();
        Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();
        Edge edge =
                new Edge(
                        Bounds.STANDARD,
                        new Proxies(config.trustedProxies()),
                        config.publicUrl(),
                        Edge.options());
        edge.bindTo(metrics);
        Bound.bindTo(metrics);
        DeploymentOptions options =
                new DeploymentOptions()
                        .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
                        .setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(
                        () ->
                                new Listening(
                                        config.host(), wanted, edge, parts, metrics, bound,
                                        servers),
                        options)
                .await();
        port = bound.get();
        // Whoever sends callers here learns first that it ends, then callers in the midst of
        // something get their answer, and only then what answers them goes away.
        opened.push(
                () ->
                        Future.all(
                                        servers.stream()
                                                .map(server ->
                                                        server.shutdown(
                                                                Limits.CLOSING.toMillis(),
                                                                TimeUnit.MILLISECONDS))
                                                .toList())
                                .await());
        opened.push(parts::close);
    }

    /// One HTTP server; the instances share its port.
    private static final class Listening extends VerticleBase {
        private final String host;
        private final int wanted;
        private final Edge edge;
        private final Parts parts;
        private final PrometheusMeterRegistry metrics;
        private final AtomicInteger bound;
        private final Queue<HttpServer> servers;

        Listening(
                String host,
                int wanted,
                Edge edge,
                Parts parts,
                PrometheusMeterRegistry metrics,
                AtomicInteger bound,
                Queue<HttpServer> servers) {
            this.host = host;
            this.wanted = wanted;
            this.edge = edge;
            this.parts = parts;
            this.metrics = metrics;
            this.bound = bound;
            this.servers = servers;
        }

        @Override
        public io.vertx.core.Future<?> start() {
            Router router = Router.router(vertx);
            edge.mount(router);
            parts.mount(router);
            router.get("/metrics")
                    .handler(http ->
                            http.response()
                                    .putHeader(
                                            "Content-Type",
                                            "text/plain; version=0.0.4; charset=utf-8")
                                    .end(metrics.scrape()));
            HttpServer server =
                    edge.guard(vertx.createHttpServer(Edge.options()), Outcomes::refuse);
            servers.add(server);
            return server.requestHandler(router)
                    .listen(wanted, host)
                    .onSuccess(listening -> bound.set(listening.actualPort()));
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("a part did not stop cleanly: {}", failure.toString());
            }
        }
    }
}
