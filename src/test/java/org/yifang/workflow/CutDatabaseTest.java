package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;

import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/// Connections to the database are cut at any moment, by the server and on the way: every call is
/// answered rightly or with 503 and `Retry-After`, and what is repeated is done once.
@Alone
final class CutDatabaseTest {
    private static final int WORKERS = 6;

    /// Ends sessions in the middle of what they do.
    private static final String TERMINATE =
            "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity where"
                    + " datname = current_database() and pid <> pg_backend_pid()"
                    + " order by random() limit ?) chosen";

    private final RoughDay rough = new RoughDay();

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
            rough.day(story);
            assertThat(rough.wrong()).as("before anything is cut").isEmpty();
            Instant until = Instant.now().plus(time);
            try (ExecutorService all = Executors.newFixedThreadPool(WORKERS)) {
                List<Future<?>> workers = new ArrayList<>();
                for (int i = 0; i < WORKERS; i++) {
                    workers.add(
                            all.submit(() -> {
                                while (Instant.now().isBefore(until)) {
                                    rough.day(story);
                                }
                            }));
                }
                cutUntil(until, address, way);
                for (Future<?> worker : workers) {
                    worker.get();
                }
            }
            System.out.printf("%d calls, %d told to come again%n", rough.calls(), rough.away());
            assertThat(rough.wrong()).isEmpty();
            assertThat(rough.away()).as("calls that met a cut").isPositive();
            await().atMost(Duration.ofSeconds(30)).until(() -> health(service) == 200);
            int before = rough.away();
            rough.day(story);
            assertThat(rough.wrong()).isEmpty();
            assertThat(rough.away()).isEqualTo(before);
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

    private static int health(TestService service) {
        return Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/health/ready")).GET())
                .status();
    }
}
