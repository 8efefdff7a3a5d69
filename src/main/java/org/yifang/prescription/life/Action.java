package org.yifang.prescription.life;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be done to a prescription, and what can happen to it.
public enum Action {
    SUBMIT_PRESCRIPTION,
    REVIEW,
    CANCEL,
    SUSPEND,
    RESUME,
    CHOOSE_PHARMACY,
    CLAIM,
    RENEW,
    RELEASE,
    DISPENSE,
    TAKE_BACK,
    PROGRESS,
    PICKUP_SLIP,

    // What the holder tells by `$progress`.
    ARRIVED,
    PAID,
    PREPARED,

    /// The patient allows or forbids that prescriptions circulate.
    CONSENT,

    /// What time alone does.
    TIME,
    REVIEW_OVERDUE;

    /// What the holder tells by `$progress`, by its code of the CodeSystem `progress-moment`.
    public static Optional<Action> ofProgress(String code) {
        return Arrays.stream(values())
                .filter(Action::isTold)
                .filter(action -> action.code().equals(code))
                .findFirst();
    }

    private boolean isTold() {
        return switch (this) {
            case ARRIVED, PAID, PREPARED -> true;
            case SUBMIT_PRESCRIPTION,
                    REVIEW,
                    CANCEL,
                    SUSPEND,
                    RESUME,
                    CHOOSE_PHARMACY,
                    CLAIM,
                    RENEW,
                    RELEASE,
                    DISPENSE,
                    TAKE_BACK,
                    PROGRESS,
                    PICKUP_SLIP,
                    CONSENT,
                    TIME,
                    REVIEW_OVERDUE ->
                    false;
        };
    }

    /// The name of the operation, as it stands in paths and in the audit log.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
