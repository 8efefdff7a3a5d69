package org.yifang.prescription.life;

import org.yifang.prescription.life.Prescription.*;

/// MedicationRequest.status of a line: what its prescription's state means for it.
final class LineStatus {
    static String of(Prescription prescription, Line line) {
        Facts facts = prescription.facts();
        // What came back in full after the end of its fill counts as never handed out.
        boolean done = line.isComplete() && !facts.hasFillsLeft() && line.dispensed().signum() > 0;
        if (done) {
            return "completed";
        }
        return switch (prescription) {
            case AwaitingReview _,
                    AwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _ ->
                    "active";
            case Suspended _ -> "on-hold";
            // Taken back after its validity: what came back cannot be dispensed any more.
            case Dispensed _, Expired _, RestExpired _ -> "stopped";
            case ReviewRefused _, Cancelled _ -> "cancelled";
            case RestCancelled _ -> line.dispensed().signum() > 0 ? "stopped" : "cancelled";
        };
    }

    private LineStatus() {}
}
