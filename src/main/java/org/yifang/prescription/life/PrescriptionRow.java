package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// A prescription as stored: what the rules decide on, and what stands beside it.
///
/// @param prescription as the rules see it
/// @param frame what its Task shows beside the state
/// @param hospitalNumber nhsa-org of the hospital
/// @param version of the Task
/// @param updatedAt when it last changed
/// @param documentKey the document's data key, wrapped
/// @param patientKey the patient's key, wrapped
/// @param pickupCode sealed
/// @param pickupToken sealed
/// @param reviewer staff number of the latest reviewer, null before a review
/// @param reviews all that pharmacists decided on it here
/// @param prescriber staff number of who signed it
/// @param secondReview whether a second one is needed
/// @param drugs what the lines prescribe, in their order
public record PrescriptionRow(
        Prescription prescription,
        TaskFrame frame,
        String hospitalNumber,
        long version,
        Instant updatedAt,
        byte[] documentKey,
        byte[] patientKey,
        byte[] pickupCode,
        byte[] pickupToken,
        @Nullable String reviewer,
        Reviews reviews,
        String prescriber,
        boolean secondReview,
        List<LineDrug> drugs) {

    /// What of a Task never changes, or changes beside the state.
    ///
    /// @param sharingBasis why it is shared with whoever dispenses it (CodeSystem `sharing-basis`)
    public record TaskFrame(
            UUID id,
            String rxNumber,
            UUID hospital,
            UUID patient,
            UUID bundle,
            UUID original,
            String priority,
            Instant createdAt,
            @Nullable Instant reviewDue,
            Reason reason,
            @Nullable UUID successor,
            List<UUID> lines,
            String sharingBasis) {
        public TaskFrame withReason(Reason other) {
            return new TaskFrame(
                    id,
                    rxNumber,
                    hospital,
                    patient,
                    bundle,
                    original,
                    priority,
                    createdAt,
                    reviewDue,
                    other,
                    successor,
                    lines,
                    sharingBasis);
        }
    }

    /// What a line prescribes, beside its quantities.
    public record LineDrug(
            UUID line,
            String drugCode,
            boolean productOnly,
            String unit,
            String status,
            long version) {}

    public UUID id() {
        return frame.id();
    }

    public PrescriptionRow withFrame(TaskFrame other) {
        return new PrescriptionRow(
                prescription,
                other,
                hospitalNumber,
                version,
                updatedAt,
                documentKey,
                patientKey,
                pickupCode,
                pickupToken,
                reviewer,
                reviews,
                prescriber,
                secondReview,
                drugs);
    }

    public PrescriptionRow withReview(Review review) {
        return withReviews(review.by().name(), reviews.with(review));
    }

    PrescriptionRow withReviews(Reviews others) {
        return withReviews(reviewer, others);
    }

    private PrescriptionRow withReviews(@Nullable String latest, Reviews others) {
        return new PrescriptionRow(
                prescription,
                frame,
                hospitalNumber,
                version,
                updatedAt,
                documentKey,
                patientKey,
                pickupCode,
                pickupToken,
                latest,
                others,
                prescriber,
                secondReview,
                drugs);
    }

    PrescriptionRow with(
            Prescription next, long nextVersion, Instant now, List<LineDrug> nextDrugs) {
        return new PrescriptionRow(
                next,
                frame,
                hospitalNumber,
                nextVersion,
                now,
                documentKey,
                patientKey,
                pickupCode,
                pickupToken,
                reviewer,
                reviews,
                prescriber,
                secondReview,
                nextDrugs);
    }
}
