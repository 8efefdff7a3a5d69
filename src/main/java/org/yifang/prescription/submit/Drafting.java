package org.yifang.prescription.submit;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.DrugCode;
import org.yifang.fhir.json.FhirJson;
import org.yifang.identity.client.PickupCode;
import org.yifang.identity.client.PickupToken;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.Line;
import org.yifang.prescription.life.PickupIndexStore;
import org.yifang.prescription.life.Prescription;
import org.yifang.prescription.life.Prescription.AwaitingClaim;
import org.yifang.prescription.life.Prescription.AwaitingReview;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.TaskJson;
import org.yifang.prescription.life.Terms;
import org.yifang.prescription.life.TimeRules;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.prescription.paper.FurtherTokens;
import org.yifang.prescription.paper.PickupTokens;
import org.yifang.prescription.paper.RxNumbers;
import org.yifang.prescription.submit.NewPrescription.NewLine;
import org.yifang.prescription.submit.NewPrescription.NewPart;
import org.yifang.prescription.submit.NewPrescription.Pickup;
import org.yifang.registry.Patients;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Makes of a checked document what goes into the tables: ids, lines, sealed parts, what opens it
/// at a counter.
public final class Drafting {
    private static final BigDecimal SUPPLY_MOST = new BigDecimal("366");

    private final Uuid7 ids;
    private final Seal seal;
    private final BlindIndexes indexes;
    private final PickupTokens tokens;
    private final Catalogue catalogue;
    private final Terms terms;
    private final String region;

    /// @param ids makes UUIDv7
    /// @param region GB/T 2260, six digits
    public Drafting(
            Uuid7 ids,
            Seal seal,
            BlindIndexes indexes,
            PickupTokens tokens,
            Catalogue catalogue,
            Terms terms,
            String region) {
        this.ids = ids;
        this.seal = seal;
        this.indexes = indexes;
        this.tokens = tokens;
        this.catalogue = catalogue;
        this.terms = terms;
        this.region = region;
    }

    /// @param sharingBasis why it is shared with whoever dispenses it
    NewPrescription draft(
            Caller caller,
            CheckedDocument document,
            DocumentPeople people,
            Patients.RegisteredPatient patient,
            String sharingBasis,
            Instant now) {
        Submission submission = document.submission();
        DocumentKey key = seal.newDocumentKey(patient.patientKey());
        UUID id = ids.get();
        UUID bundle = ids.get();
        UUID original = ids.get();
        List<DocumentParts.Part> parts = DocumentParts.of(document.tree(), ids, people);
        List<DocumentParts.Part> requests = parts.stream().filter(Drafting::isLine).toList();
        Prescription prescription =
                prescription(id, caller.organizationId(), patient.id(), submission, requests, now);
        TaskFrame frame =
                new TaskFrame(
                        id,
                        document.number(),
                        caller.organizationId(),
                        patient.id(),
                        bundle,
                        original,
                        submission.priority(),
                        now,
                        submission.reviewed() ? null : now.plus(terms.reviewWithin()),
                        Reason.NONE,
                        null,
                        requests.stream().map(DocumentParts.Part::id).toList(),
                        sharingBasis);
        byte[] task = TaskJson.write(frame, prescription, terms, 1, now);
        return new NewPrescription(
                caller,
                document,
                patient,
                region,
                prescription,
                frame,
                task,
                seal.vouch("Task/" + frame.id() + "/1", task),
                TimeRules.due(prescription, terms),
                key.wrapped(),
                key.seal(document.body(), "Binary/" + original),
                Dated.at(document.tree(), "timestamp"),
                pickup(prescription.facts(), requests, key),
                String.valueOf(catalogue.version()),
                lines(prescription.facts(), submission, requests, key, now),
                parts(frame, parts, key));
    }

    private static boolean isLine(DocumentParts.Part part) {
        return part.type().equals("MedicationRequest");
    }

