package org.yifang.registry;

import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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

    @Override
    public long total(Window window) {
        return PatientStore.count(database, window);
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        List<UUID> ids = PatientStore.page(database, window, after, most);
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
