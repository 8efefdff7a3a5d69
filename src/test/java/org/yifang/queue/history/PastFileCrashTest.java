package org.yifang.queue.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.yifang.generated.Tables.QUEUE_HISTORY;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.AtTheCounter;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.registry.Organizations;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A file of the past that is interrupted between what it brings and what is counted of it.
class PastFileCrashTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-07-01T04:00:00Z"));
    private static final DatabaseAddress ADDRESS = TestDatabase.migrated();
    private static final Vertx VERTX = Vertx.vertx();
    private static final Database DATABASE = new Database(VERTX, ADDRESS, 4);
    private static final Organizations ORGANIZATIONS = Organizations.open(DATABASE);

    /// What is counted of a file beyond its first batch fails, as by a crash.
    private static final String COUNTING_FAILS =
            """
            CREATE FUNCTION crash() RETURNS trigger AS 'BEGIN
                IF NEW.accepted > %d THEN RAISE EXCEPTION ''crash''; END IF;
                RETURN NEW;
            END' LANGUAGE plpgsql;
            CREATE TRIGGER crash BEFORE INSERT OR UPDATE ON queue_history
                FOR EACH ROW EXECUTE FUNCTION crash()
            """
                    .formatted(QueueLimits.HISTORY_BATCH);

    /// Every statement that writes months is counted, once each however many rows it brings.
    private static final String COUNTED =
            """
            CREATE TABLE statements (at timestamptz DEFAULT clock_timestamp());
            CREATE FUNCTION counted() RETURNS trigger AS 'BEGIN
                INSERT INTO statements DEFAULT VALUES; RETURN NULL;
            END' LANGUAGE plpgsql;
            CREATE TRIGGER counted AFTER INSERT ON queue_aggregate
                FOR EACH STATEMENT EXECUTE FUNCTION counted()
            """;

    private final UUID organization = UUID.randomUUID();
    private final String number = "H" + organization.toString().substring(0, 11);
    private final Caller caller = AtTheCounter.caller(organization, number);
    private final Uuid7 ids = new Uuid7(CLOCK);

    @BeforeAll
    static void count() throws SQLException {
        execute(COUNTED);
    }

    @AfterAll
    static void close() {
        ORGANIZATIONS.close();
        DATABASE.close().await();
        VERTX.close().await();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                ADDRESS.jdbcUrl(), ADDRESS.user(), ADDRESS.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static ImportHistory.File file(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Csv.Row> all = Csv.read(bytes, StandardCharsets.UTF_8);
        return new ImportHistory.File(
                all.getFirst().fields(), all.subList(1, all.size()), Arriving.sha256(bytes));
    }

    private ImportHistory.File tickets(int rows) {
        return file(
                "organization,queue,department,day,ticket,joined,called,served,left\n"
                        + IntStream.range(0, rows)
                                .mapToObj(i ->
                                        "%s,window-1,D1,2026-03-02,%d,08:%02d:%02d,,09:%02d:%02d,%n"
                                                .formatted(
                                                        number, i, i / 60, i % 60, i / 60, i % 60))
                                .collect(Collectors.joining()));
    }

    private ImportHistory.File months(int rows) {
        LocalDate first = LocalDate.of(1950, 1, 1);
        return file(
                "organization,month,tickets\n"
                        + IntStream.range(0, rows)
                                .mapToObj(i -> "%s,%.7s,7%n".formatted(number, first.plusMonths(i)))
                                .collect(Collectors.joining()));
    }

    /// The tickets stored of each file of this hospital.
    private Map<UUID, Integer> stored() {
        Map<UUID, Integer> all = new HashMap<>();
        for (Row row :
                DATABASE.run(
                        SQL.select(QUEUE_TICKET.HISTORY_ID, DSL.count())
                                .from(QUEUE_TICKET)
                                .where(QUEUE_TICKET.ORGANIZATION.eq(number))
                                .groupBy(QUEUE_TICKET.HISTORY_ID))) {
            all.put(row.getUUID(0), row.getInteger(1));
        }
        return all;
    }

    /// What is counted of each file of this hospital, of those of which anything is.
    private Map<UUID, Integer> counted() {
        Map<UUID, Integer> all = new HashMap<>();
        for (Row row :
                DATABASE.run(
                        SQL.select(QUEUE_HISTORY.ID, QUEUE_HISTORY.ACCEPTED)
                                .from(QUEUE_HISTORY)
                                .where(QUEUE_HISTORY.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_HISTORY.ACCEPTED.gt(0)))) {
            all.put(row.getUUID(0), row.getInteger(1));
        }
        return all;
    }

    private static int monthStatements() {
        return DATABASE.run(SQL.select(DSL.count()).from("statements"))
                .iterator()
                .next()
                .getInteger(0);
    }

    @Test
    void tickets_stand_with_their_count_or_not_at_all() throws SQLException {
        HistoryDesk desk = new HistoryDesk(DATABASE, CLOCK, ids, "421281", ORGANIZATIONS);
        ImportHistory.File file = tickets(2 * QueueLimits.HISTORY_BATCH + 10);
        execute(COUNTING_FAILS);
        try {
            assertThatThrownBy(() -> desk.take(caller, file)).hasMessageContaining("crash");
        } finally {
            execute("DROP TRIGGER crash ON queue_history");
        }
        assertThat(stored()).isEqualTo(counted());
        assertThat(stored().values()).containsExactly(QueueLimits.HISTORY_BATCH);
        // Sent again it is taken in whole.
        ImportHistory.Counts again = desk.take(caller, file);
        assertThat(again.repeated()).isEqualTo(QueueLimits.HISTORY_BATCH);
        assertThat(again.accepted()).isEqualTo(QueueLimits.HISTORY_BATCH + 10);
        assertThat(stored()).isEqualTo(counted()).hasSize(2);
    }

    @Test
    void months_are_written_by_one_statement_for_all_and_counted_as_they_were_new() {
        AggregateDesk desk = new AggregateDesk(DATABASE, CLOCK, ids, "421281");
        int before = monthStatements();
        assertThat(desk.take(caller, months(1)).accepted()).isEqualTo(1);
        assertThat(monthStatements() - before).isEqualTo(1);
        assertThat(desk.take(caller, months(240)).accepted()).isEqualTo(239);
        assertThat(monthStatements() - before).isEqualTo(2);
        assertThat(counted().values()).containsExactlyInAnyOrder(1, 239);
    }
}
