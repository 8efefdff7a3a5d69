package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.yifang.TestDatabase;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Remembered;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.problem.Problem;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A service with the token endpoint alone, over HTTP against a real database.
public class TokenEndpoint {
    public static final String URL = "http://yifang.test";
    public static final UUID PATIENT = UUID.randomUUID();
    public static final String CARD = "421281195809210020";
    public static final AtomicReference<Instant> NOW =
            new AtomicReference<>(Instant.parse("2026-03-01T04:00:00Z"));
    private static final Remembered LOG = new Remembered();
    public static final List<Access> AUDITED = LOG.all();

    static Vertx vertx;
    public static Database database;
    static ClientStore clients;
    public static WebClient web;
    public static int port;

    /// Starts one more behind another edge, and tells its port.
    static Function<Edge, Integer> another;

    static ECKey es256;
    static ECKey es384;
    static RSAKey rs384;

    @BeforeAll
    static void serve() throws Exception {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 4);
        clients = new ClientStore(database);
        InstantSource clock = NOW::get;
        Seal seal = new Seal(MasterKeys.parse(MasterKeys.generate()));
        DemonstrationClients.seed(
                clients, _ -> UUID.randomUUID(), "11421281000000019W", "421281", NOW.get());
        es256 = new ECKeyGenerator(Curve.P_256).keyID("a").generate();
        es384 = new ECKeyGenerator(Curve.P_384).keyID("b").generate();
        rs384 = new RSAKeyGenerator(2048).keyID("c").generate();
        register("his", true, new JWKSet(List.of(es256, es384, rs384)).toString(true));
        register("closed", false, new JWKSet(es256).toString(true));
        var keys = SigningKeys.load(database, seal, clock);
        web = WebClient.create(vertx);
        another =
                edge -> {
                    AtomicInteger bound = new AtomicInteger();
                    vertx.deployVerticle(
                                    () -> server(keys, clock, edge, bound),
                                    new DeploymentOptions()
                                            .setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                            .await();
                    return bound.get();
                };
        port = another.apply(Edge.standard());
    }

    private static AbstractVerticle server(
            SigningKeys keys, InstantSource clock, Edge edge, AtomicInteger bound) {
        return new AbstractVerticle() {
            @Override
            public void start(Promise<Void> started) {
                Identity identity =
                        new Identity(
                                vertx,
                                database,
                                keys,
                                new Identity.Options(
                                        URL,
                                        true,
                                        1_000,
                                        true,
                                        600,
                                        org.yifang.platform.Outbound.PUBLIC),
                                TokenEndpoint::patient,
                                new BlindIndex(new byte[32]),
                                _ -> Optional.empty(),
                                LOG,
                                clock,
                                new Uuid7(clock),
                                _ -> Optional.empty());
                Router router = Router.router(vertx);
                edge.mount(router);
                identity.mount(router);
                router.get("/who").handler(http -> http.end(identity.caller(http).toString()));
                router.errorHandler(500, TokenEndpoint::answer);
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0)
                        .onSuccess(server -> bound.set(server.actualPort()))
                        .<Void>mapEmpty()
                        .onComplete(started);
            }
        };
    }

    static void answer(io.vertx.ext.web.RoutingContext http) {
        if (http.failure() instanceof Problem problem) {
            problem.headers().forEach(http.response()::putHeader);
            http.response().setStatusCode(problem.code().status()).end(problem.code().code());
        } else {
            http.response().setStatusCode(500).end(String.valueOf(http.failure()));
        }
    }

    static Optional<UUID> patient(String named) {
        return named.equals(PATIENT.toString()) || named.equals(CARD)
                ? Optional.of(PATIENT)
                : Optional.empty();
    }

    static void register(String id, boolean active, String jwks) {
        register(id, Role.HOSPITAL, List.of("system/Task.rs"), jwks, active);
    }

    static void register(String id, Role role, List<String> scopes, String jwks, boolean active) {
        clients.save(
                new Client(
                        id,
                        "421281",
                        role,
                        UUID.randomUUID(),
                        "H42128100001",
                        List.of(),
                        scopes,
                        null,
                        jwks,
                        active,
                        null,
                        role == Role.PATIENT,
                        List.of(),
                        null,
                        null,
                        null,
                        false,
                        1),
                NOW.get());
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    @BeforeEach
    void forget() {
        AUDITED.clear();
        // Failed logins are counted per minute of real time; each test calls from its own id.
    }

    public static HttpResponse<Buffer> send(String authorization, Map<String, String> form) {
        var request = web.post(port, "localhost", "/auth/token");
        if (!authorization.isEmpty()) {
            request.putHeader("Authorization", authorization);
        }
        MultiMap fields = MultiMap.caseInsensitiveMultiMap().addAll(form);
        return request.sendForm(fields).await();
    }

    public static String basic(String id, String secret) {
        String both = id + ":" + secret;
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    public static HttpResponse<Buffer> login(String id, String secret, String... fields) {
        var form = new java.util.HashMap<String, String>();
        form.put("grant_type", "client_credentials");
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return send(basic(id, secret), form);
    }

    public static HttpResponse<Buffer> who(String token) {
        return web.get(port, "localhost", "/who")
                .putHeader("Authorization", "Bearer " + token)
                .send()
                .await();
    }

    public static void denied(HttpResponse<Buffer> answer, int status, String error) {
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
        assertThat(answer.bodyAsJsonObject().getString("error")).isEqualTo(error);
        assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(AUDITED).hasSize(1);
        assertThat(AUDITED.getFirst().problem()).isNotNull();
    }

    public static String token(HttpResponse<Buffer> answer) {
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject().getString("access_token");
    }
}
