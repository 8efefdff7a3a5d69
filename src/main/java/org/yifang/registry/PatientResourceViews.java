package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PATIENT_NAMED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.platform.Role;
import org.yifang.platform.data.Rows;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What is read and searched of patients: by those who treat them, and by auditors.
public final class PatientResourceViews {
    /// Whose documents name a patient, and how, in one order.
    private static final Field<UUID[]> NAMED_BY =
            DSL.field(
                            SQL.select(
                                            DSL.arrayAgg(PATIENT_NAMED.ORGANIZATION_ID)
                                                    .orderBy(PATIENT_NAMED.ORGANIZATION_ID))
                                    .from(PATIENT_NAMED)
                                    .where(PATIENT_NAMED.PATIENT_ID.eq(PATIENT.ID)))
                    .as("named_by");

    private static final Field<byte[][]> NAMED_AS =
            DSL.field(
                            SQL.select(
                                            DSL.arrayAgg(PATIENT_NAMED.PERSON)
                                                    .orderBy(PATIENT_NAMED.ORGANIZATION_ID))
                                    .from(PATIENT_NAMED)
                                    .where(PATIENT_NAMED.PATIENT_ID.eq(PATIENT.ID)))
                    .as("named_as");

    private PatientResourceViews() {}

    /// Which patients a role sees by the prescriptions that it sees, as conditions on `patient.id`;
    /// prescriptions are not this package's business.
    ///
    /// @param hospital patients of its prescriptions
    /// @param reviewer patients of what it may review
    /// @param pharmacy patients of what it holds or held
    public record Visible(Stored.Seen hospital, Stored.Seen reviewer, Stored.Seen pharmacy) {}

    /// What is to be mounted. A bureau is refused: it sees no identified patient.
    public static Stored stored(
            Patients patients, BlindIndexes indexes, Visible visible, Unmasking unmasking) {
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
                    return PatientFhir.json(patient, masked);
                })
                // Unmasked for some minutes; named anew by the next document of the hospital.
                .varyingFor(Role.AUDITOR, Role.HOSPITAL)
                .search(
                        SearchBy.token(
                                        "identifier",
                                        (system, code) -> byNumber(indexes, system, code))
                                .personal())
                .search(PatientSearchViews.name(indexes))
                .search(PatientSearchViews.phone(indexes))
                .search(PatientSearchViews.birthDate(indexes))
                .search(PatientSearchViews.gender(indexes));
    }

    /// How an organization names the patient of such a row, sealed; null when it does not.
    static byte @Nullable [] namedAs(Row row, UUID organization) {
        UUID[] by = Rows.find(row, NAMED_BY);
        byte[][] as = Rows.find(row, NAMED_AS);
        for (int i = 0; by != null && as != null && i < by.length; i++) {
            if (by[i].equals(organization)) {
                return as[i];
            }
        }
        return null;
    }

    private static Field<?>[] columns() {
        List<Field<?>> columns = new ArrayList<>(PatientStore.COLUMNS);
        columns.add(NAMED_BY);
        columns.add(NAMED_AS);
        return columns.toArray(new Field<?>[0]);
    }

    /// Without a system an identity card number is meant.
    private static Condition byNumber(
            BlindIndexes indexes, @Nullable String system, @Nullable String code) {
        if (code == null) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `identifier` names a system and no number.",
                    "Write `system|number`: numbers are sealed, and only whole ones are found.");
        }
        return PATIENT.IDENTIFIER_INDEX.in(
                indexes.all(index ->
                        index.identifier(system == null ? IdentityCard.SYSTEM : system, code)));
    }
}
