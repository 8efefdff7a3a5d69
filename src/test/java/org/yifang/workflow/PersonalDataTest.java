package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.yifang.platform.Job;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.prescription.read.Erasures;
import org.yifang.registry.ErasePatient;
import org.yifang.registry.Retention;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Personal data at rest: nothing of it in clear, a person
/// erased without breaking the log.
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
                plain -> seal.seal(plain, "audit"), sealed -> seal.open(sealed, "audit"));
    }

    private static ErasePatient erasing(Seal seal) {
        Audit audit =
                new Audit(database, names(seal), new Uuid7(InstantSource.system()), "421281");
        return new ErasePatient(
                database, seal, audit, InstantSource.system(), Erasures::against);
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
        assertThat(erasing.step(input, START).note()).isEqualTo("Erased.");
        assertThat(erasing.step(input, START).note()).contains("before");
        assertThat(story.hospital.get("/fhir/" + patient).status()).isEqualTo(410);
        assertThat(story.hospital.get("/fhir/Patient?_count=50").status()).isEqualTo(200);
        assertThat(story.hospital.get("/fhir/MedicationRequest?_count=50").status()).isEqualTo(200);
        assertThat(new Reconciliation(database, names(seal), "421281").run()).isEmpty();
        Job.Step kept =
                new Retention(database, erasing, InstantSource.system(), Erasures::quietSince)
                        .step(new JsonObject(), START);
        assertThat(kept.finished()).isTrue();
        assertThat(kept.done()).isZero();
    }
}
