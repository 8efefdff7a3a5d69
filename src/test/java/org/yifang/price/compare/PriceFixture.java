package org.yifang.price.compare;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.hl7.fhir.r4.model.Parameters;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.rest.Remembered;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Edge;
import org.yifang.price.board.PriceBoardRoutes;
import org.yifang.price.board.PriceBoardStore;
import org.yifang.price.board.PriceCourseRoutes;
import org.yifang.price.board.PriceCourseStore;
import org.yifang.price.board.SwapProposalRoutes;
import org.yifang.price.board.SwapProposalStore;
import org.yifang.price.feed.FeedDesk;
import org.yifang.price.feed.FeedRoutes;
import org.yifang.price.feed.FeedStore;
import org.yifang.price.index.PriceEvaluation;
import org.yifang.price.index.PriceMeasure;
import org.yifang.price.offer.PriceViews;
import org.yifang.price.sale.SaleDesk;
import org.yifang.price.sale.SalesHistory;
import org.yifang.queue.history.ImportHistory;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.live.QueueViews;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.RegistryFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A real server with the demonstration county; the token is `role`, `role/organization number` or
/// `role/organization number/staff number`.
public final class PriceFixture implements AutoCloseable {
    /// A Friday morning, all pharmacies open.
    public static final Instant NOON = Instant.parse("2026-11-20T02:00:00Z");

    public static final String AMLODIPINE = "XC08CAA013A001010100001";
    public static final String ATORVASTATIN = "XC10AAA012A001010200002";
    public static final UUID PATIENT = new UUID(7, 7);

    public final Vertx vertx = Vertx.vertx();
    public final DatabaseAddress address = TestDatabase.migrated();
    public final Database database = new Database(vertx, address, 8);
    public final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
    public final Uuid7 ids = new Uuid7(clock::get);
    public final Catalogue catalogue = Catalogue.open(database);
    public final Organizations organizations;
    final SwapStore swaps = new SwapStore(database, ids);
    public final PriceDesk desk;
    public final PriceAlerts alerts;
    public final SaleDesk sales = new SaleDesk(ids);
    public final PlanDesk plans =
            new PlanDesk(
                    database,
                    begun(
                            new Audit(
                                    database,
                                    new NameSeal(plain -> plain, sealed -> sealed),
                                    ids,
                                    "421281")),
                    clock::get,
                    ids,
                    "421281");

    /// With an event of every change, as the service has it.
    private static Audit begun(Audit audit) {
        audit.begin(NOON);
        return audit;
    }

    final ComparisonDesk comparisons;
    private final Remembered log = new Remembered();
    public final List<Access> audited = log.all();
    public volatile List<Comparison.Line> open = List.of();
    public volatile Function<UUID, List<Comparison.Line>> prescriptions = _ -> open;

    /// Lines of which nothing is left.
    public final Set<UUID> handedOut = ConcurrentHashMap.newKeySet();

    public final OpenPrescriptions asked = new ToldPrescriptions(this);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    public PriceFixture() {
        this(resource("catalogue.csv"), resource("registry.json"));
    }

