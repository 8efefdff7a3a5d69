package org.yifang.platform;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.UUID;

/// Whose something is that not everybody may see: who of them calls decides. What is compared with
/// columns instead of values is said by `SightViews`.
///
/// @param id what who showed a slip is bound to
/// @param hospital may see it; null: none may
/// @param patient may see it; null: none may
/// @param pharmacies may see it
/// @param reviewedFor number of the hospital whose reviewers may see it; null: none may
public record Sight(
        UUID id,
        @Nullable UUID hospital,
        @Nullable UUID patient,
        Collection<UUID> pharmacies,
        @Nullable String reviewedFor) {

    /// Whether it is there for a caller.
    public boolean reaches(Caller caller) {
        return switch (caller.role()) {
            case HOSPITAL -> caller.organizationId().equals(hospital);
            case PATIENT ->
                    patient != null
                            && patient.equals(caller.patientId())
                            && (caller.taskId() == null || caller.taskId().equals(id));
            case PHARMACY -> pharmacies.contains(caller.organizationId());
            case REVIEWER -> reviewedFor != null && caller.reviewsFor().contains(reviewedFor);
            case BUREAU, AUDITOR, OPERATOR -> false;
        };
    }
}
