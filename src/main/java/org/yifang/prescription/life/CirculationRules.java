package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.Prescription.*;

/// What becomes of a prescription by the patient's word on circulation. Pure: no clock, no
/// database, no HTTP.
public final class CirculationRules {
    /// Prescriptions of one patient that wait at one time; nobody has as many.
    public static final int HELD_MOST = 500;

    /// Why what a denied circulation holds is held.
    public static final Reason WITHDRAWN = Reason.own("suspend-reason", "consent-withdrawn");

    /// What a change of the patient's mind does to it. A prescription that only the hospital's own
    /// pharmacy may dispense does not circulate, and what is claimed is at a counter already.
    public static Decision decide(PrescriptionRow row, boolean denied) {
        Prescription prescription = row.prescription();
        if (prescription.facts().issuingHospitalOnly()) {
            return new Unchanged(prescription);
        }
        return switch (prescription) {
            case AwaitingReview _, AwaitingNextFill _, AwaitingClaim _, RestAwaitingClaim _ ->
                    denied
                            ? HospitalRules.suspend(prescription, null)
                            : new Unchanged(prescription);
            case Suspended _ ->
                    !denied && isHeld(row)
                            ? HospitalRules.resume(prescription)
                            : new Unchanged(prescription);
            case Claimed _,
                    PartlyDispensed _,
                    ReviewRefused _,
                    Dispensed _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    new Unchanged(prescription);
        };
    }

    /// Whether it rests because the patient forbade that it circulates.
    private static boolean isHeld(PrescriptionRow row) {
        return WITHDRAWN.equals(row.frame().reason());
    }

    /// Why it may not go on or to another, null when it may.
    ///
    /// @param allowed what the patient says of circulation, null for nothing
    public static @Nullable Refused mayNot(PrescriptionRow row, @Nullable Boolean allowed) {
        return !Boolean.FALSE.equals(allowed) || row.prescription().facts().issuingHospitalOnly()
                ? null
                : new Refused(
                        ProblemCode.ON_HOLD,
                        "The patient does not allow the prescription to circulate.",
                        "Only the patient's word changes that: PUT Consent.");
    }

    private CirculationRules() {}
}
