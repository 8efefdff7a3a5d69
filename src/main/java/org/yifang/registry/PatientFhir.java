package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Who;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.platform.Role;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Patients in FHIR: opened for those who treat them, masked for auditors, closed to all others.
public final class PatientFhir {
    private PatientFhir() {}

    /// Which patients a role sees by the prescriptions that it sees, as conditions on `patient.id`;
    /// prescriptions are not this package's business.
    ///
    /// @param hospital patients of its prescriptions
    /// @param reviewer patients of what it may review
    /// @param pharmacy patients of what it holds or held
    public record Visible(
            Function<Who, Condition> hospital,
            Function<Who, Condition> reviewer,
            Function<Who, Condition> pharmacy) {}

    /// What is to be mounted. A bureau is refused: it sees no identified patient.
    public static Stored stored(
            Patients patients, BlindIndex index, Visible visible, Unmasking unmasking) {
        return Stored.of("Patient", PATIENT)
                .id(PATIENT.ID)
                .version(PATIENT.VERSION, PATIENT.UPDATED_AT)
                .columns(columns())
                .patient(PATIENT.ID)
                .visible(Role.HOSPITAL, visible.hospital())
                .visible(Role.REVIEWER, visible.reviewer())
                .visible(Role.PHARMACY, visible.pharmacy())
                .visible(Role.PATIENT, who -> PATIENT.ID.eq(who.patientId()))
                .visible(Role.AUDITOR, _ -> DSL.noCondition())
                .render((row, caller) -> {
                    Patient patient =
                            caller.is(Role.HOSPITAL)
                                    ? patients.patient(row, caller.organizationId())
                                    : patients.patient(row);
                    boolean masked = unmasking.isMasked(caller, patient.id());
                    return json(patient, masked);
                })
                .search(
                        SearchBy.token(
                                        "identifier",
                                        (system, code) -> byNumber(index, system, code))
                                .personal())
                .search(
                        SearchBy.custom(
                                        "name",
                                        "string",
                                        name -> PATIENT.NAME_INDEX.eq(index.name(name)))
                                .personal())
                .search(
                        SearchBy.custom(
                                        "phone",
                                        "token",
                                        phone -> PATIENT.PHONE_INDEX.eq(index.phone(phone)))
                                .personal());
    }

    private static Field<?>[] columns() {
        List<Field<?>> columns = new ArrayList<>(PatientStore.COLUMNS);
        columns.add(PatientStore.NAMED_BY);
        columns.add(PatientStore.NAMED_AS);
        return columns.toArray(new Field<?>[0]);
    }

    /// Without a system an identity card number is meant.
    private static Condition byNumber(
            BlindIndex index, @Nullable String system, @Nullable String code) {
        return code == null
                ? DSL.falseCondition()
                : PATIENT.IDENTIFIER_INDEX.eq(
                        index.identifier(system == null ? IdentityCard.SYSTEM : system, code));
    }

    static byte[] json(Patient patient, boolean masked) {
        Person person = patient.person();
        String number = masked ? Masking.number(person.number()) : person.number();
        String name = masked ? Masking.name(person.name()) : person.name();
        String birthDate = person.birthDate().toString();
        @Nullable String phone = person.phone();
        return FhirWriter.resource(
                "Patient",
                json -> {
                    json.string("id", patient.id().toString());
                    meta(json, patient, masked);
                    if (patient.nameDiffers()) {
                        json.list(
                                "extension",
                                all ->
                                        all.extension(
                                                "name-differs",
                                                x -> x.truth("valueBoolean", true)));
                    }
                    json.list(
                            "identifier",
                            all ->
                                    all.element(one ->
                                            one.string("system", person.system())
                                                    .string("value", number)
                                                    .string("use", "official")));
                    if (!name.isEmpty()) {
                        json.list("name", all -> all.element(one -> one.string("text", name)));
                    }
                    RegistryFhir.phone(
                            json, masked && phone != null ? Masking.number(phone) : phone);
                    json.string("gender", person.gender());
                    // A year is enough for an age, and no one is found by it.
                    json.string("birthDate", masked ? birthDate.substring(0, 4) : birthDate);
                });
    }

    private static void meta(FhirWriter json, Patient patient, boolean masked) {
        json.meta(
                patient.version(),
                RegistryFhir.time(patient.updatedAt()),
                meta -> {
                    if (masked) {
                        meta.list("security", all -> all.coding(PatientExport.LABELS, "MASKED"));
                    }
                });
    }
}
