package org.yifang.prescription.submit;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Access;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.platform.Caller;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Fault;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Warnings;
import org.yifang.registry.ConsentStore;
import org.yifang.registry.Patients;
import org.yifang.registry.Person;
import org.yifang.registry.Practitioners;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Takes a prescription in: keeps the original, makes the Task, or tells all that is wrong.
public final class SubmitDesk {
    /// Why a prescription is shared with whoever dispenses it (PIPL art. 13).
    private static final String CONSENT = "consent";

    private static final String STATUTORY_DUTY = "statutory-duty";

    /// What came of a submission.
    ///
    /// @param row what is stored now
    /// @param task the same as its hospital reads it, with the warnings
    /// @param isNew false when the same had been submitted before
    public record Result(PrescriptionRow row, byte[] task, boolean isNew) {}

    private final PrescriptionDesk desk;
    private final Config config;
    private final DocumentCheck check;
    private final Drafting drafting;
    private final Patients patients;
    private final Practitioners practitioners;
    private final ConsentStore consents;
    private final Audit audit;
    private final MomentListener moments;
    private final SubmitStore store = new SubmitStore();

    /// @param audit appends to the audit log in the same transaction
    /// @param moments hears of it in the same transaction
    public SubmitDesk(
            PrescriptionDesk desk,
            Config config,
            DocumentCheck check,
            Drafting drafting,
            Patients patients,
            Practitioners practitioners,
            ConsentStore consents,
            Audit audit,
            MomentListener moments) {
        this.desk = desk;
        this.config = config;
        this.check = check;
        this.drafting = drafting;
        this.patients = patients;
        this.practitioners = practitioners;
        this.consents = consents;
        this.audit = audit;
        this.moments = moments;
    }

    /// Accepts a prescription, or tells all that is wrong with it.
    ///
    /// @throws Problem 422 with every finding; `RX-1409` when the number was used for another one
    public Result submit(Caller caller, byte[] body, Fhir.Format format) {
        CheckedDocument document = check.check(caller, body, format);
        if (!document.isFine()) {
            return sentBefore(caller, document).orElseThrow(() -> new Problem(document.findings()));
        }
        // Before the transaction: a transaction within one would starve the pool.
        Map<String, UUID> people =
                DocumentPeople.register(
                        document.tree(), practitioners, config.region(), desk.now());
        try {
            return desk.database().inTransaction(tx -> accept(tx, caller, document, people));
        } catch (RuntimeException failure) {
            // Two at once with one number: the other was first.
            if (Fault.isTaken(failure, "prescription_number")) {
                SubmitStore.Same same =
                        store.findSame(desk.database(), caller.organizationId(), document.number())
                                .orElseThrow(() -> failure);
                return desk.database()
                        .inTransaction(tx ->
                                repeated(tx, caller, same, document.hash(), document.findings()));
            }
            throw failure;
        }
    }

