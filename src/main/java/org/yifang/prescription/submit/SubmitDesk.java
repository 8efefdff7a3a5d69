package org.yifang.prescription.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.core.Future;

import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.Document;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.PickupToken;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.platform.Caller;
import org.yifang.platform.PrescribingLimits;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Fault;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.DocumentParts;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.PlatformExtensions;
import org.yifang.prescription.life.Prescription;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.life.Warnings;
import org.yifang.prescription.read.DocumentViews;
import org.yifang.registry.Consents;
import org.yifang.registry.NhsaStaff;
import org.yifang.registry.Patients;
import org.yifang.registry.Person;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Takes a prescription in: checks everything at once, keeps the original, makes the Task.
public final class SubmitDesk {
    /// Why a prescription is shared with whoever dispenses it (PIPL art. 13).
    private static final String CONSENT = "consent";

    private static final String STATUTORY_DUTY = "statutory-duty";

    /// What the desk needs of the other parts of the house.
    ///
    /// @param practitioner finds or registers a practitioner by staff number and name
    /// @param title the registered rank of a physician by staff number, in words, or null
    /// @param signature checks a signed Bundle (its JSON) that this client sent and tells what is
    ///   wrong with the signature, or null when it is good
    /// @param token signs a pick-up token for a new prescription
    public record Parts(
            Config config,
            Validation validation,
            Catalogue catalogue,
            Patients patients,
            Consents consents,
            Seal seal,
            BlindIndex index,
            Supplier<UUID> ids,
            BiFunction<String, String, UUID> practitioner,
            Function<String, @Nullable String> title,
            SignatureCheck signature,
            Function<PickupToken, String> token,
            BiConsumer<Tx, Access> audit,
            BiConsumer<Tx, Moment> moments) {}

    /// Tells what is wrong with a signature, or null when it is good.
    @FunctionalInterface
    public interface SignatureCheck {
        @Nullable String fault(byte[] bundle, String clientId);
    }

    /// What came of a submission.
    ///
    /// @param made what is stored now, null when the same had been submitted before
    public record Result(UUID task, @Nullable Made made, List<Finding> warnings) {}

    /// What is stored now.
    ///
    /// @param task as its hospital reads it, with the warnings
    public record Made(PrescriptionRow row, byte[] task) {}

    private final PrescriptionDesk desk;
    private final Parts parts;
    private final SubmitStore store = new SubmitStore();
    private final PrescribingLimits limits;

    public SubmitDesk(PrescriptionDesk desk, Parts parts) {
        this.desk = desk;
        this.parts = parts;
        this.limits = parts.config().prescribing();
    }

    private @Nullable Drug drug(String code) {
        return parts.catalogue().find(code).orElse(null);
    }

    /// A document that was read and judged.
    ///
    /// @param findings of its profile, to which the others are added
    /// @param json the document as JSON
    /// @param hash of its content, empty when it does not meet its profile
    private record Judged(
            Submission submission,
            List<Finding> findings,
            byte[] json,
            ObjectNode tree,
            byte[] hash,
            boolean signed) {
        boolean isFine() {
            return findings.stream().allMatch(Finding::warning);
        }
    }

    /// Every finding on a document, for `$validate`: those of the profile and those of the rules.
    public List<Finding> findings(Caller caller, byte[] body, Fhir.Format format) {
        return judge(caller, body, format).findings();
    }

    private Judged judge(Caller caller, byte[] body, Fhir.Format format) {
        Judged judged =
                parts.validation()
                        .judge(body, format, Validation.PRESCRIPTION_DOCUMENT, this::meetsProfile);
        Submission submission = judged.submission();
        // A prescription that was valid when it was made may be checked later, by anybody.
        String as =
                caller.is(org.yifang.platform.Role.HOSPITAL)
                        ? caller.organization()
                        : Objects.requireNonNullElse(submission.custodian(), "");
        // Not on the pool: a rule may ask the registry.
        judged.findings()
                .addAll(SubmissionRules.check(submission, as, desk.now(), limits, parts.title()));
        signature(caller, judged.signed(), body, format).ifPresent(judged.findings()::add);
        return judged;
    }

