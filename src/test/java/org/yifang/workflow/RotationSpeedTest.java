package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.identity.client.UnknownPatients;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.identity.seal.KeptSecretStore;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.registry.IdentityCard;
import org.yifang.registry.Patients;
import org.yifang.registry.Person;

import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// How long replacing the master key and the key of the blind indexes of 100,000 prescriptions
/// takes while the service serves, and what its callers notice of it. Each prescription is of a
/// person of its own, whom its hospital names: the most keys and indexes that there can be.
@Tag("bench")
final class RotationSpeedTest {
    private static final int PRESCRIPTIONS =
            Integer.getInteger("yifang.test.prescriptions", 100_000);
    private static final int AT_ONCE = 500;
    private static final int CALLERS = 4;
    private static final String FIRST = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String SECOND =
            "seal.2="
                    + Base64.getEncoder()
                            .encodeToString("2".repeat(32).getBytes(StandardCharsets.UTF_8))
                    + ",index.2="
                    + Base64.getEncoder()
                            .encodeToString("3".repeat(32).getBytes(StandardCharsets.UTF_8));

    @Test
    void every_key_of_100000_prescriptions() throws Exception {
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
            told("quiet", 0, quiet);
            for (String what : List.of("sealing", "index")) {
                long began = System.nanoTime();
                List<Double> meanwhile = read(next, path, threads, () -> rotate(next, what));
                told(what, (System.nanoTime() - began) / 1e9, meanwhile);
            }
            assertThat(old(at)).isZero();
        }
    }

    private static void told(String what, double seconds, List<Double> taken) {
        System.out.printf(
                "%s, %,d prescriptions: %.1f s; calls %,d, p50 %.1f ms, p99 %.1f ms, most %.1f ms;"
                        + " load average %.1f%n",
                what,
                PRESCRIPTIONS,
                seconds,
                taken.size(),
                at(taken, 0.5),
                at(taken, 0.99),
                taken.getLast(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static void copies(DatabaseAddress at) throws Exception {
        Vertx vertx = Vertx.vertx();
        Database rows = new Database(vertx, at, 4);
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(
                    "CREATE TEMP TABLE fresh (person uuid, rx uuid, document_key bytea,"
                            + " code bytea, token bytea, code_index bytea)");
            people(rows, connection, hospital(statement));
            Copies.make(
                    statement,
                    "prescription",
                    Map.of(
                            "id", "f.rx",
                            "rx_number", "f.rx::text",
                            "bundle_id", "gen_random_uuid()",
                            "original_id", "gen_random_uuid()",
                            "patient_id", "f.person",
                            "document_key", "f.document_key",
                            "pickup_code", "f.code",
                            "pickup_token", "f.token",
                            "pickup_code_index", "f.code_index"));
            for (String table : List.of("patient", "patient_named", "prescription")) {
                statement.execute("ANALYZE " + table);
            }
        } finally {
            rows.close().await();
            vertx.close().await();
        }
    }

    private static UUID hospital(Statement statement) throws Exception {
        try (var found = statement.executeQuery("SELECT hospital_id FROM prescription LIMIT 1")) {
            found.next();
            return found.getObject(1, UUID.class);
        }
    }

    /// Registers people as a submission does, and draws the keys of a document of each.
    private static void people(Database rows, Connection connection, UUID hospital)
            throws Exception {
        MasterKeys keys = MasterKeys.parse(FIRST);
        Seal seal = new Seal(keys, KeptSecretStore.open(rows, keys));
        BlindIndexes indexes = BlindIndexes.open(rows, keys, InstantSource.system());
        Patients patients =
                new Patients(
                        rows,
                        seal,
                        indexes,
                        new Uuid7(InstantSource.system()),
                        new UnknownPatients(indexes.writing().index()));
        try (PreparedStatement fresh =
                connection.prepareStatement("INSERT INTO fresh VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < PRESCRIPTIONS; i += AT_ONCE) {
                int from = i;
                List<Patients.RegisteredPatient> some =
                        rows.inTransaction(tx -> registered(tx, patients, from, hospital));
                for (Patients.RegisteredPatient one : some) {
                    UUID rx = UUID.randomUUID();
                    String code = rx.toString();
                    DocumentKey key = seal.newDocumentKey(one.patientKey());
                    byte[] text = code.getBytes(StandardCharsets.UTF_8);
                    fresh.setObject(1, one.id());
                    fresh.setObject(2, rx);
                    fresh.setBytes(3, key.wrapped());
                    fresh.setBytes(4, key.seal(text, "pickup-code/" + rx));
                    fresh.setBytes(5, key.seal(text, "pickup-token/" + rx));
                    fresh.setBytes(6, indexes.writing().index().of("pickup-code", rx.toString()));
                    fresh.addBatch();
                }
                fresh.executeBatch();
            }
        }
    }

    private static List<Patients.RegisteredPatient> registered(
            Tx tx, Patients patients, int from, UUID hospital) {
        List<Patients.RegisteredPatient> all = new ArrayList<>();
        for (int i = from; i < Math.min(PRESCRIPTIONS, from + AT_ONCE); i++) {
            Person person =
                    new Person(
                            IdentityCard.SYSTEM,
                            "421281%012d".formatted(i),
                            "某" + i,
                            "female",
                            LocalDate.of(1960, 1, 1).plusDays(i % 10_000),
                            "138%08d".formatted(i));
            Instant now = Instant.now();
            Patients.RegisteredPatient one = patients.findOrCreate(tx, person, "421281", now);
            patients.named(tx, one, hospital, person, now);
            all.add(one);
        }
        return all;
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
                            // Every fourth looks for the person by the blind index.
                            assertThat(
                                            taken.size() % 4 == 3
                                                    ? found(hospital)
                                                    : hospital.get(path).status())
                                    .isEqualTo(200);
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

    /// 200 when the person is found.
    private static int found(Client hospital) {
        Client.Reply reply =
                Client.send(
                        hospital.request("/fhir/Patient/_search")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "identifier=421281195809210020")));
        return reply.body().path("entry").size() == 1 ? reply.status() : -reply.status();
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) (sorted.size() * share));
    }

    private static void rotate(TestService service, String what) throws Exception {
        Client operator = new Client(service, "operator-1");
        Client.Reply job =
                Client.send(
                        operator.request("/admin/keys/" + what + "/rotate")
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

    /// How many values are under an older key, of whatever kind.
    private static long old(DatabaseAddress at) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT (SELECT count(*) FROM patient WHERE index_key = 1 OR"
                                        + " get_byte(patient_key, 1) = 1)"
                                        + " + (SELECT count(*) FROM patient_named"
                                        + " WHERE index_key = 1)"
                                        + " + (SELECT count(*) FROM prescription"
                                        + " WHERE pickup_index_key = 1)")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
