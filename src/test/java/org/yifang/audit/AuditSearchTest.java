package org.yifang.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.workflow.Client;
import org.yifang.workflow.Client.Reply;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Searches of an auditor over a year of events, asked for over HTTP as an auditor asks.
final class AuditSearchTest {
    private static final int EVENTS = Integer.getInteger("yifang.test.events", 10_000_000);

    /// Filled in steps of so many, that progress is seen.
    private static final int STEP = 500_000;

    private static final String OF_A_MONTH = " of a month";
    private static final Duration MOST = Duration.ofSeconds(2);

    /// A question counts a month, a twelfth of all.
    private static final Duration QUESTION_MOST = Duration.ofSeconds(10);

    @Test
    @Tag("bench")
    void ten_million_events_are_searched_in_two_seconds() throws Exception {
        Map<String, Duration> took = ask(EVENTS);
        took.forEach((query, time) -> System.out.printf("%6d ms  %s%n", time.toMillis(), query));
        assertThat(took)
                .allSatisfy((query, time) ->
                        assertThat(time)
                                .as(query)
                                .isLessThan(query.endsWith(OF_A_MONTH) ? QUESTION_MOST : MOST));
    }

    @Test
    void a_smaller_year_is_searched_for_everything() throws Exception {
        assertThat(ask(20_000)).hasSizeGreaterThan(15);
    }

    private static final String WHO_TOUCHED =
            """
            SELECT recorded, outcome, role, client, person_id, patient_id
            FROM audit_event
            WHERE person_id = 'YS421281000711'
              AND recorded >= '2025-03-01T00:00:00Z' AND recorded < '2025-04-01T00:00:00Z'
            """;

    private static void vacuum(DatabaseAddress address) throws SQLException {
        try (Connection connection = connect(address);
                Statement sql = connection.createStatement()) {
            sql.execute("VACUUM audit_event");
        }
    }

