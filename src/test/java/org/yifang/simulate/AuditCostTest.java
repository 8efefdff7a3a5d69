package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.edge.Edge;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.read.PrescriptionResourceViews;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// What the audit log costs a read: the same reads over HTTP with it and without any, in turns. The
/// service cannot run without; the server without one exists here only.
@Alone
class AuditCostTest {
    private static final int CLIENTS = 64;
    private static final double LEAST = 0.60;
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "YIFANG_PUBLIC_URL",
                    "http://yifang.test",
                    "YIFANG_MASTER_KEY",
                    Base64.getEncoder().encodeToString(new byte[32]));

    /// Reads as the service mounts them, on the service's database, with an audit of our choice.
    private static final class Reading implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        private final AtomicInteger port = new AtomicInteger();

        Reading(TestService service, boolean audited) throws IOException {
            Config config = Config.read(ENVIRONMENT);
            Database database =
                    new Database(vertx, service.database(), config.databaseConnections());
            Seal seal = new Seal(MasterKeys.of(config.masterKey(), Path.of("none")));
            Uuid7 ids = new Uuid7(InstantSource.system());
            NameSeal names =
                    new NameSeal(
                            plain -> seal.seal(plain, "audit"),
                            sealed -> seal.open(sealed, "audit"),
                            event -> seal.vouch("AuditEvent", event));
            Audit audit = new Audit(database, names, ids, config.region());
            FhirRouter.Auditing record = audited ? audit : new Unwritten();
            Identity identity =
                    new Identity(
                            vertx,
                            database,
                            SigningKeys.load(database, seal, InstantSource.system()),
                            Identity.Options.of(config),
                            named -> Optional.empty(),
                            new BlindIndex(new byte[32]),
                            task -> Optional.empty(),
                            record,
                            InstantSource.system(),
                            ids,
                            _ -> Optional.empty());
            FhirRouter fhir =
                    new FhirRouter(
                            config,
                            InstantSource.system(),
                            database,
                            identity::caller,
                            record,
                            new byte[32]);
            new PrescriptionResourceViews(new Unsealing(seal)).mount(fhir);
            vertx.deployVerticle(
                            () -> new Listening(fhir, port),
                            new DeploymentOptions()
                                    .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
                                    .setInstances(Runtime.getRuntime().availableProcessors()))
                    .await();
        }

        String url() {
            return "http://127.0.0.1:" + port.get();
        }

        @Override
        public void close() {
            vertx.close().await();
        }
    }

    /// Writes nothing.
    private static final class Unwritten implements FhirRouter.Auditing {
        @Override
        public void record(Access access) {}

        @Override
        public UUID append(Tx tx, Access access) {
            return UUID.randomUUID();
        }
    }

    private static final class Listening extends VerticleBase {
        private final FhirRouter fhir;
        private final AtomicInteger port;

        Listening(FhirRouter fhir, AtomicInteger port) {
            this.fhir = fhir;
            this.port = port;
        }

        @Override
        public io.vertx.core.Future<?> start() {
            Router router = Router.router(vertx);
            Edge.standard().mount(router);
            fhir.serve(router);
            return vertx.createHttpServer(Edge.options())
                    .requestHandler(router)
                    .listen(-1, "127.0.0.1")
                    .onSuccess(listening -> port.set(listening.actualPort()));
        }
    }

    /// @param with reads a second with a durable audit record of each
    /// @param without any audit
    private record Cost(double with, double without) {
        double share() {
            return with / without;
        }
    }

    private List<Cost> measure(int turns, int seconds, int warmUp) throws Exception {
        try (TestService service = TestService.own(ENVIRONMENT);
                Reading with = new Reading(service, true);
                Reading without = new Reading(service, false);
                Remote remote = new Remote(service.url(), 4, Duration.ofSeconds(60), new Tally())) {
            County.Hospital hospital = County.HOSPITALS.getFirst();
            Tokens.Sender who =
                    new Tokens.Sender(hospital.client(), hospital.client().staff().getFirst());
            DocumentPool documents =
                    DocumentPool.of(
                            DayPlan.of(
                                    7,
                                    100,
                                    LocalDate.now(java.time.ZoneId.of("Asia/Shanghai")),
                                    Casebook.of(Shelf.fetched(remote))),
                            Instant.now());
            List<String> ids = new ArrayList<>();
            try (Load submits = new Load(service.url(), 8)) {
                submits.token(remote.token(who));
                for (int i = 0; i < 60 && ids.size() < 50; i++) {
                    submits.run(documents::next, 1, ids);
                }
            }
            Reads reads = Reads.of(ids, remote, who);
            List<Cost> costs = new ArrayList<>();
            try (Load first = new Load(with.url(), CLIENTS);
                    Load second = new Load(without.url(), CLIENTS)) {
                first.token(remote.token(who));
                second.token(remote.token(who));
                if (warmUp > 0) {
                    first.run(reads::nextTask, warmUp, new ArrayList<>());
                    second.run(reads::nextTask, warmUp, new ArrayList<>());
                }
                long events = events(service);
                long audited = 0;
                for (int turn = 0; turn < turns; turn++) {
                    Load.Result a = first.run(reads::nextTask, seconds, new ArrayList<>());
                    Load.Result b = second.run(reads::nextTask, seconds, new ArrayList<>());
                    assertThat(a.only(200) && b.only(200)).isTrue();
                    audited += a.answers().get("200");
                    costs.add(new Cost(rate(a), rate(b)));
                }
                assertThat(events(service) - events)
                        .as("audit records of the reads")
                        .isEqualTo(audited);
            }
            System.out.printf("%.1f records a commit%n", perCommit(service));
            return costs;
        }
    }

    private static double rate(Load.Result result) {
        return result.answers().get("200") / (result.nanos() / 1e9);
    }

    private static long events(TestService service) throws java.sql.SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM audit_event WHERE interaction = 'read'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static double perCommit(TestService service) throws java.sql.SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(*) / count(DISTINCT txid::text)::float"
                                        + " FROM audit_event WHERE interaction = 'read'")) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    @Test
    void every_read_has_a_record_before_it_is_answered() throws Exception {
        assertThat(measure(1, 1, 0)).hasSize(1);
    }

    /// The goal. The load runs on the same processors, and so does PostgreSQL.
    @Test
    @Tag("bench")
    void reads_with_audit_reach_most_of_those_without() throws Exception {
        List<Cost> costs = measure(9, 5, 15);
        costs.forEach(cost ->
                System.out.printf(
                        "with audit %,.0f/s, without %,.0f/s: %.0f %%%n",
                        cost.with(), cost.without(), 100 * cost.share()));
        List<Double> shares = costs.stream().map(Cost::share).sorted().toList();
        double median = shares.get(shares.size() / 2);
        System.out.printf("median %.0f %%%n", 100 * median);
        assertThat(median).isGreaterThanOrEqualTo(LEAST);
    }
}
