package org.yifang.queue.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.platform.data.Database;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.workflow.Client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/// What the live questions read of a year of tickets: by which index and how many rows, as the
/// server itself counts them, of the statements as the service sends them.
class QueueIndexesTest {
    private static final int TICKETS = Integer.getInteger("yifang.test.tickets", 1_000_000);

    /// An idle connection hands in what it counted after ten seconds.
    private static final long COUNTED_MILLIS = 11_500;

    /// What the server counted of the tickets so far.
    ///
    /// @param whole times that the table was read from end to end
    /// @param rows read from the table
    /// @param indexes entries read of each index
    private record Counted(long whole, long rows, TreeMap<String, Long> indexes) {}

    private interface Question {
        void ask() throws Exception;
    }

    @Test
    @Tag("bench")
    void live_questions_never_read_a_year() throws Exception {
        try (TestService service = TestService.own(java.util.Map.of());
                Connection connection =
                        DriverManager.getConnection(
                                service.database().jdbcUrl(),
                                service.database().user(),
                                service.database().password());
                Statement sql = connection.createStatement()) {
            Instant now = service.clock().instant();
            LocalDate today = LocalDate.ofInstant(now, QueueLimits.ZONE);
            fill(sql, today);
            UUID queue = uuid(sql, "SELECT id FROM queue WHERE code = 'window-2'");
            UUID waiting =
                    uuid(
                            sql,
                            "SELECT id FROM queue_ticket WHERE state = 'waiting' AND queue_id = '"
                                    + queue
                                    + "' ORDER BY joined DESC LIMIT 1");
            Vertx vertx = Vertx.vertx();
            Database database = new Database(vertx, service.database(), 2);
            LiveStore live = new LiveStore(database);
            Client hospital = new Client(service, "hospital-1");
            // Warms up what is learnt once.
            hospital.get("/fhir/Task?queue=window-1&_count=1");
            List<String> told = new ArrayList<>();
            told.add(asked(sql, "line", 200, () -> live.inLine(queue, today)));
            told.add(asked(sql, "ahead of a ticket", 200, () -> live.ahead(waiting)));
            told.add(asked(sql, "served today", 1000, () -> live.served(queue, today, now)));
            told.add(
                    asked(
                            sql,
                            "learnt of 28 days",
                            6000,
                            () -> live.served(queue, today.minusDays(28), now)));
            searches(sql, hospital, today, told);
            database.close().await();
            vertx.close().await();
            told.forEach(System.out::println);
            assertThat(told).noneMatch(line -> line.contains("TOO MUCH"));
        }
    }

    private static void searches(Statement sql, Client hospital, LocalDate today, List<String> told)
            throws Exception {
        String day = today + "T00:00:00%2B08:00";
        told.add(
                asked(
                        sql,
                        "Task?queue&business-status=waiting",
                        2000,
                        () ->
                                found(
                                        hospital,
                                        "queue=window-2&business-status=waiting"
                                                + "&_sort=authored-on")));
        told.add(
                asked(
                        sql,
                        "Task?queue&authored-on=ge today",
                        5000,
                        () -> found(hospital, "queue=window-2&authored-on=ge" + day)));
        told.add(
                asked(
                        sql,
                        "Task?code=queue-ticket&authored-on=ge today",
                        20_000,
                        () -> found(hospital, "code=queue-ticket&authored-on=ge" + day)));
        told.add(
                asked(
                        sql,
                        "Task?identifier",
                        5000,
                        () -> found(hospital, "identifier=" + (TICKETS - 26))));
        told.add(
                asked(
                        sql,
                        "Task?group-identifier",
                        100,
                        () -> found(hospital, "group-identifier=V" + (TICKETS - 26))));
    }

    private static void found(Client client, String query) {
        Client.Reply reply = client.get("/fhir/Task?" + query);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.body().path("entry").size()).isPositive();
    }

    private static String asked(Statement sql, String name, long most, Question question)
            throws Exception {
        Counted before = counted(sql);
        question.ask();
        Thread.sleep(COUNTED_MILLIS);
        Counted after = counted(sql);
        long rows = after.rows() - before.rows();
        List<String> indexes = new ArrayList<>();
        after.indexes()
                .forEach((index, read) -> {
                    long more = read - before.indexes().getOrDefault(index, 0L);
                    if (more > 0) {
                        indexes.add(index + " " + more);
                    }
                });
        boolean tooMuch = after.whole() > before.whole() || rows > most;
        return "%-45s %8d rows by %s%s%s"
                .formatted(
                        name,
                        rows,
                        indexes,
                        after.whole() > before.whole() ? " whole table" : "",
                        tooMuch ? " TOO MUCH" : "");
    }

    private static Counted counted(Statement sql) throws SQLException {
        TreeMap<String, Long> indexes = new TreeMap<>();
        try (ResultSet rows =
                sql.executeQuery(
                        "SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes"
                                + " WHERE relname = 'queue_ticket'")) {
            while (rows.next()) {
                indexes.put(rows.getString(1), rows.getLong(2));
            }
        }
        try (ResultSet row =
                sql.executeQuery(
                        "SELECT seq_scan, idx_tup_fetch FROM pg_stat_user_tables"
                                + " WHERE relname = 'queue_ticket'")) {
            row.next();
            return new Counted(row.getLong(1), row.getLong(2), indexes);
        }
    }

    private static UUID uuid(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }

    /// A year of tickets of a hospital up to today, at 24 windows; of today's a fifth still wait.
    private static void fill(Statement sql, LocalDate today) throws SQLException {
        sql.execute("SET synchronous_commit = off");
        sql.execute(
                """
                INSERT INTO queue SELECT gen_random_uuid(), '421281', o.id, o.number,
                    'window-' || w, 'dispensing', NULL, 1, '2025-01-01', '2025-01-01'
                FROM organization o, generate_series(0, 23) w WHERE o.number = 'H42128100001'
                """);
        sql.execute(
                """
                INSERT INTO queue_ticket
                SELECT gen_random_uuid(), '421281', q.organization_id, q.organization, q.id,
                    p.day, n::text, q.stage, 'D' || n %% 12,
                    CASE WHEN s.waits THEN 'waiting' ELSE 'served' END,
                    CASE WHEN s.waits THEN 'requested' ELSE 'completed' END,
                    j.joined, NULL,
                    CASE WHEN s.waits THEN NULL ELSE j.joined + interval '15 minutes' END,
                    NULL, NULL, j.joined, CASE WHEN s.waits THEN 0 ELSE 900 END,
                    CASE WHEN s.waits THEN 'unknown' ELSE 'served' END, NULL, 'V' || n, NULL, NULL,
                    NULL, NULL, NULL, NULL, convert_to('{"resourceType":"Task","id":"'
                        || gen_random_uuid() || '","note":[{"text":"' || repeat(md5(n::text), 24)
                        || '"}]}', 'UTF8'), 1, j.joined, j.joined, 'hospital-1'
                FROM generate_series(0, %1$d - 1) n
                JOIN queue q ON q.code = 'window-' || n %% 24
                    AND q.organization = 'H42128100001',
                LATERAL (SELECT date '%2$s' - 363 + (n::bigint * 364 / %1$d)::int AS day) p,
                LATERAL (SELECT (p.day + make_interval(secs => n %% 3600))
                    AT TIME ZONE 'Asia/Shanghai' AS joined) j,
                LATERAL (SELECT p.day = date '%2$s' AND n / 24 %% 5 = 0 AS waits) s
                """
                        .formatted(TICKETS, today));
        sql.execute("VACUUM (ANALYZE) queue_ticket");
    }
}
