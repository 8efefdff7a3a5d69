package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// How many events a second the whole service takes in, durably, sent as counters send them: a
/// hundred to a call, several organizations at once, service and senders on one machine.
class QueueLoadTest {
    private static final int TICKETS_PER_CALL = 40;
    private static final int EVENTS_PER_CALL = TICKETS_PER_CALL * 5 / 2;
    private static final long WARM_UP_NANOS = 10_000_000_000L;
    private static final long COUNTED_NANOS = 20_000_000_000L;

    private final AtomicLong tickets = new AtomicLong();

    @Test
    @Tag("bench")
    void two_thousand_events_a_second_are_taken_in_over_http() throws Exception {
        try (TestService service = TestService.own(java.util.Map.of())) {
            load(service, WARM_UP_NANOS);
            Duration before = processorTime();
            double perSecond = load(service, COUNTED_NANOS);
            Duration used = processorTime().minus(before);
            System.out.printf(
                    "queue events over HTTP: %.0f a second; service and senders used %.2f of a"
                            + " processor, %.3f ms an event%n",
                    perSecond,
                    used.toNanos() / (double) COUNTED_NANOS,
                    used.toNanos() / 1e6 / (perSecond * COUNTED_NANOS / 1e9));
            tables(service);
            assertThat(perSecond).isGreaterThan(2000);
        }
    }

    /// How the server found what it read, by its own counters.
    private static void tables(TestService service) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                service.database().jdbcUrl(),
                                service.database().user(),
                                service.database().password());
                Statement sql = connection.createStatement();
                ResultSet rows =
                        sql.executeQuery(
                                "SELECT relname, n_tup_ins, n_tup_upd, seq_scan, seq_tup_read,"
                                        + " idx_scan, idx_tup_fetch FROM pg_stat_user_tables"
                                        + " WHERE relname LIKE 'queue%' AND seq_scan > 0"
                                        + " ORDER BY seq_tup_read DESC LIMIT 8")) {
            while (rows.next()) {
                // A month without events is not searched for those of another.
                boolean idle = rows.getLong(2) == 0 && rows.getString(1).startsWith("queue_event");
                assertThat(idle ? rows.getLong(6) : 0).as(rows.getString(1)).isZero();
                System.out.printf(
                        "  %-24s %8d inserted %8d updated; whole %6d times, %9d rows;"
                                + " by index %8d times, %8d rows%n",
                        rows.getString(1),
                        rows.getLong(2),
                        rows.getLong(3),
                        rows.getLong(4),
                        rows.getLong(5),
                        rows.getLong(6),
                        rows.getLong(7));
            }
        }
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private double load(TestService service, long nanos) throws Exception {
        List<String> senders =
                List.of("hospital-1", "hospital-2", "pharmacy-1", "pharmacy-2", "pharmacy-11");
        long start = System.nanoTime();
        long taken = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> all = new ArrayList<>();
            for (String sender : senders) {
                all.add(() -> send(new Client(service, sender), service, start + nanos));
            }
            for (var one : threads.invokeAll(all)) {
                taken += one.get();
            }
        }
        return taken / ((System.nanoTime() - start) / 1e9);
    }

    /// Sends until the time is over: tickets that join, and the service of those that joined
    /// before.
    private long send(Client client, TestService service, long end) {
        long taken = 0;
        List<Long> joined = new ArrayList<>();
        while (System.nanoTime() < end) {
            List<String> events = new ArrayList<>();
            Instant now = service.clock().instant();
            for (int i = 0; i < TICKETS_PER_CALL / 2; i++) {
                long ticket = tickets.incrementAndGet();
                joined.add(ticket);
                events.add(event(ticket, 1, "joined", now.minusSeconds(900)));
                events.add(event(ticket, 2, "called", now.minusSeconds(400)));
            }
            while (events.size() < EVENTS_PER_CALL && joined.size() > TICKETS_PER_CALL / 2) {
                long ticket = joined.removeFirst();
                events.add(event(ticket, 3, "service-start", now.minusSeconds(300)));
                events.add(event(ticket, 4, "service-end", now.minusSeconds(60)));
                events.add(event(ticket, 5, "recalled", now.minusSeconds(390)));
            }
            Reply reply = client.call("/fhir/$queue-events", events.toArray(String[]::new));
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            assertThat(reply.raw().body()).doesNotContain("refused");
            taken += events.size();
        }
        return taken;
    }

    private static String event(long ticket, int seq, String code, Instant at) {
        return "{\"name\":\"event\",\"part\":[{\"name\":\"ticket\",\"valueString\":\"T"
                + ticket
                + "\"},{\"name\":\"queue\",\"valueString\":\"window-"
                + ticket % 4
                + "\"},{\"name\":\"seq\",\"valueInteger\":"
                + seq
                + "},{\"name\":\"stage\",\"valueCode\":\"dispensing\"},"
                + "{\"name\":\"code\",\"valueCode\":\""
                + code
                + "\"},{\"name\":\"at\",\"valueInstant\":\""
                + Story.stamp(at)
                + "\"}]}";
    }
}