    /// A kilobyte and more of each event would be read to learn who touched whom: the index of
    /// persons knows all that the question of unusually many patients asks.
    @Test
    void who_touched_whom_is_known_without_reading_the_events() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        fill(address, 20_000);
        // While autovacuum looks at the table, too, not every page can be marked as seen by all.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    vacuum(address);
                    assertThat(plan(address, WHO_TOUCHED))
                            .contains(
                                    "Index Only Scan using audit_event_p202503_person",
                                    "Heap Fetches: 0");
                });
    }

    @Test
    void questions_of_one_operation_look_at_no_other() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        fill(address, 20_000);
        for (String question :
                List.of(
                        "audit_released_again('2025-03-01T00:00:00Z', '2025-04-01T00:00:00Z')",
                        "audit_question_odd_hours WHERE recorded >= '2025-03-01T00:00:00Z'",
                        "audit_question_unmasking WHERE recorded >= '2025-03-01T00:00:00Z'",
                        "audit_question_trace_code_twice WHERE recorded >= "
                                + "'2025-03-01T00:00:00Z'")) {
            assertThat(plan(address, "SELECT * FROM " + question))
                    .as(question)
                    .contains("audit_event_p202503")
                    .doesNotContain("Seq Scan on audit_event_p202503")
                    .containsPattern(
                            "Index Scan (using|on) audit_event_p202503_(operation|recorded)_");
        }
    }

    private static String plan(DatabaseAddress address, String query) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = connect(address);
                Statement sql = connection.createStatement()) {
            // Of so few rows they are as good; of millions they are not.
            sql.execute("SET enable_bitmapscan = off");
            try (ResultSet rows = sql.executeQuery("EXPLAIN (ANALYZE, COSTS OFF) " + query)) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }

    /// The better of two times of each search; what it finds is checked on the way.
    private static Map<String, Duration> ask(int events) throws Exception {
        try (TestService service = TestService.own(Map.of())) {
            fill(service.database(), events);
            Client auditor = new Client(service, "auditor-1");
            String event = one(service.database(), "id");
            String patient = one(service.database(), "patient_id");
            String task = one(service.database(), "task_id");
            Map<String, Duration> took = new LinkedHashMap<>();
            for (String query :
                    List.of(
                            "_id=" + event,
                            "patient=Patient/" + patient,
                            "entity=Task/" + task,
                            "agent=client-17",
                            "agent=YS421281000711",
                            "altid=client-17",
                            "organization=P42128000123",
                            "type=rest",
                            "subtype=read",
                            "action=R",
                            "outcome=4",
                            "outcome=0",
                            "purpose=HMARKT",
                            "address=10.0.7.",
                            "date=ge2025-03-03T10:00:00Z&date=lt2025-03-03T23:00:00Z",
                            "agent=client-17&date=ge2025-03-03&date=lt2025-03-10",
                            "patient=Patient/" + patient + "&outcome=0&type=rest")) {
                took.put(query, twice(auditor, "/fhir/AuditEvent?_count=50&" + query, true));
            }
            for (String nobody :
                    List.of(
                            "patient=Patient/01990000-0000-7000-8000-000000000001",
                            "agent=nobody",
                            "organization=P0",
                            "type=none",
                            "purpose=HLEGAL",
                            "address=192.0.2.")) {
                took.put(nobody, twice(auditor, "/fhir/AuditEvent?_count=50&" + nobody, false));
            }
            for (String question :
                    List.of(
                            "refusals",
                            "many-patients",
                            "released-again",
                            "odd-hours",
                            "trace-code-twice",
                            "unmasking",
                            "outside-treatment")) {
                String path =
                        "/fhir/AuditEvent/$question?question="
                                + question
                                + "&start=2025-03-01T00:00:00Z&end=2025-04-01T00:00:00Z";
                took.put(question + OF_A_MONTH, twice(auditor, path, false));
            }
            return took;
        }
    }

    private static Duration twice(Client auditor, String path, boolean finds) {
        List<Duration> times = new ArrayList<>();
        for (int again = 0; again < 2; again++) {
            long start = System.nanoTime();
            Reply reply = auditor.get(path);
            times.add(Duration.ofNanos(System.nanoTime() - start));
            assertThat(reply.status()).as(path + reply.raw().body()).isEqualTo(200);
            assertThat(reply.raw().body().contains("\"mode\":\"match\"")).as(path).isEqualTo(finds);
        }
        return times.stream().min(Duration::compareTo).orElseThrow();
    }

    private static String one(DatabaseAddress address, String column) throws SQLException {
        try (Connection connection = connect(address);
                Statement sql = connection.createStatement();
                ResultSet rows =
                        sql.executeQuery(
                                "SELECT "
                                        + column
                                        + " FROM audit_event WHERE outcome = 0 AND recorded >"
                                        + " '2025-03-03' AND recorded < '2025-03-10' LIMIT 1")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    /// A year of events, a thousand persons of 200 clients that look at some thirty patients a day
    /// each, at several of them in one list now and then. Their transaction lies before the log's,
    /// so that nobody sequences them; salts and commitments are shorter than real ones.
    private static void fill(DatabaseAddress address, int events) throws SQLException {
        try (Connection connection = connect(address);
                Statement sql = connection.createStatement()) {
            sql.execute("SET synchronous_commit = off");
            for (int month = 1; month <= 12; month++) {
                for (String table : List.of("audit_event", "audit_further_entity")) {
                    sql.execute(
                            """
                            CREATE TABLE IF NOT EXISTS %1$s_p2025%2$02d PARTITION OF %1$s
                            FOR VALUES FROM ('2025-%2$02d-01T00:00:00Z') TO ('%3$s-01T00:00:00Z')
                            """
                                    .formatted(
                                            table,
                                            month,
                                            month == 12
                                                    ? "2026-01"
                                                    : "2025-%02d".formatted(month + 1)));
                }
            }
            List<String> indexes = dropIndexes(sql);
            for (int from = 1; from <= events; from += STEP) {
                int to = Math.min(events, from + STEP - 1);
                sql.execute(eventsSql(events, from, to));
                if (events > STEP) {
                    System.out.printf("%,d of %,d events%n", to, events);
                }
            }
            for (String index : indexes) {
                sql.execute(index);
            }
            sql.execute(
                    """
                    INSERT INTO audit_further_entity
                    SELECT 'Patient/' || md5('p' || (get_byte(uuid_send(id), 15) + i) % \
                    500000)::uuid,
                        recorded, id, region
                    FROM audit_event, generate_series(1, 5) i
                    WHERE recorded < '2026-01-01' AND get_byte(uuid_send(id), 15) % 50 = 0
                    ON CONFLICT DO NOTHING
                    """);
            sql.execute("VACUUM (ANALYZE) audit_event");
            sql.execute("VACUUM (ANALYZE) audit_further_entity");
        }
    }

    /// Indexes made afterwards take a fraction of the time.
    private static List<String> dropIndexes(Statement sql) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> definitions = new ArrayList<>();
        try (ResultSet rows =
                sql.executeQuery(
                        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'audit_event'"
                                + " AND indexname NOT LIKE '%pkey'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
                definitions.add(rows.getString(2).replace(" ON ONLY ", " ON "));
            }
        }
        for (String name : names) {
            sql.execute("DROP INDEX " + name);
        }
        return definitions;
    }

    private static String eventsSql(int events, int from, int to) {
        return """
        INSERT INTO audit_event (id, region, recorded, txid, type, interaction, operation, \
        action, outcome,
            problem, client, role, organization_id, organization, person_id, person_role,
            person_organization, purpose, address, request, times, patient_id, task_id, entities, \
            salts,
            commitments)
        SELECT id, '421281', t, '1'::xid8, 'rest', 'read', 'Task', 'R',
            CASE WHEN n %% 50 = 0 THEN 4 ELSE 0 END, CASE WHEN n %% 50 = 0 THEN 'RX-2013' END,
            'client-' || n %% 200,
            (ARRAY['hospital', 'pharmacy', 'reviewer', 'patient', 'auditor'])[1 + n %% 5],
            md5('o' || n %% 300)::uuid, 'P42128' || lpad((n %% 300)::text, 6, '0'),
            'YS421281' || lpad((n %% 1000)::text, 6, '0'), 'pharmacist', 'P42128100001',
            CASE WHEN n %% 100 = 0 THEN 'HMARKT' ELSE 'TREAT' END, '10.0.' || n %% 40 || '.' || n \
            %% 250,
            md5(n::text), 1, p, k, 'Patient/' || p || ' Task/' || k, s, s || s
        FROM (SELECT n, t, encode(substring(int8send((extract(epoch FROM t) * 1000)::bigint) FROM 3)
                    || '\\x7000'::bytea || '\\x8000'::bytea || substring(int8send(n) FROM 3), \
                    'hex')::uuid AS id,
                md5('p' || (n * 7919) %% 500000)::uuid AS p, md5('t' || (n * 104729) %% \
                3000000)::uuid AS k,
                decode(repeat(md5(n::text), 4), 'hex') AS s
              FROM (SELECT n, timestamptz '2025-01-01T00:00:00Z' + n * (interval '365 days' / \
              %1$d) AS t
                    FROM generate_series(%2$d::bigint, %3$d::bigint) n) x) y
        WHERE t < timestamptz '2026-01-01T00:00:00Z'
        """
                .formatted(events, from, to);
    }
}
