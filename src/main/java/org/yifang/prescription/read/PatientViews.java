package org.yifang.prescription.read;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.CONSENT;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;
import org.yifang.prescription.life.SightViews;
import org.yifang.registry.PatientResourceViews;

import java.time.Instant;
import java.util.UUID;

/// Which patients a role sees: those of the prescriptions that it sees.
public final class PatientViews {
    private PatientViews() {}

    /// Conditions on `patient.id` for the registry, which knows no prescription.
    public static PatientResourceViews.Visible visible() {
        return new PatientResourceViews.Visible(
                ofPrescriptions(SightViews::issued),
                ofPrescriptions(SightViews::toReview),
                ofPrescriptions(SightViews::held));
    }

    private static Stored.Seen ofPrescriptions(Stored.Seen seen) {
        return who ->
                exists(
                        selectOne()
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.PATIENT_ID.eq(PATIENT.ID))
                                .and(seen.by(who)));
    }

    /// Conditions on `consent.patient_id`: a hospital sees what its patients have said.
    public static Condition consentsOfPatients(SqlCaller who) {
        return exists(
                selectOne()
                        .from(PRESCRIPTION)
                        .where(PRESCRIPTION.PATIENT_ID.eq(CONSENT.PATIENT_ID))
                        .and(SightViews.issued(who)));
    }

    /// Whether somebody is a patient of this hospital. Waits.
    public static boolean isOf(Database database, Caller hospital, UUID patient, Instant now) {
        return database.run(
                                SQL.select(PRESCRIPTION.ID)
                                        .from(PRESCRIPTION)
                                        .where(PRESCRIPTION.PATIENT_ID.eq(patient))
                                        .and(SightViews.issued(SqlCaller.is(hospital, now)))
                                        .limit(1))
                        .size()
                > 0;
    }
}
