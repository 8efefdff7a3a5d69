package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.TestDatabase;
import org.yifang.fhir.search.RestTables;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A real server over two small tables: patients, and encounters that belong to an organization.
/// The token says who calls: `hospital`, or `hospital/another-client/4.scope system/X.rs`.
public final class RestFixture implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    public static final UUID OURS = new UUID(0, 1);
    public static final UUID THEIRS = new UUID(0, 2);
    public static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");

    final Vertx vertx = Vertx.vertx();
    public final Database database = new Database(vertx, TestDatabase.empty(), 8);
    private final Remembered log = new Remembered();
    public final List<Access> audited = log.all();
    public final String base;
    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final RestTables tables;

    public RestFixture(Consumer<FhirRouter> mounts) {
        this(mounts, 100_000, 100_000);
    }

    public RestFixture(Consumer<FhirRouter> mounts, int perSecond, int burst) {
        port = freePort();
        tables = new RestTables(database);
        Config config = Config.read(Map.of("YIFANG_PORT", String.valueOf(port)));
        base = config.publicUrl() + "/fhir";
        FhirRouter router =
                new FhirRouter(
                        config,
                        InstantSource.system(),
                        database,
                        RestFixture::caller,
                        log,
                        new byte[32],
                        perSecond,
                        burst);
        router.mount(RestTables.patients()).mount(RestTables.visits());
        mounts.accept(router);
        vertx.deployVerticle(
                        () -> new Door(router, port),
                        new DeploymentOptions()
                                .setInstances(2)
                                .setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
    }

    int port() {
        return port;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
            router.get("/elsewhere")
                    .handler(http -> {
                        throw new Problem(ProblemCode.NOT_FOR_THIS_ROLE, "Not here.");
                    });
            router.get("/fhir/.well-known/x").handler(http -> http.response().end("{}"));
            fhir.serve(router);
            vertx.createHttpServer(Edge.options())
                    .requestHandler(router)
                    .listen(port)
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    private static Caller caller(RoutingContext http) {
        String header = http.request().getHeader("Authorization");
        if (header == null || !header.startsWith("Bearer ")) {
            throw new Problem(ProblemCode.NOT_AUTHENTICATED, "There is no token.");
        }
        String[] parts = header.substring("Bearer ".length()).split("/", 3);
        Role role = Role.valueOf(parts[0].toUpperCase(Locale.ROOT));
        return new Caller(
                parts.length > 1 ? parts[1] : parts[0],
                role,
                OURS,
                "H42128100001",
                List.of(),
                parts.length > 2 ? List.of(parts[2].split(" ")) : List.of("system/*.cruds"),
                null,
                Caller.Person.UNNAMED,
                "127.0.0.1",
                "",
                "");
    }

    public UUID person(String number) {
        return tables.person(number);
    }

    public UUID visit(
            UUID owner, UUID patient, String status, String title, @Nullable Instant start) {
        return tables.visit(owner, patient, status, title, start);
    }

    void past(UUID id, long version, byte[] json) {
        tables.past(id, version, json);
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public HttpResponse<String> post(String path, @Nullable String body, String... headers) {
        return send("POST", path, body, headers);
    }

    /// A request as `hospital`, unless the headers hold another `Authorization`.
    HttpResponse<String> send(
            String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path));
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        request.header("Authorization", "Bearer hospital");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static JsonNode tree(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(response.body(), failure);
        }
    }

    /// The codes of all issues of an OperationOutcome.
    public static List<String> codes(HttpResponse<String> response) {
        return stream(tree(response).at("/issue"))
                .map(issue -> issue.at("/details/coding/0/code").asText())
                .toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    public static List<String> idsOf(JsonNode bundle, String mode) {
        return stream(bundle.at("/entry"))
                .filter(entry -> entry.at("/search/mode").asText().equals(mode))
                .map(entry -> entry.at("/resource/id").asText())
                .toList();
    }

    public static String link(JsonNode bundle, String relation) {
        return stream(bundle.at("/link"))
                .filter(link -> link.at("/relation").asText().equals(relation))
                .map(link -> link.at("/url").asText())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        http.close();
        vertx.close().await();
    }
}
