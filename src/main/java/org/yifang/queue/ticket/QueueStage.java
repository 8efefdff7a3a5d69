package org.yifang.queue.ticket;

import java.util.Arrays;
import java.util.Optional;

/// Where in a visit somebody waits: the CodeSystem `queue-stage`.
public enum QueueStage {
    REGISTRATION("registration"),
    TRIAGE("triage"),
    CONSULTATION("consultation"),
    PAYMENT("payment"),
    REVIEW("review"),
    DISPENSING("dispensing"),
    HAND_OVER("hand-over");

    private final String code;

    QueueStage(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    /// The stage of a code, empty for a code that is none.
    public static Optional<QueueStage> of(String code) {
        return Arrays.stream(values()).filter(stage -> stage.code.equals(code)).findFirst();
    }

    /// Whether everybody who registers is expected at this stage; the later ones are for those with
    /// a prescription.
    public boolean followsRegistration() {
        return switch (this) {
            case REGISTRATION, TRIAGE, CONSULTATION -> true;
            case PAYMENT, REVIEW, DISPENSING, HAND_OVER -> false;
        };
    }
}
