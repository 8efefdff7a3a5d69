package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.yifang.workflow.Subscribing.active;
import static org.yifang.workflow.Subscribing.content;
import static org.yifang.workflow.Subscribing.number;

import org.yifang.TestService;
import org.yifang.workflow.Receiver.Event;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Very many events that wait for one receiver.
final class Waiting {
    static final long MEMORY_MOST = 48L * 1024 * 1024;

    /// Has many events wait while the receiver is away, then told, and looks at the memory.
    static void tell(TestService service, Story story, int many) throws Exception {
        Set<Long> came = ConcurrentHashMap.newKeySet();
        AtomicBoolean away = new AtomicBoolean();
        try (Receiver his = new Receiver()) {
            active(
                    story.hospital,
                    "claim-lost",
                    his.url(),
                    w -> {
                        content(w, "empty");
                        number(w, "max-count", "valuePositiveInt", 50);
                    });
            his.does((call, what) -> {
                if (!away.get()) {
                    what.events().stream().map(Event::number).forEach(came::add);
                }
                his.all().clear();
                Receiver.status(call, away.get() ? 503 : 200);
            });
            away.set(true);
            long before = memory();
            write(service, story, many);
            await().atMost(Duration.ofMinutes(3))
                    .until(() ->
                            story.count(
                                            "SELECT count(*) FROM subscription_event WHERE state ="
                                                    + " 'waiting' AND ? = ''",
                                            "")
                                    == many);
            assertThat(memory() - before).as("bytes while all wait").isLessThan(MEMORY_MOST);
            away.set(false);
            long most = 0;
            for (int i = 0; i < 600 && came.size() < many; i++) {
                Thread.sleep(500);
                most = i % 10 == 0 ? Math.max(most, memory()) : most;
            }
            assertThat(new TreeSet<>(came)).hasSize(many).first().isEqualTo(1L);
            assertThat(new TreeSet<>(came).last()).isEqualTo(many);
            assertThat(most - before).as("bytes while told").isLessThan(MEMORY_MOST);
        }
    }

    static long memory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    static void write(TestService service, Story story, int many) throws Exception {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement =
                        connection.prepareStatement(
                                "INSERT INTO outbox (topic, at, focus_type, focus_id, hospital_id,"
                                        + " pharmacies, reviewers_told) SELECT"
                                        + " 'claim-lost', now(), 'Task',"
                                        + " gen_random_uuid(), ?::uuid, '{}', false"
                                        + " FROM generate_series(1, ?)")) {
            statement.setString(1, story.organization("H42128100001"));
            statement.setInt(2, many);
            statement.executeUpdate();
        }
    }

    private Waiting() {}
}