    private static Prescription prescription(
            UUID id,
            UUID hospital,
            UUID patient,
            Submission submission,
            List<DocumentParts.Part> requests,
            Instant now) {
        Submission.Order first = submission.orders().getFirst();
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            BigDecimal units = Objects.requireNonNull(submission.orders().get(i).units());
            lines.add(new Line(requests.get(i).id(), i + 1, units, units, BigDecimal.ZERO));
        }
        Facts facts =
                new Facts(
                        id,
                        hospital,
                        patient,
                        first.opens(now),
                        first.ends(now),
                        submission.issuingHospitalOnly(),
                        null,
                        1,
                        first.fills(),
                        Duration.ofDays(first.intervalDays()),
                        lines,
                        null);
        return submission.reviewed() ? new AwaitingClaim(facts) : new AwaitingReview(facts);
    }

    private Pickup pickup(Facts facts, List<DocumentParts.Part> requests, DocumentKey key) {
        String code = PickupCode.generate();
        String token =
                tokens.sign(
                        PickupToken.of(
                                facts.id(),
                                facts.validFrom(),
                                facts.validUntil(),
                                requests.stream().map(Drafting::asSigned).toList()));
        BlindIndexes.Writing under = indexes.writing();
        return new Pickup(
                under.number(),
                PickupIndexStore.of(under.index(), code),
                key.seal(code.getBytes(StandardCharsets.UTF_8), "pickup-code/" + facts.id()),
                key.seal(token.getBytes(StandardCharsets.UTF_8), "pickup-token/" + facts.id()));
    }

    private static byte[] asSigned(DocumentParts.Part line) {
        return DocumentParts.write(line.node()).getBytes(StandardCharsets.UTF_8);
    }

    private List<NewLine> lines(
            Facts facts,
            Submission submission,
            List<DocumentParts.Part> requests,
            DocumentKey key,
            Instant now) {
        List<NewLine> lines = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Submission.Order order = submission.orders().get(i);
            Line line = facts.lines().get(i);
            lines.add(
                    new NewLine(
                            region,
                            facts.id(),
                            line,
                            order,
                            Dated.of(requests.get(i)).or(now),
                            requests.get(i).text("priority"),
                            further(requests.get(i), order, submission),
                            facts.validFrom().plus(supply(order)),
                            Dated.events(line.id(), requests.get(i).node()),
                            key.seal(requests.get(i).content(), "MedicationRequest/" + line.id()),
                            now));
        }
        return lines;
    }

    private static @Nullable String further(
            DocumentParts.Part line, Submission.Order order, Submission submission) {
        JsonNode node = line.node();
        return new FurtherTokens()
                .codings(
                        "code",
                        node.path("medicationCodeableConcept"),
                        DrugCode.SYSTEM,
                        Objects.requireNonNullElse(order.code(), ""))
                .codings(
                        "category",
                        node.path("category"),
                        FhirJson.SYSTEMS + "prescription-type",
                        Objects.requireNonNullElse(submission.orders().getFirst().category(), ""))
                .identifiers(node.path("identifier"), RxNumbers.LINE, order.identifier())
                .kept();
    }

    private static Duration supply(Submission.Order order) {
        BigDecimal known = Objects.requireNonNullElse(order.supplyDays(), BigDecimal.ONE);
        // A whole pack of which little is taken may last for years; nobody is asked so long after.
        BigDecimal days = known.min(SUPPLY_MOST);
        BigDecimal all = days.multiply(BigDecimal.valueOf(order.fills()));
        return Duration.ofMinutes(all.multiply(BigDecimal.valueOf(1440)).longValue());
    }

    private List<NewPart> parts(TaskFrame frame, List<DocumentParts.Part> all, DocumentKey key) {
        return all.stream()
                .filter(part -> !isLine(part))
                .map(part ->
                        new NewPart(
                                part,
                                region,
                                frame.id(),
                                frame.patient(),
                                frame.hospital(),
                                key.wrapped(),
                                key.seal(part.content(), part.type() + "/" + part.id()),
                                frame.createdAt()))
                .toList();
    }
}
