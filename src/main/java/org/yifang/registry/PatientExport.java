package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Exports patients without what tells who they are: gender and year of birth in steps, under a
/// pseudonym that holds within one export.
public final class PatientExport implements ExportSource {
    /// The very old are few enough to be known by their age alone (as 45 CFR 164.514 has it).
    private static final int OLD_YEARS = 90;

    private static final int STEP_YEARS = 5;

    /// The code system of security labels.
    static final String LABELS = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    private final Database database;
    private final Patients patients;

    public PatientExport(Database database, Patients patients) {
        this.database = database;
        this.patients = patients;
    }

    @Override
    public String type() {
        return "Patient";
    }

    @Override
    public Set<Role> roles() {
        return Set.of(Role.AUDITOR, Role.BUREAU);
    }

    private static Condition asked(Window window) {
        Condition known = PATIENT.CREATED_AT.le(window.until());
        return window.since() == null ? known : known.and(PATIENT.UPDATED_AT.gt(window.since()));
    }

    @Override
    public long total(Window window) {
        return database.run(SQL.selectCount().from(PATIENT).where(asked(window)))
                .iterator()
                .next()
                .getLong(0);
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        List<UUID> ids = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(PATIENT.ID)
                                .from(PATIENT)
                                .where(asked(window))
                                .and(
                                        after == null
                                                ? DSL.noCondition()
                                                : PATIENT.ID.gt(UUID.fromString(after)))
                                .orderBy(PATIENT.ID)
                                .limit(DSL.inline(most)))) {
            ids.add(Rows.get(row, PATIENT.ID));
        }
        Map<UUID, Patient> found = new HashMap<>();
        if (!ids.isEmpty()) {
            patients.all(ids).forEach(one -> found.put(one.id(), one));
        }
        List<byte[]> resources =
                ids.stream()
                        .map(found::get)
                        .filter(java.util.Objects::nonNull)
                        .map(one -> json(one, window))
                        .toList();
        return new Page(
                resources,
                new LinkedHashSet<>(ids),
                ids.size(),
                ids.size() < most ? null : ids.getLast().toString());
    }

    private static byte[] json(Patient patient, Window window) {
        Person person = patient.person();
        return FhirWriter.resource(
                "Patient",
                json -> {
                    json.string("id", window.pseudonyms().of("Patient", patient.id()).toString());
                    pseudonymous(json);
                    json.string("gender", person.gender());
                    json.string("birthDate", year(person.birthDate(), window.until()));
                });
    }

    /// The year of birth, rounded down to a fifth one; null for the very old.
    static @Nullable String year(LocalDate birth, Instant now) {
        int year = birth.getYear();
        return now.atOffset(ZoneOffset.UTC).getYear() - year >= OLD_YEARS
                ? null
                : String.valueOf(year - year % STEP_YEARS);
    }

    /// Says of a resource that its ids are pseudonyms.
    public static void pseudonymous(FhirWriter json) {
        json.object("meta", meta -> meta.list("security", all -> all.coding(LABELS, "PSEUDED")));
    }
}
