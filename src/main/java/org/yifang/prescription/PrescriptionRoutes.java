package org.yifang.prescription;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Answer;
import org.yifang.fhir.Exchange;
import org.yifang.fhir.FhirJson;
import org.yifang.fhir.FhirRouter;
import org.yifang.fhir.Inputs;
import org.yifang.fhir.Operation;
import org.yifang.identity.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;
import org.yifang.platform.Role;
import org.yifang.prescription.Decision.*;
import org.yifang.prescription.Prescription.*;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/// The operations of hospitals, reviewers, patients and the bureau on a prescription. A route reads
/// the request, asks the desk, writes the answer; it decides nothing.
public final class PrescriptionRoutes {
    /// The seven items of a review (处方管理办法 art. 35).
    private static final List<String> REVIEW_ITEMS =
            List.of(
                    "skin-test",
                    "diagnosis",
                    "dosage",
                    "form-and-route",
                    "duplication",
                    "interaction",
                    "other");

    private final PrescriptionDesk desk;
    private final SubmitDesk submitDesk;
    private final Opening opening;
    private final Function<UUID, @Nullable Pharmacy> pharmacies;

    /// @param pharmacies finds a pharmacy by its Organization id, else null
    public PrescriptionRoutes(
            PrescriptionDesk desk,
            SubmitDesk submitDesk,
            Seal seal,
            Function<UUID, @Nullable Pharmacy> pharmacies) {
        this.desk = desk;
        this.submitDesk = submitDesk;
        this.opening = new Opening(seal);
        this.pharmacies = pharmacies;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.system("submit-prescription")
                        .roles(Role.HOSPITAL)
                        .scope("Bundle.c")
                        .handler(this::submit));
        fhir.mount(
                Operation.instance("review", "Task")
                        .roles(Role.REVIEWER)
                        .keyed()
                        .handler(desk.once(this::review, opening)));
        fhir.mount(
                Operation.instance("cancel", "Task")
                        .roles(Role.HOSPITAL)
                        .keyed()
                        .handler(desk.once(this::cancel, opening)));
        fhir.mount(
                Operation.instance("suspend", "Task")
                        .roles(Role.HOSPITAL, Role.BUREAU)
                        .keyed()
                        .handler(desk.once(this::suspend, opening)));
        fhir.mount(
                Operation.instance("resume", "Task")
                        .roles(Role.HOSPITAL, Role.BUREAU)
                        .keyed()
                        .handler(desk.once(this::resume, opening)));
        fhir.mount(
                Operation.instance("choose-pharmacy", "Task")
                        .roles(Role.PATIENT, Role.HOSPITAL)
                        .keyed()
                        .handler(desk.once(this::choose, opening)));
    }

    private Answer submit(Exchange exchange) {
        Caller caller = exchange.caller();
        Bundle bundle = exchange.resource(Bundle.class);
        SubmitDesk.Result result =
                submitDesk.submit(caller, bundle, exchange.body(), exchange.format());
        exchange.audited();
        PrescriptionRow row = desk.read(result.task());
        byte[] task = opening.task(row, caller, desk.terms(), row.updatedAt());
        if (!result.warnings().isEmpty()) {
            task = withWarnings(task, result.warnings());
        }
        return Answer.ok(task)
                .withStatus(result.repeated() ? 200 : 201)
                .withVersion(row.version(), row.updatedAt())
                .withLocation("Task/" + row.id());
    }

    /// The Task with its warnings contained, and an extension that points at them.
    private static byte[] withWarnings(byte[] task, List<Problem.Finding> warnings) {
        var tree = DocumentParts.tree(task);
        tree.putArray("contained").add(DocumentParts.tree(Warnings.outcome(warnings, true)));
        var extension = tree.withArray("extension").addObject();
        extension.put("url", FhirJson.EXTENSIONS + "warnings");
        extension.putObject("valueReference").put("reference", "#warnings");
        return Opening.text(DocumentParts.write(tree));
    }

    private Answer review(Exchange exchange) {
        Inputs in = exchange.inputs();
        String decision = in.code("decision");
        Reason reason = Reason.of(in.findConcept("reason"), "review-reason");
        List<Inputs> checks = in.parts("check");
        java.util.Map<String, String> results = new java.util.TreeMap<>();
        for (Inputs check : checks) {
            results.put(check.code("item"), check.code("result"));
        }
        boolean approve = "approve".equals(decision);
        if (!approve && !"refuse".equals(decision)) {
            in.refuse(
                    "decision",
                    "The decision is `" + decision + "`.",
                    "Give `approve` or `refuse`.");
        }
        in.done();
        Caller caller = exchange.caller();
        String reviewer =
                Objects.requireNonNullElse(caller.person().id(), "client:" + caller.clientId());
        Refused incomplete = approve ? incomplete(results) : null;
        return answer(
                exchange,
                desk.apply(
                        caller,
                        "review",
                        exchange.id(),
                        row -> mayReview(caller, row),
                        row -> PrescriptionDesk.because(reason).apply(row).withReviewer(reviewer),
                        (tx, row, now) -> {
                            Decision made = HospitalRules.review(row.prescription(), approve);
                            if (made instanceof Changed && incomplete != null) {
                                return incomplete;
                            }
                            if (made instanceof Changed && approve && row.secondReview()) {
                                return second(row, reviewer, made);
                            }
                            return made instanceof Refused refused
                                    ? repeated(row, reviewer, approve, refused)
                                    : made;
                        }));
    }

    /// A first approval of two leaves the state as it is; the same person cannot be the second.
    private static Decision second(PrescriptionRow row, String reviewer, Decision made) {
        if (row.reviewer() == null) {
            return new Changed(row.prescription());
        }
        return row.reviewer().equals(reviewer)
                ? new Refused(
                        ProblemCode.SECOND_REVIEWER,
                        "The drug asks for a second reviewer, and the first was the same person.",
                        "Another pharmacist reviews it (处方管理办法 art. 44).")
                : made;
    }

    /// The same reviewer approving again gets the first answer, whatever became of it since.
    private static Decision repeated(
            PrescriptionRow row, String reviewer, boolean approve, Refused refused) {
        boolean approved =
                switch (row.prescription()) {
                    case AwaitingReview _, ReviewRefused _ -> false;
                    case Suspended suspended -> suspended.from() != State.AWAITING_REVIEW;
                    case AwaitingClaim _,
                            Claimed _,
                            PartlyDispensed _,
                            RestAwaitingClaim _,
                            AwaitingNextFill _,
                            Dispensed _,
                            Cancelled _,
                            RestCancelled _,
                            Expired _,
                            RestExpired _ ->
                            true;
                };
        return approve && approved && reviewer.equals(row.reviewer())
                ? new Unchanged(row.prescription())
                : refused;
    }

    private static @Nullable Refused incomplete(java.util.Map<String, String> results) {
        List<String> missing =
                REVIEW_ITEMS.stream().filter(item -> !results.containsKey(item)).toList();
        if (!missing.isEmpty()) {
            return new Refused(
                    ProblemCode.REVIEW_INCOMPLETE,
                    "The items `" + String.join("`, `", missing) + "` are not reviewed.",
                    "Give a result for each of the seven (处方管理办法 art. 35).");
        }
        List<String> failed =
                results.entrySet().stream()
                        .filter(one -> !List.of("pass", "not-applicable").contains(one.getValue()))
                        .map(java.util.Map.Entry::getKey)
                        .toList();
        return failed.isEmpty()
                ? null
                : new Refused(
                        ProblemCode.REVIEW_INCOMPLETE,
                        "The items `" + String.join("`, `", failed) + "` did not pass.",
                        "Refuse the prescription, or settle it with the prescriber.");
    }

    /// The hospital's registered reviewers; the county's pool once the review is due.
    private boolean mayReview(Caller caller, PrescriptionRow row) {
        var due = row.frame().reviewDue();
        boolean pool =
                due != null
                        && row.prescription() instanceof AwaitingReview
                        && !desk.now().isBefore(due);
        return due != null && (caller.reviewsFor().contains(row.hospitalNumber()) || pool);
    }

    static boolean isOwn(Caller caller, PrescriptionRow row) {
        return switch (caller.role()) {
            case HOSPITAL -> row.frame().hospital().equals(caller.organizationId());
            case PATIENT -> row.frame().patient().equals(caller.patientId());
            case BUREAU -> true;
            case REVIEWER, PHARMACY, AUDITOR -> false;
        };
    }

    private Answer cancel(Exchange exchange) {
        Inputs in = exchange.inputs();
        Reason reason = Reason.of(in.concept("reason"), "cancel-reason");
        in.done();
        Caller caller = exchange.caller();
        return answer(
                exchange,
                desk.apply(
                        caller,
                        "cancel",
                        exchange.id(),
                        row -> isOwn(caller, row),
                        PrescriptionDesk.because(reason),
                        (tx, row, now) -> HospitalRules.cancel(row.prescription())));
    }

    private Answer suspend(Exchange exchange) {
        Inputs in = exchange.inputs();
        Reason reason = Reason.of(in.concept("reason"), "suspend-reason");
        var until = in.findInstant("until");
        if (until != null && !until.isAfter(exchange.now())) {
            in.refuse("until", "The suspension would be over already.", "Give a later moment.");
        }
        in.done();
        Caller caller = exchange.caller();
        return answer(
                exchange,
                desk.apply(
                        caller,
                        "suspend",
                        exchange.id(),
                        row -> isOwn(caller, row),
                        PrescriptionDesk.because(reason),
                        (tx, row, now) -> HospitalRules.suspend(row.prescription(), until)));
    }

    private Answer resume(Exchange exchange) {
        Inputs in = exchange.inputs();
        in.findConcept("reason");
        in.done();
        Caller caller = exchange.caller();
        return answer(
                exchange,
                desk.apply(
                        caller,
                        "resume",
                        exchange.id(),
                        row -> isOwn(caller, row),
                        PrescriptionDesk::withoutReason,
                        (tx, row, now) -> HospitalRules.resume(row.prescription())));
    }

    private Answer choose(Exchange exchange) {
        Inputs in = exchange.inputs();
        Reference reference = in.findReference("pharmacy");
        String requestedBy = in.findCode("requested-by");
        Caller caller = exchange.caller();
        if (caller.is(Role.HOSPITAL) && !"patient".equals(requestedBy)) {
            in.refuse(
                    "requested-by",
                    "A hospital chooses only at the patient's request.",
                    "Give `requested-by` = `patient` when the patient asked for it.");
        }
        in.done();
        Pharmacy pharmacy = reference == null ? null : pharmacy(reference);
        return answer(
                exchange,
                desk.apply(
                        caller,
                        "choose-pharmacy",
                        exchange.id(),
                        row -> isOwn(caller, row),
                        row -> row,
                        (tx, row, now) -> ClaimRules.choose(row.prescription(), pharmacy)));
    }

    private Pharmacy pharmacy(Reference reference) {
        UUID id = HandedReader.id(reference, "Organization");
        Pharmacy found = id == null ? null : pharmacies.apply(id);
        if (found == null) {
            throw new Problem(
                    ProblemCode.PHARMACY_UNKNOWN,
                    "There is no pharmacy `" + reference.getReference() + "`.",
                    "Give Organization/id of a pharmacy of the registry.");
        }
        return found;
    }

    private Answer answer(Exchange exchange, PrescriptionDesk.Outcome outcome) {
        exchange.audited();
        PrescriptionRow row = outcome.orThrow();
        return Answer.ok(opening.task(row, exchange.caller(), desk.terms(), row.updatedAt()))
                .withVersion(row.version(), row.updatedAt());
    }
}
