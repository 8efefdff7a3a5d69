package org.yifang.notify;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Sight;

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

    /// Whether a caller may know of it: whoever may read what it is about. Reviewers of the
    /// county's pool are not told: nothing here says whether a review is overdue.
    public boolean isFor(Caller caller) {
        String reviewedFor = reviewersTold ? hospital : null;
        return new Sight(focusId, hospitalId, patientId, pharmacies, reviewedFor).reaches(caller);
    }
}
