package org.yifang.prescription.hospital;

import org.hl7.fhir.r4.model.Reference;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.CirculationRules;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.HospitalRules;
import org.yifang.prescription.life.Persons;
import org.yifang.prescription.life.Pharmacy;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.Review.Reviewer;
import org.yifang.prescription.paper.References;
import org.yifang.prescription.review.ReviewRules;
import org.yifang.prescription.submit.SubmitDesk;
import org.yifang.registry.ConsentStore;
import org.yifang.registry.Organizations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The operations of hospitals, reviewers, patients and the bureau on a prescription. A route reads
/// the request, asks the desk, writes the answer; it decides nothing.
public final class PrescriptionRoutes {
    private final PrescriptionDesk desk;
    private final SubmitDesk submitDesk;
    private final Persons persons;
    private final ConsentStore consents;
    private final Organizations organizations;

    public PrescriptionRoutes(
            PrescriptionDesk desk,
            SubmitDesk submitDesk,
            Persons persons,
            ConsentStore consents,
            Organizations organizations) {
        this.desk = desk;
        this.submitDesk = submitDesk;
        this.persons = persons;
        this.consents = consents;
        this.organizations = organizations;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.system(Action.SUBMIT_PRESCRIPTION.code())
                        .roles(Role.HOSPITAL)
                        .scope("Bundle.c")
                        .handler(this::submit));
        fhir.mount(
                Operation.instance(Action.REVIEW.code(), "Task")
                        .expecting()
                        .roles(Role.REVIEWER)
                        .keyed()
                        .handler(desk.once(this::review)));
        fhir.mount(
                Operation.instance(Action.CANCEL.code(), "Task")
                        .expecting()
                        .roles(Role.HOSPITAL)
                        .keyed()
                        .handler(desk.once(this::cancel)));
        fhir.mount(
                Operation.instance(Action.SUSPEND.code(), "Task")
                        .expecting()
                        .roles(Role.HOSPITAL, Role.BUREAU)
                        .keyed()
                        .handler(desk.once(this::suspend)));
        fhir.mount(
                Operation.instance(Action.RESUME.code(), "Task")
                        .expecting()
                        .roles(Role.HOSPITAL, Role.BUREAU)
                        .keyed()
                        .handler(desk.once(this::resume)));
        fhir.mount(
                Operation.instance(Action.CHOOSE_PHARMACY.code(), "Task")
                        .expecting()
                        .roles(Role.PATIENT, Role.HOSPITAL)
                        .keyed()
                        .handler(desk.once(this::choose)));
    }

    private Answer submit(Exchange exchange) {
        Caller caller = exchange.caller();
        Exchange.Sent sent = exchange.sent();
        SubmitDesk.Result result = submitDesk.submit(caller, sent.bytes(), sent.format());
        exchange.audited();
        PrescriptionRow row = result.row();
        Answer answer =
                Answer.ok(result.task())
                        .withVersion(row.version(), row.updatedAt())
                        .withLocation("Task/" + row.id());
        return result.isNew() ? answer.withStatus(201) : answer;
    }

    private Answer review(Exchange exchange) {
        Caller caller = exchange.caller();
        Act act = persons.act(caller, Action.REVIEW);
        Inputs in = exchange.inputs();
        String decision = in.code("decision");
        Reason reason = Reason.of(in.findConcept("reason"), "review-reason");
        List<ReviewRules.Check> checks = new ArrayList<>();
        for (Inputs check : in.parts("check")) {
            checks.add(new ReviewRules.Check(check.code("item"), check.code("result")));
        }
        boolean approve = "approve".equals(decision);
        if (!approve && !"refuse".equals(decision)) {
            in.refuse(
                    "decision",
                    "The decision is `" + decision + "`.",
                    "Give `approve` or `refuse`.");
        }
        in.done();
        Reviewer by = new Reviewer(caller.clientId(), caller.person().id());
        ReviewRules.Judgement told = new ReviewRules.Judgement(by, approve, reason, checks);
        return answer(
                exchange,
                desk.apply(
                        act,
                        exchange.id(),
                        (row, now) -> ReviewRules.reviewed(row, told, now),
                        (tx, row, now) -> ReviewRules.decide(row, told)));
    }

    private Answer cancel(Exchange exchange) {
        Inputs in = exchange.inputs();
        Reason reason = Reason.of(in.concept("reason"), "cancel-reason");
        in.done();
        Caller caller = exchange.caller();
        return answer(
                exchange,
                desk.apply(
                        Act.of(caller, Action.CANCEL),
                        exchange.id(),
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
                        Act.of(caller, Action.SUSPEND),
                        exchange.id(),
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
                        Act.of(caller, Action.RESUME),
                        exchange.id(),
                        PrescriptionDesk.because(Reason.NONE),
                        (tx, row, now) -> resume(tx, row)));
    }

    private Decision resume(Tx tx, PrescriptionRow row) {
        Decision made = HospitalRules.resume(row.prescription());
        if (!(made instanceof Changed)) {
            return made;
        }
        Boolean allowed = consents.circulation(tx, row.frame().patient()).await().orElse(null);
        Refused not = CirculationRules.mayNot(row, allowed);
        return not == null ? made : not;
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
                        Act.of(caller, Action.CHOOSE_PHARMACY),
                        exchange.id(),
                        PrescriptionDesk::unchanged,
                        (tx, row, now) -> ClaimRules.choose(row.prescription(), pharmacy)));
    }

    private Pharmacy pharmacy(Reference reference) {
        UUID id = References.id(reference, "Organization");
        return Optional.ofNullable(id)
                .flatMap(one -> Pharmacy.find(organizations, one))
                .orElseThrow(() ->
                        new Problem(
                                ProblemCode.PHARMACY_UNKNOWN,
                                "There is no pharmacy `" + reference.getReference() + "`.",
                                "Give Organization/id of a pharmacy of the registry."));
    }

    private Answer answer(Exchange exchange, PrescriptionDesk.Outcome outcome) {
        exchange.audited();
        PrescriptionRow row = outcome.orThrow();
        return Answer.ok(outcome.shown()).withVersion(row.version(), row.updatedAt());
    }
}