    /// What is sent again gets its first answer, though it would be refused today: its validity may
    /// be over, or a rule be new.
    private Optional<Result> sentBefore(Caller caller, CheckedDocument document) {
        if (document.submission().numbers().size() != 1) {
            return Optional.empty();
        }
        byte[] hash = CanonicalJson.contentHash(document.json());
        return store.findSame(desk.database(), caller.organizationId(), document.number())
                .filter(same -> MessageDigest.isEqual(same.contentHash(), hash))
                .map(same ->
                        desk.database()
                                .inTransaction(tx -> repeated(tx, caller, same, hash, List.of())));
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
                    Map.of("Location", config.publicUrl() + "/fhir/Task/" + same.id()));
        }
        audit.append(tx, access(caller, 'E', same.patient(), same.id(), null));
        return result(desk.read(tx, same.id()), caller, warnings, false);
    }

    private static Access access(
            Caller caller, char act, UUID patient, UUID task, @Nullable String change) {
        return Access.operation(
                caller,
                Action.SUBMIT_PRESCRIPTION.code(),
                act,
                null,
                List.of(patient),
                List.of(task),
                change);
    }

    private Result accept(
            Tx tx, Caller caller, CheckedDocument document, Map<String, UUID> practitionerIds) {
        Instant now = desk.now();
        Submission submission = document.submission();
        Person named = person(Objects.requireNonNull(submission.patient()));
        UUID hospital = caller.organizationId();
        // In one round trip; the patient of a repeated document is there already.
        var earlier = store.startSame(tx, hospital, document.number());
        Patients.RegisteredPatient patient = patients.findOrCreate(tx, named, config.region(), now);
        Optional<SubmitStore.Same> same = earlier.await();
        if (same.isPresent()) {
            return repeated(tx, caller, same.get(), document.hash(), document.findings());
        }
        String basis = sharingBasis(tx, submission, patient.id());
        patients.named(tx, patient, hospital, named, now);
        NewPrescription one =
                drafting.draft(
                        caller,
                        document,
                        new DocumentPeople(caller, patient.id(), practitionerIds),
                        patient,
                        basis,
                        now);
        Future<List<Finding>> cautions = cautions(tx, one);
        store.insert(tx, one);
        String change = "-> " + one.prescription().state().path() + "; basis " + basis;
        audit.append(
                tx,
                access(caller, 'C', patient.id(), one.id(), change)
                        .committingTo("Task/" + one.id() + "/1"));
        moments.hear(
                tx,
                new Moment(
                        document.number(),
                        now,
                        Action.SUBMIT_PRESCRIPTION,
                        null,
                        one.prescription(),
                        hospital,
                        now,
                        one.visit()));
        List<Finding> warnings = new ArrayList<>(document.findings());
        warnings.addAll(cautions.await());
        return result(one.row(), caller, warnings, true);
    }

    /// The answer is made before the commit: what cannot be answered is not done either.
    private Result result(
            PrescriptionRow row, Caller caller, List<Finding> warnings, boolean isNew) {
        byte[] task = Warnings.on(desk.task(row, caller), warnings, caller.language());
        return new Result(row, task, isNew);
    }

    /// Why this prescription may be shared with whoever dispenses it.
    ///
    /// @throws Problem when the patient does not allow it
    private String sharingBasis(Tx tx, Submission submission, UUID patient) {
        Boolean allowed = consents.circulation(tx, patient).await().orElse(null);
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
        return Boolean.TRUE.equals(allowed) ? CONSENT : STATUTORY_DUTY;
    }

    /// What prescriber and pharmacist should look at, by what is known of the patient; asked before
    /// the new prescription is written.
    private Future<List<Finding>> cautions(Tx tx, NewPrescription one) {
        Submission submission = one.submission();
        UUID patient = one.patient().id();
        Future<List<String>> overlaps =
                store.overlaps(
                        tx,
                        patient,
                        one.id(),
                        submission.orders().stream()
                                .map(order -> Objects.requireNonNull(order.drug()).genericName())
                                .toList(),
                        one.at());
        String predecessor = submission.predecessor();
        Future<Boolean> renews =
                predecessor == null
                        ? Future.succeededFuture(true)
                        : store.isOfPatient(tx, patient, predecessor);
        return overlaps.compose(running ->
                renews.map(known -> cautions(one.patient().nameDiffers(), running, known)));
    }

    private static List<Finding> cautions(
            boolean nameDiffers, List<String> overlaps, boolean predecessorKnown) {
        List<Finding> cautions = new ArrayList<>();
        if (nameDiffers) {
            cautions.add(
                    new Finding(
                            ProblemCode.NAME_DIFFERS,
                            "The registry knows this identity number by another name.",
                            "Check the patient's identity.",
                            "Bundle.entry",
                            true));
        }
        cautions.addAll(Cautions.overlapping(overlaps));
        if (!predecessorKnown) {
            cautions.add(
                    new Finding(
                            ProblemCode.PREDECESSOR,
                            "The prescription that this one renews is not known for this patient.",
                            "Check the number in `priorPrescription`.",
                            "Bundle.entry",
                            true));
        }
        return cautions;
    }

    private static Person person(Submission.Person named) {
        return new Person(
                Objects.requireNonNull(named.system()),
                Objects.requireNonNull(named.number()),
                Objects.requireNonNull(named.name()),
                Objects.requireNonNullElse(named.gender(), "unknown"),
                Objects.requireNonNull(named.birthDate()),
                named.phone());
    }
}
