package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Caller;
import org.yifang.prescription.life.Line;
import org.yifang.prescription.life.LineStatus;
import org.yifang.prescription.life.Prescription;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.PrescriptionRow.LineDrug;
import org.yifang.prescription.life.PrescriptionStore;
import org.yifang.prescription.life.Reviews;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.registry.Patients;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// A prescription on its way into the tables.
///
/// @param frame what its Task shows beside the state
/// @param task the Task as it is stored
/// @param mac vouches for it
/// @param due when time alone will change it, null when it will not
/// @param documentKey the document's data key, wrapped
/// @param original the submitted bytes, sealed
/// @param pickup what opens it at a counter
/// @param catalogueVersion by which catalogue its drugs were read
/// @param parts of the document beside its lines
record NewPrescription(
        Caller caller,
        CheckedDocument document,
        Patients.RegisteredPatient patient,
        String region,
        Prescription prescription,
        PrescriptionRow.TaskFrame frame,
        byte[] task,
        byte[] mac,
        @Nullable Instant due,
        byte[] documentKey,
        byte[] original,
        Dated made,
        Pickup pickup,
        String catalogueVersion,
        List<NewLine> lines,
        List<NewPart> parts) {

    /// What opens a prescription at a counter.
    ///
    /// @param indexKey number of the key that the index is under
    /// @param index finds it by the code
    /// @param code sealed
    /// @param token sealed
    record Pickup(int indexKey, byte[] index, byte[] code, byte[] token) {}

    /// A line on its way into the tables.
    ///
    /// @param runsUntil how long what it prescribes lasts
    /// @param content sealed
    record NewLine(
            String region,
            UUID prescription,
            Line line,
            Submission.Order order,
            Dated authored,
            @Nullable String priority,
            @Nullable String furtherTokens,
            Instant runsUntil,
            List<Dated.Event> events,
            byte[] content,
            Instant at) {
        Drug drug() {
            return Objects.requireNonNull(order.drug());
        }
    }

    /// Another part of the document on its way into the tables.
    ///
    /// @param documentKey the document's data key, wrapped
    /// @param content sealed
    record NewPart(
            DocumentParts.Part part,
            String region,
            UUID prescription,
            UUID patient,
            UUID organization,
            byte[] documentKey,
            byte[] content,
            Instant at) {}

    UUID id() {
        return frame.id();
    }

    Instant at() {
        return frame.createdAt();
    }

    Submission submission() {
        return document.submission();
    }

    /// Fills and interval are those of the first line; the rules have them equal.
    Submission.Order first() {
        return submission().orders().getFirst();
    }

    String kind() {
        return Objects.requireNonNullElse(
                first().category(), Objects.requireNonNull(first().drug()).kind().code());
    }

    String prescriber() {
        return Objects.requireNonNullElse(
                Objects.requireNonNull(submission().prescriber()).number(), "");
    }

    boolean needsSecondReview() {
        return !submission().reviewed() && ControlledRules.needsSecondReviewer(submission());
    }

    /// The number that the hospital gave the visit, null when it gave none.
    @Nullable String visit() {
        return parts.stream()
                .map(NewPart::part)
                .filter(part -> part.type().equals("Encounter"))
                .map(part -> part.text("identifier", "value"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// The first version of its Task.
    PrescriptionStore.Version version() {
        return new PrescriptionStore.Version(
                id(), 1, prescription.state(), null, null, null, task, mac, null, at());
    }

    /// The prescription as it will stand in the tables.
    PrescriptionRow row() {
        List<LineDrug> drugs = new ArrayList<>();
        for (NewLine one : lines) {
            drugs.add(
                    new LineDrug(
                            one.line().id(),
                            one.drug().code().value(),
                            one.order().productOnly(),
                            one.drug().preparationUnit(),
                            LineStatus.ACTIVE.code(),
                            1));
        }
        return new PrescriptionRow(
                prescription,
                frame,
                caller.organization(),
                1,
                at(),
                documentKey,
                patient.patientKey(),
                pickup.code(),
                pickup.token(),
                null,
                Reviews.NONE,
                prescriber(),
                needsSecondReview(),
                drugs);
    }
}
