package org.yifang;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.Limits;
import org.yifang.platform.VertxSetup;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.config.Operating;
import org.yifang.platform.data.ClockHealth;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.DatabaseHealth;
import org.yifang.platform.data.EmbeddedDatabase;
import org.yifang.platform.data.Migrations;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Bounds;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Proxies;
import org.yifang.platform.operate.Readiness;
import org.yifang.platform.operate.Sweep;
import org.yifang.platform.operate.TlsFiles;
import org.yifang.platform.operate.Tracing;
import org.yifang.platform.operate.UnhandledFailures;

import java.time.InstantSource;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The running service: builds every part with `new`, starts them in order, stops them in reverse.
public final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /// Parts that are open, the newest first; another thread may close them while it starts.
    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();

    private final PrometheusMeterRegistry metrics =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Readiness readiness = new Readiness(metrics);
    private final Consumer<String> progress;
    private int port;
    private Optional<String> setupCode = Optional.empty();

    private Service(Consumer<String> progress) {
        this.progress = progress;
    }

    /// One that is not started yet, and may be closed at any time.
    ///
    /// @param progress is told what the start is about
    static Service waiting(Consumer<String> progress) {
        return new Service(progress);
    }

    /// Starts everything and returns when requests can be answered. Blocks for some seconds.
    ///
    /// @throws Config.Invalid when the configuration cannot be used on this machine
    void start(Config config, InstantSource clock) {
        // The slowest part, and it needs nothing of the others.
        CompletableFuture<Validation> validation = CompletableFuture.supplyAsync(Service::warmed);
        opened.addLast(() -> validation.join().close());
        startAround(config, clock, validation);
    }

    /// Beside the start of the database, so that the first prescription is not the slowest.
    private static Validation warmed() {
        Validation validation = Validation.start(Conformance.load());
        validation.warmUp().await();
        return validation;
    }

    /// Starts everything around a validation that is on its way and stays its owner's to close.
    static Service start(
            Config config, InstantSource clock, CompletableFuture<Validation> validation) {
        Service service = new Service(_ -> {});
        service.startAround(config, clock, validation);
        return service;
    }

    private void startAround(
            Config config, InstantSource clock, CompletableFuture<Validation> validation) {
        try {
            open(config, clock, validation);
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /// The port it listens on.
    public int port() {
        return port;
    }

    /// The one-time code for the account of the first operator; empty once there is one.
    public Optional<String> setupCode() {
        return setupCode;
    }

    private void open(
            Config config, InstantSource clock, CompletableFuture<Validation> validation) {
        DatabaseAddress address = database(config);
        progress.accept("bringing the database up to date");
        Migrations.apply(address);
        progress.accept("reading the profiles and warming up");
        Edge edge =
                new Edge(
                        Bounds.STANDARD,
                        new Proxies(config.trustedProxies()),
                        config.publicUrl(),
                        Edge.options());
        Vertx vertx = vertx(config.operating(), edge);
        opened.push(() -> vertx.close().await());
        if (config.operating().tls() != null) {
            TlsFiles.check(vertx, config.operating().tls());
        }
        Database database = new Database(vertx, address, config.databaseConnections());
        awaitDatabase(database);
        DatabaseAddress standby = config.operating().replica();
        if (standby != null) {
            readiness.watch(
                    "replica", database.readReportsOn(standby, config.databaseConnections() / 2));
        }
        watchClock(database, clock);
        Parts parts = Parts.build(vertx, database, config, clock, validation, readiness, opened);
        readiness.watch("database", new DatabaseHealth(database));
        try {
            readiness.awaitFirst(Limits.READINESS_SILENCE);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        setupCode = parts.setupCode();
        listen(vertx, config, parts, edge);
        parts.makeUpPast();
    }

    private DatabaseAddress database(Config config) {
        if (config.database() != null) {
            progress.accept("connecting to the database " + config.database());
            return config.database();
        }
        progress.accept("starting the embedded PostgreSQL");
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

    /// Asks once before anything is written by it.
    private void watchClock(Database database, InstantSource clock) {
        ClockHealth health = new ClockHealth(database, clock);
        try {
            var _ = health.unwell();
        } catch (Exception away) {
            LOG.warn("the clock was not compared with the database's: {}", away.toString());
        }
        readiness.watch("clock", health);
    }

    private Vertx vertx(Operating operating, Edge edge) {
        new JvmMemoryMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        VertxOptions options =
                VertxSetup.options()
                        // Calls are counted by CallMeters, under names that no caller can make up.
                        .setMetricsOptions(
                                new MicrometerMetricsOptions()
                                        .setEnabled(true)
                                        .addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER)
                                        .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT));
        VertxBuilder builder =
                Vertx.builder()
                        .withMetrics(new MicrometerMetricsFactory(metrics))
                        .withTransport(edge.transport());
        if (operating.traces() != null) {
            Tracing tracing = Tracing.to(operating.traces());
            opened.push(tracing);
            builder.withTracer(tracing.factory());
        }
        Vertx vertx = builder.with(options).build();
        UnhandledFailures.watch(vertx);
        return vertx;
    }

    private void listen(Vertx vertx, Config config, Parts parts, Edge edge) {
        AtomicInteger bound = new AtomicInteger();
        edge.bindTo(metrics);
        Bound.bindTo(metrics);
        Sweep.bindTo(metrics);
        Health health = new Health(readiness);
        DeploymentOptions options =
                new DeploymentOptions()
                        .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
                        .setInstances(Runtime.getRuntime().availableProcessors());
        String listening =
                vertx.deployVerticle(
                                () -> new Listening(config, edge, health, parts, metrics, bound),
                                options)
                        .await();
        opened.push(() -> vertx.undeploy(listening).await());
        // First of all, whatever shares the calls out over instances is to see that this one ends.
        opened.push(() -> Thread.sleep(config.operating().drain()));
        port = bound.get();
    }

    /// Ends in the order in which callers notice least: ready no more, listening no more, calls
    /// under way answered, then the parts in reverse. May be called at any time, and again.
    @Override
    public void close() {
        readiness.close();
        for (AutoCloseable part = opened.poll(); part != null; part = opened.poll()) {
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("a part did not stop cleanly: {}", failure.toString());
            }
        }
    }
}
