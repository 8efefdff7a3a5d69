package org.yifang.notify;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// One event of a topic: ids and codes only, and who may know of it.
///
/// @param focusType resource type of what it is about, `Task`
/// @param state after it, where it has one, and `before` it
/// @param hospitalId the hospital that may know, and its `hospital` number
/// @param patientId the patient who may know
/// @param pharmacies the pharmacies that may know
/// @param reviewersTold whether the hospital's reviewers may know
public record Happening(
        Topic topic,
        Instant at,
        String focusType,
        UUID focusId,
        @Nullable String state,
        @Nullable String before,
        @Nullable UUID hospitalId,
        @Nullable String hospital,
        @Nullable UUID patientId,
        List<UUID> pharmacies,
        boolean reviewersTold) {

    /// Whether a caller may know of it: whoever may read what it is about.
    public boolean isFor(Caller caller) {
        return switch (caller.role()) {
            case HOSPITAL -> caller.organizationId().equals(hospitalId);
            case PATIENT ->
                    patientId != null
                            && patientId.equals(caller.patientId())
                            && (caller.taskId() == null || caller.taskId().equals(focusId));
            case PHARMACY -> pharmacies.contains(caller.organizationId());
            case REVIEWER ->
                    reviewersTold && hospital != null && caller.reviewsFor().contains(hospital);
            default -> false;
        };
    }
}
