package org.yifang.prescription.read;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PRESCRIPTION;

import org.jooq.Condition;
import org.yifang.fhir.Who;
import org.yifang.prescription.life.Sight;
import org.yifang.registry.PatientFhir;

import java.util.function.Function;

/// Which patients a role sees: those of the prescriptions that it sees.
public final class PatientsSeen {
    private PatientsSeen() {}

    /// Conditions on `patient.id` for the registry, which knows no prescription.
    public static PatientFhir.Visible visible() {
        return new PatientFhir.Visible(
                ofPrescriptions(Sight::issued),
                ofPrescriptions(Sight::toReview),
                ofPrescriptions(Sight::held));
    }

    private static Function<Who, Condition> ofPrescriptions(Function<Who, Condition> seen) {
        return who ->
                exists(
                        selectOne()
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.PATIENT_ID.eq(PATIENT.ID))
                                .and(seen.apply(who)));
    }
}
