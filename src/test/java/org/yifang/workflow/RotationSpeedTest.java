package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// How long replacing the master key of 100,000 prescriptions takes while the service serves, and
/// what its callers notice of it.
@Tag("bench")
final class RotationSpeedTest {
    private static final int PRESCRIPTIONS = 100_000;
    private static final int CALLERS = 4;
    private static final String FIRST = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String SECOND =
            "seal.2="
                    + Base64.getEncoder()
                            .encodeToString("2".repeat(32).getBytes(StandardCharsets.UTF_8));

    @Test
    void the_master_key_of_100000_prescriptions() throws Exception {
        DatabaseAddress at;
        String path;
        try (TestService before = TestService.own(Map.of("YIFANG_MASTER_KEY", FIRST))) {
            path = new Story(before).prescribed().path();
            at = before.database();
        }
        copies(at);
        try (TestService next =
                        TestService.on(at, Map.of("YIFANG_MASTER_KEY", FIRST + "," + SECOND));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Double> quiet = read(next, path, threads, () -> Thread.sleep(10_000));
            long began = System.nanoTime();
            List<Double> meanwhile = read(next, path, threads, () -> rotate(next));
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "rotation of %,d patients' keys: %.1f s; reads before %,d, p50 %.1f ms,"
                            + " p99 %.1f ms; meanwhile %,d, p50 %.1f ms, p99 %.1f ms%n",
                    PRESCRIPTIONS,
                    seconds,
                    quiet.size(),
                    at(quiet, 0.5),
                    at(quiet, 0.99),
                    meanwhile.size(),
                    at(meanwhile, 0.5),
                    at(meanwhile, 0.99));
            assertThat(old(at)).isZero();
        }
    }

    /// Each of a person of its own: the most keys that so many prescriptions can have.
    private static void copies(DatabaseAddress at) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(
                    "CREATE TEMP TABLE fresh AS SELECT gen_random_uuid() AS person,"
                            + " gen_random_uuid() AS rx FROM generate_series(1, "
                            + PRESCRIPTIONS
                            + ")");
            copy(
                    statement,
                    "patient",
                    Map.of("id", "f.person", "identifier_index", "uuid_send(f.person)"));
            copy(
                    statement,
                    "prescription",
                    Map.of(
                            "id", "f.rx",
                            "rx_number", "f.rx::text",
                            "bundle_id", "gen_random_uuid()",
                            "original_id", "gen_random_uuid()",
                            "patient_id", "f.person",
                            "pickup_code_index", "uuid_send(f.rx)"));
            statement.execute("ANALYZE patient");
            statement.execute("ANALYZE prescription");
        }
    }

    private static void copy(Statement statement, String table, Map<String, String> different)
            throws Exception {
        List<String> columns = new ArrayList<>();
        try (var rows =
                statement.executeQuery(
                        "SELECT column_name FROM information_schema.columns WHERE table_name = '"
                                + table
                                + "' AND is_generated = 'NEVER'")) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        List<String> values =
                columns.stream().map(one -> different.getOrDefault(one, "o." + one)).toList();
        statement.execute(
                "INSERT INTO %1$s (%2$s) SELECT %3$s FROM (SELECT * FROM %1$s LIMIT 1) o, fresh f"
                        .formatted(table, String.join(", ", columns), String.join(", ", values)));
    }

    private interface Work {
        void run() throws Exception;
    }

    /// Latencies of reads, in milliseconds and in order, while `work` runs.
    private static List<Double> read(
            TestService service, String path, ExecutorService threads, Work work) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<List<Double>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(
                    threads.submit(() -> {
                        Client hospital = new Client(service, "hospital-1");
                        List<Double> taken = new ArrayList<>();
                        while (!over.get()) {
                            long began = System.nanoTime();
                            assertThat(hospital.get(path).status()).isEqualTo(200);
                            taken.add((System.nanoTime() - began) / 1e6);
                        }
                        return taken;
                    }));
        }
        work.run();
        over.set(true);
        List<Double> all = new ArrayList<>();
        for (Future<List<Double>> one : callers) {
            all.addAll(one.get());
        }
        Collections.sort(all);
        return all;
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) (sorted.size() * share));
    }

    private static void rotate(TestService service) throws Exception {
        Client operator = new Client(service, "operator-1");
        Client.Reply job =
                Client.send(
                        operator.request("/admin/keys/sealing/rotate")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("")));
        assertThat(job.status()).as(job.raw().body()).isEqualTo(202);
        String location = job.raw().headers().firstValue("Location").orElseThrow();
        String state = "";
        while (!Set.of("done", "failed").contains(state)) {
            Thread.sleep(200);
            state = operator.get(location).body().path("state").asText();
        }
        assertThat(state).isEqualTo("done");
    }

    private static long old(DatabaseAddress at) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM patient"
                                        + " WHERE get_byte(patient_key, 1) = 1")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
