package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Connections to the database are cut at any moment, by the server and on the way: every call is
/// answered rightly or with 503 and `Retry-After`, and what is repeated is done once.
final class CutDatabaseTest {
    private static final int WORKERS = 6;

    /// Ends sessions in the middle of what they do.
    private static final String TERMINATE =
            "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity where"
                    + " datname = current_database() and pid <> pg_backend_pid()"
                    + " order by random() limit ?) chosen";

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger away = new AtomicInteger();

    @Test
    void for_some_seconds() throws Exception {
        cut(Duration.ofSeconds(8));
    }

    @Test
    @Tag("soak")
    void for_three_minutes() throws Exception {
        cut(Duration.ofMinutes(3));
    }

    private void cut(Duration time) throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        try (CutConnection way = new CutConnection(address);
                TestService service =
                        TestService.on(address, Map.of("YIFANG_DATABASE_URL", way.url()))) {
            Story story = new Story(service);
            day(story);
            assertThat(wrong).as("before anything is cut").isEmpty();
            Instant until = Instant.now().plus(time);
            try (ExecutorService all = Executors.newFixedThreadPool(WORKERS)) {
                List<Future<?>> workers = new ArrayList<>();
                for (int i = 0; i < WORKERS; i++) {
                    workers.add(
                            all.submit(() -> {
                                while (Instant.now().isBefore(until)) {
                                    day(story);
                                }
                            }));
                }
                cutUntil(until, address, way);
                for (Future<?> worker : workers) {
                    worker.get();
                }
            }
            System.out.printf("%d calls, %d told to come again%n", calls.get(), away.get());
            assertThat(wrong).isEmpty();
            assertThat(away.get()).as("calls that met a cut").isPositive();
            await().atMost(Duration.ofSeconds(30)).until(() -> health(service) == 200);
            away.set(0);
            day(story);
            assertThat(wrong).isEmpty();
            assertThat(away).hasValue(0);
        }
    }

    private static void cutUntil(Instant until, DatabaseAddress address, CutConnection way)
            throws SQLException, InterruptedException {
        try (var connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(), address.user(), address.password());
                var terminate = connection.prepareStatement(TERMINATE)) {
            for (int turn = 0; Instant.now().isBefore(until); turn++) {
                if (turn % 40 == 39) {
                    way.sever();
                } else {
                    terminate.setInt(1, 1 + turn % 3);
                    terminate.executeQuery().close();
                }
                Thread.sleep(ThreadLocalRandom.current().nextInt(20, 120));
            }
        }
    }

    /// Makes a call until it is answered otherwise than "come again", as callers do.
    private Reply call(String what, Supplier<Reply> made, Integer... right) {
        for (int attempt = 0; attempt < 200; attempt++) {
            calls.incrementAndGet();
            Reply reply = made.get();
            if (reply.status() == 503) {
                away.incrementAndGet();
                if (reply.raw().headers().firstValue("Retry-After").isEmpty()) {
                    wrong.add(what + ": 503 without Retry-After");
                }
                continue;
            }
            if (!List.of(right).contains(reply.status())) {
                wrong.add(what + ": " + reply.status() + " " + reply.raw().body());
            }
            return reply;
        }
        throw new IllegalStateException(what + " is away for ever");
    }

    /// A prescription from its hospital to its patient, with what people and programs look at.
    private void day(Story story) {
        JsonNode document = story.document();
        Rx rx = new Rx(call("submit", () -> story.submit(document), 201, 200).body());
        call("read", () -> story.hospital.get(rx.path()), 200);
        call("search", () -> story.hospital.get("/fhir/Task?_count=5&_total=accurate"), 200);
        Reply claim = call("claim", () -> story.claim(story.pharmacy, rx), 200);
        String token = claim.parameter("claim-token").path("valueString").asText();
        String first = story.dispense(rx.lines().get(0), 0, "7");
        String second = story.dispense(rx.lines().get(1), 1, "7");
        call(
                "dispense",
                () -> story.dispense(story.pharmacy, rx, token, false, first, second),
                200);
        call("history", () -> story.hospital.get(rx.path() + "/_history"), 200);
        Client auditor = new Client(story.service, "auditor-1");
        call("audit", () -> auditor.get("/fhir/AuditEvent?_count=3"), 200);
        call("page", () -> page(story.service, "/sign-in"), 200);
        call("guarded page", () -> page(story.service, "/counter"), 303);
        call("queues", () -> page(story.service, "/queue?organization=H42128100001"), 200);
    }

    private static Reply page(TestService service, String path) {
        return Client.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Cookie", "yifang-session=" + "a".repeat(43))
                        .GET());
    }

    private static int health(TestService service) {
        return Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/health/ready")).GET())
                .status();
    }
}
