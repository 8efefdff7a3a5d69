package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.client.UnknownPatients;
import org.yifang.identity.person.People;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.KeptSecretStore;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.prescription.slip.SlipOwners;
import org.yifang.registry.Patients;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// What it costs to know who calls, in processor time: much less than 0.2 ms a request.
@Alone
final class IdentityCostTest {
    private static final int REQUESTS = 20_000;
    private static final double MOST_MICROSECONDS = 200;
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String PUBLIC = "http://rx.example.org";

    @TempDir Path folder;

    @Test
    void a_client_s_token_and_a_person_s_session_cost_little() throws Exception {
        Map<String, String> settings =
                Map.of("YIFANG_MASTER_KEY", KEY, "YIFANG_PUBLIC_URL", PUBLIC);
        Vertx vertx = Vertx.vertx();
        try (TestService service = TestService.own(settings)) {
            Database database = new Database(vertx, service.database(), 2);
            MasterKeys keys = MasterKeys.of(KEY, folder);
            Seal seal = new Seal(keys, KeptSecretStore.open(database, keys));
            try (People people = people(vertx, database, seal);
                    Identity identity = identity(vertx, database, keys, seal, people)) {
                String token = new Client(service, "hospital-1").token();
                Browser browser = new Browser(service.url());
                browser.signIn("pharmacist-1", "pharmacist-1");
                double bearer =
                        measured(vertx, "Authorization", "Bearer " + token, identity::callerNow);
                double session =
                        measured(
                                vertx,
                                "Cookie",
                                cookies(browser),
                                http -> people.caller(http).orElseThrow());
                System.out.printf(
                        "processor time a request: a client's token %.1f µs, a person's session"
                                + " %.1f µs%n",
                        bearer, session);
                assertThat(bearer).isLessThan(MOST_MICROSECONDS);
                assertThat(session).isLessThan(MOST_MICROSECONDS);
            } finally {
                database.close().await();
            }
        } finally {
            vertx.close().await();
        }
    }

    private static String cookies(Browser browser) {
        return browser.cookies().entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("; "));
    }

    private static People people(Vertx vertx, Database database, Seal seal) {
        return new People(
                vertx,
                database,
                seal,
                audit(database, seal),
                InstantSource.system(),
                URI.create(PUBLIC),
                true,
                null);
    }

    private static Audit audit(Database database, Seal seal) {
        NameSeal names =
                new NameSeal(
                        plain -> seal.seal(plain, "audit"), sealed -> seal.open(sealed, "audit"));
        return new Audit(database, names, new Uuid7(InstantSource.system()), "421281");
    }

    private Identity identity(
            Vertx vertx, Database database, MasterKeys keys, Seal seal, People people) {
        Config config =
                Config.read(
                        Map.of(
                                "YIFANG_PUBLIC_URL",
                                PUBLIC,
                                "YIFANG_DATA",
                                folder.toString(),
                                "YIFANG_REGION",
                                "421281"));
        return new Identity(
                vertx,
                database,
                SigningKeys.load(database, seal, InstantSource.system()),
                Identity.Options.of(config),
                _ -> Optional.empty(),
                new BlindIndex(new byte[32]),
                new SlipOwners(
                        database,
                        new Patients(
                                database,
                                seal,
                                BlindIndexes.fixed(keys),
                                new Uuid7(InstantSource.system()),
                                new UnknownPatients(new BlindIndex(new byte[32])))),
                audit(database, seal),
                InstantSource.system(),
                new Uuid7(InstantSource.system()),
                people::caller);
    }

    @FunctionalInterface
    private interface Asked {
        Object who(RoutingContext http);
    }

    /// Microseconds of processor time to know who is behind one request, once it was read before.
    private static double measured(Vertx vertx, String header, String value, Asked asked)
            throws Exception {
        CompletableFuture<RoutingContext> held = new CompletableFuture<>();
        Router router = Router.router(vertx);
        router.get("/x").handler(held::complete);
        var server = vertx.createHttpServer().requestHandler(router).listen(0).await();
        try (HttpClient http = HttpClient.newHttpClient()) {
            var answer =
                    http.sendAsync(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + server.actualPort()
                                                            + "/x"))
                                    .header(header, value)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            RoutingContext request = held.get();
            CompletableFuture<Object> first = new CompletableFuture<>();
            Thread.startVirtualThread(() -> first.complete(asked.who(request)));
            assertThat(first.get()).isNotNull();
            CompletableFuture<Double> cost = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> cost.complete(cost(request, asked)));
            double microseconds = cost.get();
            request.end();
            answer.get();
            return microseconds;
        } finally {
            server.close().await();
        }
    }

    private static double cost(RoutingContext request, Asked asked) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < REQUESTS; i++) {
            asked.who(request);
        }
        return (threads.getCurrentThreadCpuTime() - began) / 1e3 / REQUESTS;
    }
}