    private Judged meetsProfile(Document document, List<Finding> findings) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(PlatformExtensions.in(document.tree(), "Bundle"));
        boolean fine = all.stream().allMatch(Finding::warning);
        return new Judged(
                SubmissionReader.read(document.bundle(), this::drug),
                all,
                document.json(),
                document.tree(),
                fine ? CanonicalJson.contentHash(document.json()) : new byte[0],
                document.bundle().hasSignature());
    }

    /// Accepts a prescription, or tells all that is wrong with it.
    ///
    /// @throws Problem 422 with every finding; `RX-1409` when the number was used for another one
    public Result submit(Caller caller, byte[] body, Fhir.Format format) {
        Judged judged = judge(caller, body, format);
        Submission submission = judged.submission();
        List<Finding> findings = judged.findings();
        if (!judged.isFine()) {
            return sentBefore(caller, submission, judged.json())
                    .orElseThrow(() -> new Problem(findings));
        }
        String number = submission.numbers().iterator().next();
        // Before the transaction: a transaction within one would starve the pool.
        Incoming incoming =
                new Incoming(
                        submission,
                        number,
                        body,
                        format,
                        judged.tree(),
                        judged.hash(),
                        judged.signed(),
                        practitioners(judged.tree()),
                        findings);
        byte[] hash = incoming.hash();
        try {
            return desk.database().inTransaction(tx -> accept(tx, caller, incoming));
        } catch (RuntimeException failure) {
            // Two at once with one number: the other was first.
            if (Fault.isTaken(failure, "prescription_number")) {
                SubmitStore.Same same =
                        store.findSame(desk.database(), caller.organizationId(), number)
                                .orElseThrow(() -> failure);
                return desk.database()
                        .inTransaction(tx -> repeated(tx, caller, same, hash, findings));
            }
            throw failure;
        }
    }

    /// What is sent again gets its first answer, though it would be refused today: its validity may
    /// be over, or a rule be new.
    private Optional<Result> sentBefore(Caller caller, Submission submission, byte[] json) {
        if (submission.numbers().size() != 1) {
            return Optional.empty();
        }
        String number = submission.numbers().iterator().next();
        byte[] hash = CanonicalJson.contentHash(json);
        return store.findSame(desk.database(), caller.organizationId(), number)
                .filter(same -> MessageDigest.isEqual(same.contentHash(), hash))
                .map(same ->
                        desk.database()
                                .inTransaction(tx -> repeated(tx, caller, same, hash, List.of())));
    }

    private Optional<Finding> signature(
            Caller caller, boolean signed, byte[] body, Fhir.Format format) {
        if (!signed) {
            return parts.config().signatureRequired()
                    ? Optional.of(
                            finding(
                                    ProblemCode.SIGNATURE_MISSING,
                                    "The prescription is not signed.",
                                    "Sign it: Bundle.signature with a detached JWS."))
                    : Optional.empty();
        }
        if (format != Fhir.Format.JSON) {
            return Optional.of(
                    finding(
                            ProblemCode.SIGNATURE_BAD,
                            "A signed prescription must be JSON.",
                            "The signature is over canonical JSON (RFC 8785)."));
        }
        String fault = parts.signature().fault(body, caller.clientId());
        return fault == null
                ? Optional.empty()
                : Optional.of(
                        finding(
                                ProblemCode.SIGNATURE_BAD,
                                fault,
                                "Sign the canonical form of the Bundle without `signature`."));
    }

    private static Finding finding(ProblemCode code, String detail, String remedy) {
        return new Finding(code, detail, remedy, "Bundle.signature", false);
    }

    private Result repeated(
            Tx tx, Caller caller, SubmitStore.Same same, byte[] hash, List<Finding> warnings) {
        if (!MessageDigest.isEqual(same.contentHash(), hash)) {
            throw new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.KEY_REUSED,
                                    "This number was used for another prescription.",
                                    "Give a new prescription a new number.",
                                    "Bundle.identifier",
                                    false)),
                    Map.of("Location", parts.config().publicUrl() + "/fhir/Task/" + same.id()));
        }
        parts.audit()
                .accept(
                        tx,
                        Access.operation(
                                caller,
                                Action.SUBMIT_PRESCRIPTION.code(),
                                'E',
                                null,
                                List.of(same.patient()),
                                List.of(same.id()),
                                null));
        return new Result(same.id(), null, warnings);
    }

    /// A checked document on its way into the transaction.
    private record Incoming(
            Submission submission,
            String number,
            byte[] body,
            Fhir.Format format,
            ObjectNode tree,
            byte[] hash,
            boolean signed,
            Map<String, UUID> practitioners,
            List<Finding> warnings) {}

    private Result accept(Tx tx, Caller caller, Incoming incoming) {
        Instant now = desk.now();
        Submission submission = incoming.submission();
        String number = incoming.number();
        byte[] hash = incoming.hash();
        Submission.Person named = Objects.requireNonNull(submission.patient());
        // In one round trip; the patient of a repeated document is there already.
        var earlier = store.startSame(tx, caller.organizationId(), number);
        Patients.Known patient =
                parts.patients().findOrCreate(tx, person(named), parts.config().region(), now);
        Optional<SubmitStore.Same> same = earlier.await();
        if (same.isPresent()) {
            return repeated(tx, caller, same.get(), hash, incoming.warnings());
        }
        Boolean allowed = parts.consents().circulation(tx, patient.id()).await().orElse(null);
        if (Boolean.FALSE.equals(allowed) && !submission.issuingHospitalOnly()) {
            throw new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.NOT_TO_CIRCULATE,
                                    "The patient does not allow prescriptions to circulate.",
                                    "Prescribe for the hospital's own pharmacy (extension"
                                            + " `circulation`, `issuing-hospital`), or ask the"
                                            + " patient again (PUT Consent).",
                                    "Bundle.entry[0].resource",
                                    false)));
        }
        parts.patients().named(tx, patient, caller.organizationId(), person(named), now);
        DocumentKey key = parts.seal().newDocumentKey(patient.patientKey());
        UUID task = parts.ids().get();
        NewPrescription draft =
                new NewPrescription(
                        parts, desk.terms(), task, caller, submission, number, patient, key, now);
        List<DocumentParts.Part> document = document(incoming, caller, patient.id());
        List<DocumentParts.Part> lines =
                document.stream().filter(part -> part.type().equals("MedicationRequest")).toList();
        Prescription prescription = draft.prescription(lines);
        var overlaps =
                store.overlaps(
                        tx,
                        patient.id(),
                        task,
                        submission.orders().stream()
                                .map(order -> Objects.requireNonNull(order.drug()).genericName())
                                .toList(),
                        now);
        String predecessor = submission.predecessor();
        Future<Boolean> renews =
                predecessor == null
                        ? Future.succeededFuture(true)
                        : store.isOfPatient(tx, patient.id(), predecessor);
        String basis = Boolean.TRUE.equals(allowed) ? CONSENT : STATUTORY_DUTY;
        store.insert(
                tx,
                draft.row(
                        prescription,
                        basis,
                        incoming.body(),
                        incoming.format(),
                        hash,
                        incoming.signed(),
                        lines),
                draft.lineRows(prescription, lines),
                draft.partRows(document));
        draft.history(tx, prescription);
        String change = "-> " + prescription.state().path() + "; basis " + basis;
        parts.audit()
                .accept(
                        tx,
                        Access.operation(
                                        caller,
                                        Action.SUBMIT_PRESCRIPTION.code(),
                                        'C',
                                        null,
                                        List.of(patient.id()),
                                        List.of(task),
                                        change)
                                .committingTo("Task/" + task + "/1"));
        parts.moments()
                .accept(
                        tx,
                        new Moment(
                                number,
                                now,
                                Action.SUBMIT_PRESCRIPTION,
                                null,
                                prescription,
                                caller.organizationId(),
                                now,
                                visit(document)));
        List<Finding> all = new ArrayList<>(incoming.warnings());
        all.addAll(cautions(patient, overlaps.await()));
        if (!renews.await()) {
            all.add(
                    new Finding(
                            ProblemCode.PREDECESSOR,
                            "The prescription that this one renews is not known for this patient.",
                            "Check the number in `priorPrescription`.",
                            "Bundle.entry",
                            true));
        }
        PrescriptionRow stored = draft.stored(prescription);
        return new Result(
                task, new Made(stored, withWarnings(desk.task(stored, caller), all)), all);
    }

    /// The Task with its warnings contained, and an extension that points at them.
    public static byte[] withWarnings(byte[] task, List<Finding> warnings) {
        if (warnings.isEmpty()) {
            return task;
        }
        ObjectNode tree = DocumentParts.tree(task);
        tree.putArray("contained").add(DocumentParts.tree(Warnings.outcome(warnings, true)));
        ObjectNode extension = tree.withArray("extension").addObject();
        extension.put("url", FhirJson.EXTENSIONS + "warnings");
        extension.putObject("valueReference").put("reference", "#warnings");
        return Unsealing.text(DocumentParts.write(tree));
    }

    private static @Nullable String visit(List<DocumentParts.Part> document) {
        return document.stream()
                .filter(part -> part.type().equals("Encounter"))
                .map(part -> part.text("identifier", "value"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// What a pharmacist should look at before handing out: allergies and missing skin tests of the
    /// document, and what still runs from another prescription, without naming whose.
    public List<Finding> cautions(Tx tx, PrescriptionRow row, DocumentViews.Whole document) {
        Bundle bundle = Fhir.parse(Bundle.class, document.original(), document.format());
        Submission submission = SubmissionReader.read(bundle, this::drug);
        List<Finding> cautions =
                new ArrayList<>(SubmissionRules.cautions(submission, desk.now(), limits));
        List<String> names =
                submission.orders().stream()
                        .map(Submission.Order::drug)
                        .filter(Objects::nonNull)
                        .map(Drug::genericName)
                        .toList();
        UUID patient = row.frame().patient();
        cautions.addAll(
                overlapping(store.overlaps(tx, patient, row.id(), names, desk.now()).await()));
        return cautions;
    }

    private static List<Finding> overlapping(List<String> names) {
        // Where it was prescribed is not this caller's business.
        return names.stream()
                .map(name ->
                        new Finding(
                                ProblemCode.OVERLAP,
                                "`" + name + "` still runs from another prescription.",
                                "Ask the patient what is being taken.",
                                "Bundle.entry",
                                true))
                .toList();
    }

    private static List<Finding> cautions(Patients.Known patient, List<String> overlaps) {
        List<Finding> cautions = new ArrayList<>();
        if (patient.nameDiffers()) {
            cautions.add(
                    new Finding(
                            ProblemCode.NAME_DIFFERS,
                            "The registry knows this identity number by another name.",
                            "Check the patient's identity.",
                            "Bundle.entry",
                            true));
        }
        cautions.addAll(overlapping(overlaps));
        return cautions;
    }

    private static Person person(Submission.Person named) {
        return new Person(
                Objects.requireNonNull(named.system()),
                Objects.requireNonNull(named.number()),
                Objects.requireNonNull(named.name()),
                Objects.requireNonNullElse(named.gender(), "unknown"),
                Objects.requireNonNull(named.birthDate()),
                null);
    }

    private List<DocumentParts.Part> document(Incoming incoming, Caller caller, UUID patient) {
        String custodian = caller.organization();
        return DocumentParts.of(
                incoming.tree(),
                parts.ids(),
                node ->
                        switch (node.path("resourceType").asText()) {
                            case "Patient" -> patient;
                            case "Organization" ->
                                    node.path("identifier").toString().contains(custodian)
                                            ? caller.organizationId()
                                            : null;
                            case "Practitioner" -> {
                                String staff = staffNumber(node);
                                yield staff == null ? null : incoming.practitioners().get(staff);
                            }
                            default -> null;
                        });
    }

    /// The registry's ids of everybody whom the document names by staff number.
    private Map<String, UUID> practitioners(ObjectNode tree) {
        Map<String, UUID> found = new HashMap<>();
        for (JsonNode entry : tree.path("entry")) {
            JsonNode resource = entry.path("resource");
            String staff =
                    "Practitioner".equals(resource.path("resourceType").asText())
                            ? staffNumber(resource)
                            : null;
            if (staff != null) {
                String name = resource.path("name").path(0).path("text").asText(staff);
                found.put(staff, parts.practitioner().apply(staff, name));
            }
        }
        return found;
    }

    private static @Nullable String staffNumber(JsonNode practitioner) {
        for (JsonNode identifier : practitioner.path("identifier")) {
            if (identifier.path("system").asText().equals(NhsaStaff.SYSTEM)) {
                return identifier.path("value").asText();
            }
        }
        return null;
    }
}
