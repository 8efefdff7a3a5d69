package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.audit.verify.VerifyCommand;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/// A week in which nobody manipulates anything: neither the verifier nor the reconciliation finds
/// anything.
@Alone
final class CleanWeekTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    /// Days between two starts.
    private static final int HALF = 4;

    /// Of so many rounds of a day one begins with a wrong code.
    private static final int MISTYPED = 10;

    @TempDir Path folder;

    @Test
    void a_clean_week_raises_no_alarm() throws Exception {
        week(1);
    }

    @Test
    @Tag("soak")
    void a_busy_clean_week_raises_no_alarm() throws Exception {
        week(60);
    }

    private void week(int roundsADay) throws Exception {
        try (TestService service = TestService.own(Map.of("YIFANG_MASTER_KEY", KEY))) {
            Story story = new Story(service);
            String vkey = get(service, "/audit/vkey");
            List<Path> kept = new ArrayList<>();
            for (int day = 0; day < 7; day++) {
                for (int round = 0; round < roundsADay; round++) {
                    day(story);
                    // A counter that mistypes more often is asked to wait.
                    if (round % MISTYPED == 0) {
                        mistype(story);
                    }
                }
                kept.add(keep(service, day));
                service.clock().forward(Duration.ofHours(24));
            }
            // What was never claimed has expired by now, which the sweep writes down.
            Story.Rx last = story.prescribed();
            // What is under way now would be four days late.
            awaitSequenced(service);
            service.clock().forward(Duration.ofDays(4));
            await(() -> story.state(last).equals("failed/expired"));
            awaitSequenced(service);
            verify(service, vkey.strip(), kept);
            reconcile(service);
        }
    }

    @Test
    void a_week_of_troubles_raises_no_alarm() throws Exception {
        troubles(Duration.ofSeconds(1));
    }

    @Test
    @Tag("soak")
    void a_long_week_of_troubles_raises_no_alarm() throws Exception {
        troubles(Duration.ofSeconds(40));
    }

    /// The machine's clock jumps about; then, with two instances side by side and other ones in the
    /// second half: sessions end in the middle of what they do, the way to the database breaks, and
    /// its disk is full for moments. Everything together, and nobody manipulates anything.
    private void troubles(Duration aDay) throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        try (TestService jumping = TestService.byDatabaseClock(address)) {
            Story story = new Story(jumping);
            for (int hours : new int[] {5, -300, 24 * 400, 1}) {
                Story.Rx claimed = story.prescribed();
                Story.Rx cancelled = story.prescribed();
                jumping.clock().forward(Duration.ofHours(hours));
                String token = story.claimed(story.pharmacy, claimed);
                story.pharmacy.call(
                        claimed.path() + "/$release",
                        Story.string("claim-token", token),
                        Story.reason("no stock"));
                assertThat(story.cancel(cancelled).status()).isEqualTo(200);
                jumping.clock().forward(Duration.ofHours(-hours));
            }
        }
        List<Path> kept = new ArrayList<>();
        RoughDay rough = new RoughDay();
        for (int half = 0; half < 2; half++) {
            try (CutConnection way = new CutConnection(address);
                    Troubles troubles = new Troubles(address, way);
                    TestService service =
                            TestService.on(address, Map.of("YIFANG_DATABASE_URL", way.url()));
                    TestService beside = service.sibling()) {
                service.clock().forward(Duration.ofDays((long) HALF * half));
                beside.clock().forward(Duration.ofDays((long) HALF * half));
                for (int day = 0; day < HALF; day++) {
                    // Everybody has a token of that day before anything breaks.
                    rough.day(new Story(service));
                    rough.day(new Story(beside));
                    Instant until = Instant.now().plus(aDay);
                    work(rough, List.of(service, service, beside), troubles, until);
                    kept.add(keep(service, HALF * half + day));
                    if (day < HALF - 1) {
                        service.clock().forward(Duration.ofDays(1));
                        beside.clock().forward(Duration.ofDays(1));
                    }
                }
            }
        }
        try (TestService service = TestService.on(address, Map.of())) {
            service.clock().forward(Duration.ofDays(2 * HALF));
            verify(service, get(service, "/audit/vkey").strip(), kept);
            reconcile(service);
        }
        System.out.printf(
                "a week of troubles: %d calls, %d told to come again, %d kept heads, no alarm%n",
                rough.calls(), rough.away(), kept.size());
        assertThat(rough.wrong()).isEmpty();
        assertThat(rough.away()).isPositive();
    }

    private static void work(
            RoughDay rough, List<TestService> services, Troubles troubles, Instant until)
            throws Exception {
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> workers = new ArrayList<>();
            for (TestService one : services) {
                Story story = new Story(one);
                workers.add(
                        all.submit(() -> {
                            while (Instant.now().isBefore(until)) {
                                rough.day(story);
                            }
                        }));
            }
            troubles.until(until);
            for (Future<?> worker : workers) {
                worker.get();
            }
        }
    }

    /// A bit of everything that writes.
    private static void day(Story story) {
        Story.Rx handedOut = story.prescribed();
        String token = story.claimed(story.pharmacy, handedOut);
        assertThat(story.dispenseAll(story.pharmacy, handedOut, token).status()).isEqualTo(200);
        Story.Rx released = story.prescribed();
        String other = story.claimed(story.otherPharmacy, released);
        assertThat(story.claim(story.pharmacy, released).status()).isEqualTo(409);
        story.otherPharmacy.call(
                released.path() + "/$release",
                Story.string("claim-token", other),
                Story.reason("no stock"));
        assertThat(story.cancel(story.prescribed()).status()).isEqualTo(200);
        Story.Rx reviewed = new Story.Rx(story.submit(story.unreviewed()).body());
        story.review(story.reviewer, reviewed, "approve");
        story.prescribed();
        story.patient().get("/fhir/Task");
        new Client(story.service, "auditor-1").get("/fhir/AuditEvent?_count=20");
    }

    private static void mistype(Story story) {
        Client.Reply reply =
                story.pharmacy.call("/fhir/Task/$claim", Story.string("pickup-code", "ZZZZZZZ2"));
        assertThat(reply.status()).isEqualTo(403);
    }

    private Path keep(TestService service, int day) throws Exception {
        awaitSequenced(service);
        Path file = folder.resolve("checkpoint-" + day);
        Files.writeString(file, get(service, "/audit/checkpoint"));
        return file;
    }

    private static String get(TestService service, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(service.url() + path)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static void verify(TestService service, String vkey, List<Path> kept) {
        List<String> arguments = new ArrayList<>(List.of(service.url() + "/audit"));
        arguments.addAll(List.of("--vkey", vkey));
        kept.forEach(file -> arguments.addAll(List.of("--checkpoint", file.toString())));
        StringWriter out = new StringWriter();
        int code =
                new CommandLine(new VerifyCommand())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(out))
                        .execute(arguments.toArray(String[]::new));
        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString()).contains("nothing was removed or altered");
    }

    private void reconcile(TestService service) throws Exception {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, service.database(), 2);
        try {
            Seal seal = new Seal(MasterKeys.of(KEY, folder));
            NameSeal names =
                    new NameSeal(
                            plain -> seal.seal(plain, "audit"),
                            sealed -> seal.open(sealed, "audit"),
                            event -> seal.vouch("AuditEvent", event));
            assertThat(new Reconciliation(database, names, "421281").run()).isEmpty();
        } finally {
            database.close().await();
            vertx.close().await();
        }
    }

    /// Waits until every event has its place.
    private static void awaitSequenced(TestService service) throws Exception {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement()) {
            await(() -> {
                try (var rows =
                        statement.executeQuery(
                                "SELECT (SELECT count(*) FROM audit_event)"
                                        + " = (SELECT max(size) FROM audit_checkpoint)")) {
                    rows.next();
                    return rows.getBoolean(1);
                } catch (java.sql.SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            });
        }
    }

    private static void await(BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for a minute").isLessThan(end);
            Thread.sleep(100);
        }
    }
}
