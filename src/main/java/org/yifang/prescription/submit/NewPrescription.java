package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.Fhir;
import org.yifang.identity.client.PickupCode;
import org.yifang.identity.client.PickupToken;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.DocumentParts;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.Line;
import org.yifang.prescription.life.Prescription;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;
import org.yifang.prescription.life.PrescriptionStore;
import org.yifang.prescription.life.Reviews;
import org.yifang.prescription.life.TaskJson;
import org.yifang.prescription.life.Terms;
import org.yifang.prescription.life.TimeRules;
import org.yifang.registry.Patients;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// A prescription on its way into the tables.
final class NewPrescription {
    private static final String PROFILES = "1.0.0";
    private static final BigDecimal SUPPLY_MOST = new BigDecimal("366");

    private final SubmitDesk.Parts parts;
    private final Terms terms;
    private final UUID task;
    private final Caller caller;
    private final Submission submission;
    private final String number;
    private final Patients.Known patient;
    private final DocumentKey key;
    private final Instant now;
    private final UUID bundle;
    private final UUID original;
    private final Submission.Order first;
    private @Nullable TaskFrame frame;
    private byte[] shown = {};
    private byte[] shownMac = {};
    private byte[] pickupCode = {};
    private byte[] pickupToken = {};

    NewPrescription(
            SubmitDesk.Parts parts,
            Terms terms,
            UUID task,
            Caller caller,
            Submission submission,
            String number,
            Patients.Known patient,
            DocumentKey key,
            Instant now) {
        this.parts = parts;
        this.terms = terms;
        this.task = task;
        this.caller = caller;
        this.submission = submission;
        this.number = number;
        this.patient = patient;
        this.key = key;
        this.now = now;
        this.first = submission.orders().getFirst();
        this.bundle = parts.ids().get();
        this.original = parts.ids().get();
    }

