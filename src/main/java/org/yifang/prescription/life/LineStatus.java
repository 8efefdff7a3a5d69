package org.yifang.prescription.life;

import org.yifang.prescription.life.Prescription.*;

import java.util.Locale;

/// MedicationRequest.status of a line: what its prescription's state means for it.
public enum LineStatus {
    ACTIVE,
    ON_HOLD,
    COMPLETED,
    STOPPED,
    CANCELLED;

    /// As FHIR names it and as it is stored.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static LineStatus of(Prescription prescription, Line line) {
        Facts facts = prescription.facts();
        // What came back in full after the end of its fill counts as never handed out.
        boolean done = line.isComplete() && !facts.hasFillsLeft() && line.dispensed().signum() > 0;
        if (done) {
            return COMPLETED;
        }
        return switch (prescription) {
            case AwaitingReview _,
                    AwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _ ->
                    ACTIVE;
            case Suspended _ -> ON_HOLD;
            // Taken back after its validity: what came back cannot be dispensed any more.
            case Dispensed _, Expired _, RestExpired _ -> STOPPED;
            case ReviewRefused _, Cancelled _ -> CANCELLED;
            case RestCancelled _ -> line.dispensed().signum() > 0 ? STOPPED : CANCELLED;
        };
    }
}
