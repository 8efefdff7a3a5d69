package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.identity.client.UnknownPatients;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

class PatientsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T04:00:00Z");

    private static Vertx vertx;
    private static Database database;
    private static Patients patients;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 16);
        MasterKeys keys = MasterKeys.parse(MasterKeys.generate());
        patients =
                new Patients(
                        database,
                        new Seal(keys),
                        BlindIndexes.fixed(keys),
                        new Uuid7(InstantSource.fixed(NOON)),
                        new UnknownPatients(new BlindIndex(new byte[32])));
    }

    @AfterAll
    static void close() {
        database.close().await();
        vertx.close().await();
    }

    private static Person person(String number, String name) {
        return new Person(
                IdentityCard.SYSTEM, number, name, "female", LocalDate.of(1958, 9, 21), null);
    }

    private static Patients.RegisteredPatient known(Person person) {
        return database.inTransaction(tx -> patients.findOrCreate(tx, person, "421281", NOON));
    }

    @Test
    void a_person_is_one_patient_however_often_prescribed_for() {
        Patients.RegisteredPatient first = known(person("421281195809210020", "陈秀英"));
        Patients.RegisteredPatient second = known(person("421281195809210020", "陈秀英"));
        assertThat(first.isNew()).isTrue();
        assertThat(second.isNew()).isFalse();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.patientKey()).isEqualTo(first.patientKey());
        assertThat(second.nameDiffers()).isFalse();
    }

    @Test
    void another_name_warns_and_stays_flagged_while_the_first_name_stays() {
        Person first = person("421281197711300043", "李红");
        UUID id = known(first).id();
        assertThat(known(person("421281197711300043", "李虹")).nameDiffers()).isTrue();
        // The right name again is no fault of this document.
        assertThat(known(first).nameDiffers()).isFalse();
        assertThat(known(person("421281197711300043", "李虹")).nameDiffers()).isTrue();
        Patient patient = patients.find(id).orElseThrow();
        assertThat(patient.nameDiffers()).isTrue();
        assertThat(patient.person()).isEqualTo(first);
        assertThat(patient.version()).isEqualTo(2);
    }

    @Test
    void twenty_first_prescriptions_at_once_make_one_patient() throws Exception {
        Person person = person("421281196402290051", "周明");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Patients.RegisteredPatient>> calls =
                    IntStream.range(0, 20)
                            .mapToObj(i -> threads.submit(() -> known(person)))
                            .toList();
            List<Patients.RegisteredPatient> all = new java.util.ArrayList<>();
            for (Future<Patients.RegisteredPatient> call : calls) {
                all.add(call.get());
            }
            assertThat(all)
                    .extracting(Patients.RegisteredPatient::id)
                    .containsOnly(all.getFirst().id());
            assertThat(all).filteredOn(Patients.RegisteredPatient::isNew).hasSize(1);
        }
    }

    @Test
    void is_found_by_identity_number_and_nothing_readable_is_stored() {
        UUID id = known(person("421281199003070012", "赵铁柱")).id();
        assertThat(patients.idOf(IdentityCard.SYSTEM, "421281199003070012")).contains(id);
        assertThat(patients.idOf("urn:passport", "421281199003070012")).isEmpty();
        Row row =
                database.run(SQL.select(PATIENT.PERSON).from(PATIENT).where(PATIENT.ID.eq(id)))
                        .iterator()
                        .next();
        assertThat(new String(Rows.get(row, PATIENT.PERSON), StandardCharsets.UTF_8))
                .doesNotContain("赵铁柱")
                .doesNotContain("421281199003070012");
    }

    @Test
    void nobody_is_found_who_was_never_prescribed_for() {
        assertThat(patients.find(UUID.randomUUID())).isEmpty();
        assertThat(patients.idOf(IdentityCard.SYSTEM, "11010519491231002X")).isEmpty();
    }
}