    Prescription prescription(List<DocumentParts.Part> document) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < document.size(); i++) {
            BigDecimal units = Objects.requireNonNull(submission.orders().get(i).units());
            lines.add(new Line(document.get(i).id(), i + 1, units, units, BigDecimal.ZERO));
        }
        Facts facts =
                new Facts(
                        task,
                        caller.organizationId(),
                        patient.id(),
                        validFrom(),
                        validUntil(),
                        submission.issuingHospitalOnly(),
                        null,
                        1,
                        first.fills(),
                        Duration.ofDays(first.intervalDays()),
                        lines,
                        null);
        return submission.reviewed() ? new AwaitingClaim(facts) : new AwaitingReview(facts);
    }

    private Instant validFrom() {
        return first.opens(now);
    }

    private Instant validUntil() {
        return first.ends(now);
    }

    TaskFrame frame(List<UUID> lines) {
        Instant due = submission.reviewed() ? null : now.plus(terms.reviewWithin());
        return new TaskFrame(
                task,
                number,
                caller.organizationId(),
                patient.id(),
                bundle,
                original,
                submission.priority(),
                now,
                due,
                null,
                null,
                null,
                lines);
    }

    Object[] row(
            Prescription prescription,
            String sharingBasis,
            byte[] body,
            Fhir.Format format,
            byte[] hash,
            boolean signed,
            List<DocumentParts.Part> lines) {
        frame = frame(lines.stream().map(DocumentParts.Part::id).toList());
        shown = TaskJson.write(frame, prescription, terms, 1, now);
        shownMac = parts.seal().vouch("Task/" + task + "/1", shown);
        String code = PickupCode.generate();
        String token =
                parts.token()
                        .apply(
                                PickupToken.of(
                                        task,
                                        validFrom(),
                                        validUntil(),
                                        lines.stream().map(NewPrescription::asSigned).toList()));
        pickupCode = key.seal(code.getBytes(StandardCharsets.UTF_8), "pickup-code/" + task);
        pickupToken = key.seal(token.getBytes(StandardCharsets.UTF_8), "pickup-token/" + task);
        return new Object[] {
            task,
            parts.config().region(),
            caller.organizationId(),
            caller.organization(),
            number,
            hash,
            bundle,
            original,
            key.seal(body, "Binary/" + original),
            format.mediaType(),
            signed,
            key.wrapped(),
            patient.id(),
            prescriber(),
            Objects.requireNonNullElse(
                    first.category(), Objects.requireNonNull(first.drug()).kind().code()),
            submission.issuingHospitalOnly() ? "issuing-hospital" : "open",
            submission.priority(),
            prescription.state().code(),
            validFrom(),
            validUntil(),
            1,
            first.fills(),
            first.intervalDays(),
            frame.reviewDue(),
            needsSecondReview(),
            parts.index().of("pickup-code", code),
            pickupCode,
            pickupToken,
            submission.predecessor(),
            TimeRules.due(prescription, terms),
            shown,
            1L,
            SubmissionRules.VERSION,
            PROFILES,
            String.valueOf(parts.catalogue().version()),
            sharingBasis,
            now,
            now,
            shownMac
        };
    }

    private String prescriber() {
        return Objects.requireNonNullElse(
                Objects.requireNonNull(submission.prescriber()).number(), "");
    }

    private boolean needsSecondReview() {
        return !submission.reviewed() && ControlledRules.needsSecondReviewer(submission);
    }

    /// The prescription as it stands in the tables now, once [#row] was written.
    PrescriptionRow stored(Prescription prescription) {
        List<PrescriptionRow.LineDrug> drugs = new ArrayList<>();
        for (Line line : prescription.facts().lines()) {
            Submission.Order order = submission.orders().get(line.number() - 1);
            Drug drug = Objects.requireNonNull(order.drug());
            drugs.add(
                    new PrescriptionRow.LineDrug(
                            line.id(),
                            drug.code().value(),
                            order.productOnly(),
                            drug.preparationUnit(),
                            "active",
                            1));
        }
        return new PrescriptionRow(
                prescription,
                Objects.requireNonNull(frame),
                caller.organization(),
                1,
                now,
                key.wrapped(),
                patient.patientKey(),
                pickupCode,
                pickupToken,
                null,
                Reviews.NONE,
                prescriber(),
                needsSecondReview(),
                drugs);
    }

    List<Object[]> lineRows(Prescription prescription, List<DocumentParts.Part> documents) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Submission.Order order = submission.orders().get(i);
            Line line = prescription.facts().lines().get(i);
            Drug drug = Objects.requireNonNull(order.drug());
            Instant authored = Objects.requireNonNullElse(order.authoredOn(), now);
            rows.add(
                    new Object[] {
                        line.id(),
                        parts.config().region(),
                        task,
                        line.number(),
                        order.identifier(),
                        drug.code().value(),
                        order.productOnly(),
                        line.quantity(),
                        line.remaining(),
                        BigDecimal.ZERO,
                        drug.preparationUnit(),
                        "active",
                        authored,
                        validFrom().plus(supply(order)),
                        drug.substitutionSet(),
                        drug.genericName(),
                        key.seal(documents.get(i).content(), "MedicationRequest/" + line.id()),
                        1L,
                        now
                    });
        }
        return rows;
    }

    private static Duration supply(Submission.Order order) {
        BigDecimal known = Objects.requireNonNullElse(order.supplyDays(), BigDecimal.ONE);
        // A whole pack of which little is taken may last for years; nobody is asked so long after.
        BigDecimal days = known.min(SUPPLY_MOST);
        BigDecimal all = days.multiply(BigDecimal.valueOf(order.fills()));
        return Duration.ofMinutes(all.multiply(BigDecimal.valueOf(1440)).longValue());
    }

    List<Object[]> partRows(List<DocumentParts.Part> document) {
        List<Object[]> rows = new ArrayList<>();
        for (DocumentParts.Part part : document) {
            if (part.type().equals("MedicationRequest")) {
                continue;
            }
            rows.add(
                    new Object[] {
                        part.id(),
                        part.type(),
                        parts.config().region(),
                        task,
                        patient.id(),
                        caller.organizationId(),
                        part.text("identifier", "system"),
                        part.text("identifier", "value"),
                        part.text("status"),
                        null,
                        key.wrapped(),
                        key.seal(part.content(), part.type() + "/" + part.id()),
                        1L,
                        now,
                        now
                    });
        }
        return rows;
    }

    void history(Tx tx, Prescription prescription) {
        tx.start(
                PrescriptionStore.INSERT_HISTORY,
                task,
                1L,
                prescription.state().code(),
                null,
                null,
                null,
                shown,
                now,
                shownMac);
        List<Object[]> lines = new ArrayList<>();
        for (Line line : prescription.facts().lines()) {
            lines.add(new Object[] {line.id(), 1L, "active", line.remaining(), now});
        }
        tx.startBatch(PrescriptionStore.INSERT_LINE_HISTORY, lines);
    }

    private static byte[] asSigned(DocumentParts.Part line) {
        return DocumentParts.write(line.node()).getBytes(StandardCharsets.UTF_8);
    }
}
