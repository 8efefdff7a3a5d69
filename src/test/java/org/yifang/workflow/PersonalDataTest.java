package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.PATIENT;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealingRotation;
import org.yifang.platform.Job;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;
import org.yifang.prescription.read.ErasureViews;
import org.yifang.registry.ErasePatient;
import org.yifang.registry.Retention;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// Personal data at rest: nothing of it in clear, a person erased without breaking the log.
final class PersonalDataTest {
    private static final String CARD = "421281195809210020";
    private static final String FIRST = Base64.getEncoder().encodeToString(new byte[32]);
    private static final Job.Step START = new Job.Step("", 0, 0, false, "");

    @TempDir static Path folder;
    private static Vertx vertx;
    private static TestService service;
    private static Story story;
    private static Database database;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        service = TestService.own(Map.of("YIFANG_MASTER_KEY", FIRST));
        story = new Story(service);
        database = new Database(vertx, service.database(), 2);
    }

    @AfterAll
    static void close() {
        database.close().await();
        service.close();
        vertx.close().await();
    }

    private static Seal seal(String keys) throws Exception {
        return new Seal(MasterKeys.of(keys, folder));
    }

    private static NameSeal names(Seal seal) {
        return new NameSeal(
                plain -> seal.seal(plain, "audit"),
                sealed -> seal.open(sealed, "audit"),
                event -> seal.vouch("AuditEvent", event));
    }

    private static ErasePatient erasing(Seal seal) {
        Audit audit = new Audit(database, names(seal), new Uuid7(InstantSource.system()), "421281");
        return new ErasePatient(
                database, seal, audit, InstantSource.system(), ErasureViews::against);
    }

    private static void dispensed(Story.Rx rx) {
        story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
    }

    @Test
    void no_table_holds_a_name_or_a_number_in_clear() throws Exception {
        dispensed(story.prescribed());
        story.patient().get("/fhir/Task");
        new Client(service, "auditor-1", Map.of("subject_id", "A1", "subject_name", "赵审计"))
                .get("/fhir/AuditEvent?_count=2");
        List<String> clear = new ArrayList<>();
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                                    + " AND tablename NOT LIKE 'flyway%'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            assertThat(tables).contains("prescription", "audit_event_default");
            for (String table : tables) {
                // As `pg_dump` would show it, and what bytes say when they are text.
                for (String wanted : List.of(CARD, "陈秀英", "13871234567", "赵审计")) {
                    String hex =
                            java.util.HexFormat.of()
                                    .formatHex(wanted.getBytes(StandardCharsets.UTF_8));
                    try (ResultSet rows =
                            statement.executeQuery(
                                    "SELECT count(*) FROM \""
                                            + table
                                            + "\" t WHERE t::text LIKE '%"
                                            + wanted
                                            + "%' OR t::text LIKE '%"
                                            + hex
                                            + "%'")) {
                        rows.next();
                        if (rows.getLong(1) > 0) {
                            clear.add(table + " holds " + wanted);
                        }
                    }
                }
            }
        }
        assertThat(clear).isEmpty();
    }

    @Test
    void an_erased_person_is_gone_and_the_log_stays_whole() throws Exception {
        Seal seal = seal(FIRST);
        Story.Rx rx = story.prescribed();
        String patient = rx.task().at("/for/reference").asText();
        UUID id = UUID.fromString(patient.substring("Patient/".length()));
        ErasePatient erasing = erasing(seal);
        JsonObject input = new JsonObject().put("patient", id.toString());
        assertThat(erasing.step(input, START).note()).contains("open");
        assertThat(story.hospital.get("/fhir/" + patient).status()).isEqualTo(200);
        assertThat(story.cancel(rx).status()).isEqualTo(200);
        Map<String, String> herself =
                Map.of("patient", CARD, "subject_id", "C1", "subject_name", "陈秀英");
        assertThat(new Client(service, "patient-app", herself).get("/fhir/" + patient).status())
                .isEqualTo(200);
        assertThat(namesOfPatients()).isPositive();
        assertThat(erasing.step(input, START).note()).isEqualTo("Erased.");
        assertThat(namesOfPatients()).isZero();
        assertThat(erasing.step(input, START).note()).contains("before");
        assertThat(story.hospital.get("/fhir/" + patient).status()).isEqualTo(410);
        assertThat(story.hospital.get("/fhir/Patient?_count=50").status()).isEqualTo(200);
        assertThat(story.hospital.get("/fhir/MedicationRequest?_count=50").status()).isEqualTo(200);
        assertThat(new Reconciliation(database, names(seal), "421281").run()).isEmpty();
        Job.Step kept =
                new Retention(database, erasing, InstantSource.system(), ErasureViews::quietSince)
                        .step(new JsonObject(), START);
        assertThat(kept.finished()).isTrue();
        assertThat(kept.done()).isZero();
    }

    @Test
    void who_was_kept_long_enough_is_erased_unless_something_is_open_or_held() throws Exception {
        Story.Rx rx = story.prescribed();
        String patient = rx.task().at("/for/reference").asText();
        Retention early =
                new Retention(
                        database,
                        erasing(seal(FIRST)),
                        InstantSource.system(),
                        ErasureViews::quietSince);
        Retention late =
                new Retention(
                        database,
                        erasing(seal(FIRST)),
                        () -> Instant.now().plus(Duration.ofDays(5 * 366)),
                        ErasureViews::quietSince);
        late.step(new JsonObject(), START);
        assertThat(story.hospital.get("/fhir/" + patient).status()).as("open").isEqualTo(200);
        assertThat(story.cancel(rx).status()).isEqualTo(200);
        early.step(new JsonObject(), START);
        assertThat(story.hospital.get("/fhir/" + patient).status()).as("early").isEqualTo(200);
        hold(rx, true);
        String erase =
                "{\"patient\":\"%s\",\"reason\":\"asked for\"}".formatted(patient.substring(8));
        assertThat(operated(service, "/admin/patients/erase", erase)).contains("held as evidence");
        late.step(new JsonObject(), START);
        assertThat(story.hospital.get("/fhir/" + patient).status()).as("held").isEqualTo(200);
        hold(rx, false);
        Job.Step done = late.step(new JsonObject(), START);
        assertThat(done.done()).isEqualTo(1);
        assertThat(done.finished()).isTrue();
        assertThat(story.hospital.get("/fhir/" + patient).status()).isEqualTo(410);
    }

    @Test
    void the_master_key_is_replaced_while_prescriptions_are_read() throws Exception {
        String second =
                Base64.getEncoder()
                        .encodeToString(
                                "0123456789"
                                        .repeat(4)
                                        .substring(0, 32)
                                        .getBytes(StandardCharsets.UTF_8));
        String both = FIRST + ",seal.2=" + second;
        var at = oneOf(FIRST);
        try (TestService next = TestService.on(at, Map.of("YIFANG_MASTER_KEY", both));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Database rows = new Database(vertx, at, 2);
            Client hospital = new Client(next, "hospital-1");
            AtomicBoolean isOver = new AtomicBoolean();
            Future<Set<Integer>> reading =
                    threads.submit(() -> {
                        Set<Integer> answers = new TreeSet<>();
                        while (!isOver.get()) {
                            answers.add(hospital.get("/fhir/MedicationRequest?_count=5").status());
                            answers.add(hospital.get("/fhir/Patient?_count=5").status());
                        }
                        return answers;
                    });
            try {
                assertThat(old(rows)).isPositive();
                Seal seal = seal(both);
                // Each step is done twice, as after a crash between it and the note of it.
                Job.Step reached = START;
                for (int i = 0; i < 3; i++) {
                    rotation(rows, seal).step(new JsonObject(), reached);
                    reached = rotation(rows, seal).step(new JsonObject(), reached);
                }
                assertThat(reached.finished()).isFalse();
                assertThat(old(rows)).as("interrupted").isPositive();
                while (!reached.finished()) {
                    reached = rotation(rows, seal).step(new JsonObject(), reached);
                }
                assertThat(old(rows)).isZero();
                assertThat(operated(next, "/admin/keys/sealing/rotate", "")).contains("seal.2");
                assertThat(new Reconciliation(rows, names(seal), "421281").run()).isEmpty();
            } finally {
                isOver.set(true);
                rows.close().await();
            }
            assertThat(reading.get()).containsExactly(200);
        }
    }

    /// A database with prescriptions, of an instance that has ended.
    private static DatabaseAddress oneOf(String keys) {
        try (TestService before = TestService.own(Map.of("YIFANG_MASTER_KEY", keys))) {
            Story own = new Story(before);
            own.cancel(own.prescribed());
            Story.Rx rx = own.prescribed();
            own.dispenseAll(own.pharmacy, rx, own.claimed(own.pharmacy, rx));
            for (int i = 0; i < 5; i++) {
                new Client(before, "auditor-1", Map.of("subject_id", "A1", "subject_name", "赵审计"))
                        .get("/fhir/AuditEvent?_count=" + (i + 1));
            }
            return before.database();
        }
    }

    private static SealingRotation rotation(Database rows, Seal seal) {
        return new SealingRotation(
                rows,
                seal,
                List.of(
                        new SealingRotation.Sealed(
                                new BytesColumn("keys", PATIENT, PATIENT.ID, PATIENT.PATIENT_KEY),
                                seal::rewrapPatientKey),
                        new SealingRotation.Sealed(
                                Audit.sealedNames(), sealed -> seal.reseal(sealed, "audit"))),
                List.of(),
                2);
    }

    /// How many values are under the first master key.
    private static long old(Database rows) {
        return rows.run(
                        Database.SQL.resultQuery(
                                "select (select count(*) from patient where "
                                        + "get_byte(patient_key, 1)"
                                        + " = 1) + (select count(*) from audit_event where"
                                        + " get_byte(person_name_sealed, 1) = 1) as n"))
                .iterator()
                .next()
                .getLong("n");
    }

    /// What came of a job that an operator asked for.
    private static String operated(TestService at, String path, String body) throws Exception {
        Client operator = new Client(at, "operator-1");
        Client.Reply job =
                Client.send(
                        operator.request(path)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(job.status()).as(job.raw().body()).isEqualTo(202);
        String location = job.raw().headers().firstValue("Location").orElseThrow();
        String state = "";
        for (int i = 0; i < 150 && !Set.of("done", "failed").contains(state); i++) {
            Thread.sleep(100);
            state = operator.get(location).body().path("state").asText();
        }
        assertThat(state).isEqualTo("done");
        return operator.get(location).body().path("note").asText();
    }

    private static long namesOfPatients() {
        return database.run(
                        Database.SQL.resultQuery(
                                "select count(*) as n from audit_event where role = 'patient' and"
                                        + " person_name_sealed is not null"))
                .iterator()
                .next()
                .getLong("n");
    }

    private static void hold(Story.Rx rx, boolean hold) {
        Client auditor = new Client(service, "auditor-1", Map.of("subject_id", "A1"));
        Client.Reply told =
                auditor.call(
                        rx.path() + "/$legal-hold",
                        "{\"name\":\"hold\",\"valueBoolean\":%s}".formatted(hold),
                        Story.reason("complaint"));
        assertThat(told.status()).as(told.raw().body()).isEqualTo(200);
    }
}
