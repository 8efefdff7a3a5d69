package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.hl7.fhir.r4.model.MeasureReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.fhir.Fhir;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.queue.ticket.AtTheCounter;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// A year of a county, five million tickets, evaluated as the bureau would ask for it: half of it
/// before the reform, half after.
class CountyYearTest {
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);
    private static final int DAYS = 364;
    private static final int TICKETS = Integer.getInteger("yifang.test.tickets", 5_000_000);

    @Test
    @Tag("bench")
    void is_evaluated_in_half_a_minute() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        fill(address, TICKETS);
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, address, 4);
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        EvaluationDesk desk =
                new EvaluationDesk(
                        vertx,
                        database,
                        () -> now,
                        new Uuid7(() -> now),
                        "421281",
                        AtTheCounter.plans(database, () -> now));
        LocalDate reform = FIRST.plusDays(DAYS / 2);
        EvaluationQuestion question =
                new EvaluationQuestion(
                        FIRST,
                        reform.minusDays(1),
                        reform,
                        FIRST.plusDays(DAYS - 1),
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        now);
        Duration used = processorTime();
        long start = System.nanoTime();
        byte[] json = desk.evaluate(question);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        MeasureReport report =
                Fhir.CONTEXT
                        .newJsonParser()
                        .parseResource(
                                MeasureReport.class, new String(json, StandardCharsets.UTF_8));
        int counted =
                report.getGroup().stream()
                        .mapToInt(group ->
                                group.getStratifier().get(1).getStratum().stream()
                                        .mapToInt(one -> one.getPopulationFirstRep().getCount())
                                        .sum())
                        .sum();
        System.out.printf(
                "%d tickets evaluated in %.1f s, %.1f s of processor without the database,"
                        + " %d MiB of heap at most%n",
                TICKETS,
                took.toMillis() / 1000.0,
                processorTime().minus(used).toMillis() / 1000.0,
                heapPeakMebibytes());
        assertThat(counted).isEqualTo(TICKETS / 2);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
        assertThat(heapPeakMebibytes()).isLessThan(1024);
        database.close().await();
        vertx.close().await();
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static long heapPeakMebibytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(java.lang.management.MemoryUsage::getUsed)
                        .sum()
                >> 20;
    }

    /// Tickets as events would have made them, with Tasks of the usual length: two hospitals, three
    /// stages, twelve departments, every hour of every day, half as long after the reform.
    static void fill(DatabaseAddress address, int tickets) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(), address.user(), address.password());
                Statement sql = connection.createStatement()) {
            sql.execute("SET synchronous_commit = off");
            // No trigger follows rows that nothing will be asked of.
            sql.execute("SET session_replication_role = replica");
            sql.execute(
                    """
                    INSERT INTO queue SELECT gen_random_uuid(), '421281', o.id, o.number,
                        s || '-' || w, s, NULL, 1, '2025-01-01', '2025-01-01'
                    FROM (VALUES (gen_random_uuid(), 'H1'), (gen_random_uuid(), 'H2')) o(id, \
                    number),
                         unnest(ARRAY['registration', 'consultation', 'dispensing']) s,
                         generate_series(1, 4) w
                    """);
            sql.execute(
                    """
                    INSERT INTO queue_ticket
                    SELECT gen_random_uuid(), '421281', q.organization_id, q.organization, q.id,
                        d.day, n::text, q.stage, 'D' || n %% 12, 'served', 'completed',
                        d.joined, NULL, d.joined + make_interval(secs => d.wait), NULL, NULL,
                        d.joined, d.wait, 'served', NULL, NULL, NULL, NULL, NULL,
                        NULL, NULL, NULL, convert_to(repeat(md5(n::text), 32), 'UTF8'), 1,
                        d.joined, d.joined, 'hospital-1'
                    FROM generate_series(0, %1$d - 1) n
                    JOIN (SELECT *, row_number() OVER (ORDER BY code, organization) - 1 AS place
                            FROM queue) q ON q.place = n %% 24,
                    LATERAL (SELECT date '%2$s' + (n::bigint * %3$d / %1$d)::int AS day) p,
                    LATERAL (SELECT p.day,
                        (p.day + make_interval(hours => 8 + n / 24 %% 10, secs => n %% 3600))
                            AT TIME ZONE 'Asia/Shanghai' AS joined,
                        (exp(6.5 + 0.6 * sqrt(-2 * ln(1 - random())) * cos(6.28318 * random()))
                            * CASE WHEN p.day < date '%4$s' THEN 1 ELSE 0.45 END)::int AS wait) d
                    """
                            .formatted(tickets, FIRST, DAYS, FIRST.plusDays(DAYS / 2)));
            sql.execute("VACUUM (ANALYZE) queue_ticket");
        }
    }

    @Test
    void a_smaller_year_is_told_whole() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        fill(address, 20_000);
        try (Connection connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(), address.user(), address.password());
                Statement sql = connection.createStatement();
                var rows =
                        sql.executeQuery(
                                "SELECT count(*), count(DISTINCT day), count(DISTINCT queue_id)"
                                        + " FROM queue_ticket")) {
            rows.next();
            assertThat(List.of(rows.getInt(1), rows.getInt(2), rows.getInt(3)))
                    .containsExactly(20_000, DAYS, 24);
        }
    }
}