    /// A county with a catalogue and pharmacies of its own.
    public PriceFixture(byte[] drugs, byte[] registry) {
        catalogue.importFile(drugs, "demonstration", NOON);
        RegistryFile.parse(registry).load(database, ids, "421281", NOON);
        organizations = Organizations.open(database);
        catalogue.refresh().await();
        alerts = alertsOfAnInstance();
        desk = new PriceDesk(database, catalogue, swaps, ids);
        // The queues are not asked: one waits as long everywhere.
        PredictedWaits waits =
                new PredictedWaits(new QueueViews(new LiveQueues(database, clock::get)));
        comparisons = new ComparisonDesk(database, catalogue, organizations, waits, swaps, ids);
        int port = freePort();
        Config config = Config.read(Map.of("YIFANG_PORT", String.valueOf(port)));
        base = config.publicUrl() + "/fhir";
        FhirRouter router =
                new FhirRouter(config, clock::get, database, this::caller, log, new byte[32]);
        new PriceBoardRoutes(new PriceBoardStore(database), swaps, asked, comparisons)
                .mount(router);
        new FeedRoutes(new FeedDesk(database, new FeedStore(database)), organizations)
                .mount(router);
        new SwapRoutes(swaps, catalogue).mount(router);
        PriceRoutes routes =
                new PriceRoutes(
                        database, catalogue, organizations, comparisons, desk, asked, alerts, ids);
        routes.mount(router);
        PriceCourseStore courses = new PriceCourseStore(database);
        new PriceCourseRoutes(courses, catalogue, organizations, swaps, asked, alerts)
                .mount(router);
        new SwapProposalRoutes(new SwapProposalStore(database), swaps, catalogue).mount(router);
        router.mount(PriceViews.stock(catalogue));
        new ImportHistory(vertx)
                .register(new SalesHistory(database, catalogue, organizations, ids, clock::get))
                .mount(router);
        PriceMeasure measure =
                new PriceMeasure(
                        new PriceEvaluation(vertx, database, plans, "421281", clock::get),
                        catalogue,
                        clock::get);
        router.mount(
                Operation.instance("evaluate-measure", "Measure")
                        .reads()
                        .roles(Role.BUREAU, Role.AUDITOR)
                        .produces("text/csv")
                        .handler(exchange ->
                                measure.evaluate(
                                        exchange,
                                        Optional.ofNullable(exchange.query("plan"))
                                                .flatMap(plan ->
                                                        plans.find(
                                                                PriceMeasure.ID,
                                                                UUID.fromString(plan))))));
        open(router, port);
    }

    /// What patients wait for, as each instance has it on the one database.
    PriceAlerts alertsOfAnInstance() {
        return new PriceAlerts(database, catalogue, organizations, asked, swaps, ids);
    }

    private void open(FhirRouter router, int port) {
        vertx.deployVerticle(
                        () -> new Door(router, port),
                        new DeploymentOptions()
                                .setInstances(2)
                                .setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
    }

    private static final class Door extends AbstractVerticle {
        private final FhirRouter fhir;
        private final int port;

        Door(FhirRouter fhir, int port) {
            this.fhir = fhir;
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            Router router = Router.router(vertx);
            Edge.standard().mount(router);
            fhir.serve(router);
            vertx.createHttpServer(Edge.options())
                    .requestHandler(router)
                    .listen(port, "127.0.0.1")
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    private Caller caller(RoutingContext http) {
        String token = http.request().getHeader("Authorization").substring("Bearer ".length());
        String[] parts = token.split("/");
        Role role = Role.of(parts[0].toLowerCase(Locale.ROOT));
        Organization organization =
                parts.length > 1 && !parts[1].isEmpty()
                        ? organizations.byNumber(parts[1]).orElseThrow()
                        : null;
        Caller.Person person =
                parts.length > 2
                        ? new Caller.Person(parts[2], null, null, null, null)
                        : Caller.Person.UNNAMED;
        return new Caller(
                token,
                role,
                organization == null ? new UUID(0, 0) : organization.id(),
                organization == null ? "" : organization.number(),
                List.of(),
                List.of("system/*.cruds"),
                role == Role.PATIENT ? PATIENT : null,
                person,
                "127.0.0.1",
                "r",
                "en");
    }

    public HttpResponse<String> post(String path, String who, String type, byte[] body) {
        return send(
                request(path, who)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    public HttpResponse<String> get(String path, String who, String accept) {
        return send(request(path, who).header("Accept", accept).GET());
    }

    public HttpResponse<String> get(String path, String who) {
        return send(request(path, who).GET());
    }

    private HttpRequest.Builder request(String path, String who) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + who);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    public static Parameters parameters(HttpResponse<String> response) {
        return Fhir.CONTEXT.newJsonParser().parseResource(Parameters.class, response.body());
    }

    public static int count(HttpResponse<String> response, String name) {
        return parameters(response).getParameter().stream()
                .filter(one -> one.getName().equals(name))
                .map(one -> Integer.parseInt(one.getValue().primitiveValue()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(response.body()));
    }

    public Organization pharmacy(int number) {
        return organizations.byNumber("P421281%05d".formatted(number)).orElseThrow();
    }

    public Drug drug(String code) {
        return catalogue.find(code).orElseThrow();
    }

    public Comparison.Line line(int number, String code, int units) {
        return new Comparison.Line(
                new UUID(1, number), number, drug(code), BigDecimal.valueOf(units), false);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static byte[] resource(String name) {
        try (InputStream in = PriceFixture.class.getResourceAsStream("/demonstration/" + name)) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
