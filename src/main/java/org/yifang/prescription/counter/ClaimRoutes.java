package org.yifang.prescription.counter;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.identity.client.PickupCode;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.CirculationRules;
import org.yifang.prescription.life.Claim;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.life.CommandRule;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.Persons;
import org.yifang.prescription.life.Pharmacy;
import org.yifang.prescription.life.PickupIndexStore;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.life.Warnings;
import org.yifang.prescription.paper.PickupAddress;
import org.yifang.prescription.paper.PickupTokens;
import org.yifang.prescription.read.DocumentViews;
import org.yifang.prescription.submit.Cautions;
import org.yifang.registry.ConsentStore;
import org.yifang.registry.Organizations;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// The operations by which a pharmacy holds a prescription: claim, renew, release, progress.
public final class ClaimRoutes {
    private final PrescriptionDesk desk;
    private final Persons persons;
    private final Organizations organizations;
    private final ConsentStore consents;
    private final BlindIndexes indexes;
    private final PickupTokens pickupTokens;
    private final ClaimTokens claimTokens;
    private final Cautions cautions;
    private final DocumentViews documents;
    private final PickupGuesses guesses;

    /// @param persons checks who stands behind a call
    /// @param cautions tells what to look at before handing out
    public ClaimRoutes(
            PrescriptionDesk desk,
            Persons persons,
            Organizations organizations,
            ConsentStore consents,
            BlindIndexes indexes,
            PickupTokens pickupTokens,
            ClaimTokens claimTokens,
            Cautions cautions,
            Unsealing unsealing) {
        this.desk = desk;
        this.persons = persons;
        this.organizations = organizations;
        this.consents = consents;
        this.indexes = indexes;
        this.pickupTokens = pickupTokens;
        this.claimTokens = claimTokens;
        this.cautions = cautions;
        this.documents = new DocumentViews(unsealing);
        this.guesses = new PickupGuesses(desk.database());
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.typeAndInstance(Action.CLAIM.code(), "Task")
                        .expecting()
                        .roles(Role.PHARMACY)
                        .handler(this::claim));
        fhir.mount(
                Operation.instance(Action.RENEW.code(), "Task")
                        .expecting()
                        .roles(Role.PHARMACY)
                        .keyed()
                        .handler(desk.once(this::renew)));
        fhir.mount(
                Operation.instance(Action.RELEASE.code(), "Task")
                        .expecting()
                        .roles(Role.PHARMACY, Role.PATIENT)
                        .keyed()
                        .handler(desk.once(this::release)));
        fhir.mount(
                Operation.instance(Action.PROGRESS.code(), "Task")
                        .expecting()
                        .roles(Role.PHARMACY)
                        .keyed()
                        .handler(desk.once(this::progress)));
    }

    private Pharmacy self(Caller caller) {
        return Pharmacy.find(organizations, caller.organizationId())
                .orElseThrow(() ->
                        new Problem(
                                ProblemCode.NOT_FOR_THIS_ROLE,
                                "The client's organization is no pharmacy of the registry.",
                                "Register the pharmacy first."));
    }

    private Answer claim(Exchange exchange) {
        Caller caller = exchange.caller();
        Act act = persons.act(caller, Action.CLAIM);
        Inputs in = exchange.inputs();
        String typed = in.findString("pickup-code");
        String token = in.findString("pickup-token");
        if ((typed == null) == (token == null)) {
            in.refuse(
                    "pickup-code",
                    "Either a pick-up code or a pick-up token is needed.",
                    "Give `pickup-code` as typed, or `pickup-token` as scanned.");
        }
        in.done();
        Pharmacy pharmacy = self(caller);
        UUID named = exchange.onInstance() ? exchange.id() : null;
        String client = "client:" + caller.clientId();
        Instant now = exchange.now();
        guesses.mayGuess(client, now);
        if (named != null) {
            guesses.mayGuess("task:" + named, now);
        }
        CommandRule rule = (tx, row, at) -> decide(tx, row, pharmacy, at);
        Optional<PrescriptionDesk.Outcome> outcome =
                typed != null
                        ? byCode(act, named, typed, rule)
                        : byToken(act, named, Objects.requireNonNull(token), rule);
        if (outcome.isEmpty()) {
            if (named != null) {
                desk.refused(act, named, ProblemCode.WRONG_PICKUP_CODE);
                exchange.audited();
                guesses.wrong("task:" + named, now);
            }
            guesses.wrong(client, now);
            throw wrongCode();
        }
        exchange.audited();
        PrescriptionRow row = outcome.get().orThrow();
        return Answer.ok(outcome.get().shown()).withVersion(row.version(), row.updatedAt());
    }

    private Decision decide(Tx tx, PrescriptionRow row, Pharmacy pharmacy, Instant now) {
        Decision made = ClaimRules.claim(row.prescription(), pharmacy, now, desk.terms());
        if (!(made instanceof Changed)) {
            return made;
        }
        Boolean allowed = consents.circulation(tx, row.frame().patient()).await().orElse(null);
        Refused not = CirculationRules.mayNot(row, allowed);
        return not == null ? made : not;
    }

    private Optional<PrescriptionDesk.Outcome> byCode(
            Act act, @Nullable UUID named, String typed, CommandRule rule) {
        return PickupCode.parse(typed)
                .flatMap(code ->
                        desk.applyByCode(
                                act,
                                indexes.all(index -> PickupIndexStore.of(index, code)),
                                named,
                                rule,
                                (tx, row) -> claimed(tx, row, act.caller())));
    }

    private Optional<PrescriptionDesk.Outcome> byToken(
            Act act, @Nullable UUID named, String token, CommandRule rule) {
        UUID task = pickupTokens.task(PickupAddress.token(token));
        if (task == null || (named != null && !named.equals(task))) {
            return Optional.empty();
        }
        return Optional.of(
                desk.applyByToken(act, task, rule, (tx, row) -> claimed(tx, row, act.caller())));
    }

    private static Problem wrongCode() {
        return new Problem(
                ProblemCode.WRONG_PICKUP_CODE,
                "The pick-up code is not that of an open prescription.",
                "Read it again from the patient's slip: eight characters, no 0, 1, I, L, O, S.");
    }

    private byte[] claimed(Tx tx, PrescriptionRow row, Caller caller) {
        Claim claim = Objects.requireNonNull(row.prescription().facts().claim());
        DocumentViews.Whole whole = documents.whole(tx, row.id());
        List<Finding> found = cautions.of(tx, row, whole, desk.now());
        return FhirWriter.parameters(all -> {
            all.resource("task", desk.task(row, caller));
            whole.resources().forEach(resource -> all.resource("prescription", resource));
            if (!found.isEmpty()) {
                all.resource("warnings", Warnings.outcome(found, false, caller.language()));
            }
            all.bytes("original", whole.original())
                    .string("claim-token", claimTokens.of(row.id(), claim.number()))
                    .instant("lease-until", claim.leaseUntil());
        });
    }

    private Answer renew(Exchange exchange) {
        Inputs in = exchange.inputs();
        String token = in.string("claim-token");
        in.done();
        UUID id = exchange.id();
        Caller caller = exchange.caller();
        return task(
                exchange,
                desk.apply(
                        Act.of(caller, Action.RENEW),
                        id,
                        PrescriptionDesk::unchanged,
                        (tx, row, now) ->
                                ClaimRules.renew(
                                        row.prescription(),
                                        caller.organizationId(),
                                        claimTokens.number(id, token),
                                        now,
                                        desk.terms())));
    }

    private Answer release(Exchange exchange) {
        Inputs in = exchange.inputs();
        Caller caller = exchange.caller();
        boolean patient = caller.is(Role.PATIENT);
        String token = patient ? in.findString("claim-token") : in.string("claim-token");
        Reason reason = Reason.of(in.findConcept("reason"), "release-reason");
        in.done();
        UUID id = exchange.id();
        return task(
                exchange,
                desk.apply(
                        Act.of(caller, Action.RELEASE),
                        id,
                        PrescriptionDesk.because(reason),
                        (tx, row, now) ->
                                patient
                                        ? ClaimRules.releaseByPatient(row.prescription())
                                        : ClaimRules.release(
                                                row.prescription(),
                                                caller.organizationId(),
                                                claimTokens.number(
                                                        id, token == null ? "" : token))));
    }

    private Answer progress(Exchange exchange) {
        Inputs in = exchange.inputs();
        String moment = in.code("moment");
        Instant at = in.findInstant("at");
        Optional<Action> told = Action.ofProgress(moment);
        if (told.isEmpty()) {
            in.refuse(
                    "moment",
                    "The moment is `" + moment + "`.",
                    "Give `arrived`, `paid` or `prepared`.");
        }
        in.done();
        Caller caller = exchange.caller();
        return task(
                exchange,
                desk.progress(
                        caller,
                        exchange.id(),
                        told.orElseThrow(),
                        at == null ? exchange.now() : at));
    }

    private Answer task(Exchange exchange, PrescriptionDesk.Outcome outcome) {
        exchange.audited();
        PrescriptionRow row = outcome.orThrow();
        return Answer.ok(outcome.shown()).withVersion(row.version(), row.updatedAt());
    }
}
