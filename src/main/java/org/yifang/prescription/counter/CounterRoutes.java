package org.yifang.prescription.counter;

import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationDispense;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Quantity;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.PickupCode;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.signature.CanonicalJson;
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
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.DispenseStore.KeptDispense;
import org.yifang.prescription.life.DocumentParts;
import org.yifang.prescription.life.Persons;
import org.yifang.prescription.life.Pharmacy;
import org.yifang.prescription.life.PickupAddress;
import org.yifang.prescription.life.PlatformExtensions;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.life.Warnings;
import org.yifang.prescription.read.DocumentViews;
import org.yifang.prescription.submit.SubmitDesk;
import org.yifang.registry.Consents;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The operations of a pharmacy's counter: claim, renew, release, dispense, take back, progress.
public final class CounterRoutes {
    private static final List<String> DISPOSITIONS =
            List.of("never-left-counter", "quarantine", "destroy");

    private static final String DISPENSE_PROFILE = FhirJson.EXTENSIONS + "prescription-dispense";

    /// What the counter needs of the other parts of the house.
    ///
    /// @param submitDesk tells what to look at before handing out
    /// @param pharmacies finds a pharmacy by its Organization id, else null
    /// @param tokenTask the Task that a pick-up token of ours names, null when it is none
    /// @param people tells whom a dispense names
    /// @param persons checks who stands behind a call
    public record Parts(
            Validation validation,
            SubmitDesk submitDesk,
            BlindIndex index,
            Function<UUID, @Nullable Pharmacy> pharmacies,
            Function<String, @Nullable UUID> tokenTask,
            HandedReader.People people,
            Persons persons,
            Consents consents) {}

    private final PrescriptionDesk desk;
    private final DispenseDesk dispenseDesk;
    private final TakeBackDesk takeBackDesk;
    private final Parts parts;
    private final Unsealing opening;
    private final DocumentViews documents;
    private final ClaimTokens tokens;
    private final PickupGuesses guesses;

    public CounterRoutes(
            PrescriptionDesk desk,
            DispenseDesk dispenseDesk,
            TakeBackDesk takeBackDesk,
            Unsealing opening,
            ClaimTokens tokens,
            Parts parts) {
        this.desk = desk;
        this.dispenseDesk = dispenseDesk;
        this.takeBackDesk = takeBackDesk;
        this.parts = parts;
        this.opening = opening;
        this.documents = new DocumentViews(opening);
        this.tokens = tokens;
        this.guesses = new PickupGuesses(desk.database());
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.typeAndInstance("claim", "Task")
                        .roles(Role.PHARMACY)
                        .handler(this::claim));
        fhir.mount(
                Operation.instance("renew", "Task")
                        .roles(Role.PHARMACY)
                        .keyed()
                        .handler(desk.once(this::renew)));
        fhir.mount(
                Operation.instance("release", "Task")
                        .roles(Role.PHARMACY, Role.PATIENT)
                        .keyed()
                        .handler(desk.once(this::release)));
        fhir.mount(
                Operation.instance("dispense", "Task")
                        .roles(Role.PHARMACY)
                        .handler(this::dispense));
        fhir.mount(
                Operation.instance("take-back", "MedicationDispense")
                        .roles(Role.PHARMACY)
                        .handler(this::takeBack));
        fhir.mount(
                Operation.instance("progress", "Task")
                        .roles(Role.PHARMACY)
                        .keyed()
                        .handler(desk.once(this::progress)));
    }

    private Pharmacy self(Caller caller) {
        Pharmacy self = parts.pharmacies().apply(caller.organizationId());
        if (self == null) {
            throw new Problem(
                    ProblemCode.NOT_FOR_THIS_ROLE,
                    "The client's organization is no pharmacy of the registry.",
                    "Register the pharmacy first.");
        }
        return self;
    }

    private Answer claim(Exchange exchange) {
        Caller caller = exchange.caller();
        Act act = parts.persons().act(caller, Action.CLAIM);
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
        PrescriptionDesk.Rule rule =
                (tx, row, at) -> {
                    Decision made =
                            ClaimRules.claim(row.prescription(), pharmacy, at, desk.terms());
                    if (!(made instanceof Changed)) {
                        return made;
                    }
                    Boolean allowed =
                            parts.consents()
                                    .circulation(tx, row.frame().patient())
                                    .await()
                                    .orElse(null);
                    Refused not = CirculationRules.mayNot(row, allowed);
                    return not == null ? made : not;
                };
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

    private Optional<PrescriptionDesk.Outcome> byCode(
            Act act, @Nullable UUID named, String typed, PrescriptionDesk.Rule rule) {
        return PickupCode.parse(typed)
                .flatMap(code ->
                        desk.applyByCode(
                                act,
                                parts.index().of("pickup-code", code),
                                named,
                                rule,
                                (tx, row) -> claimed(tx, row, act.caller())));
    }

    private Optional<PrescriptionDesk.Outcome> byToken(
            Act act, @Nullable UUID named, String token, PrescriptionDesk.Rule rule) {
        UUID task = parts.tokenTask().apply(PickupAddress.token(token));
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
        ParametersJson answer = new ParametersJson().resource("task", desk.task(row, caller));
        whole.resources().forEach(resource -> answer.resource("prescription", resource));
        List<Finding> cautions = parts.submitDesk().cautions(tx, row, whole);
        if (!cautions.isEmpty()) {
            answer.resource("warnings", Warnings.outcome(cautions, false));
        }
        return answer.bytes("original", whole.original())
                .string("claim-token", tokens.of(row.id(), claim.number()))
                .instant("lease-until", claim.leaseUntil())
                .write();
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
                        row -> row,
                        (tx, row, now) ->
                                ClaimRules.renew(
                                        row.prescription(),
                                        caller.organizationId(),
                                        tokens.number(id, token),
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
                                                tokens.number(id, token == null ? "" : token))));
    }

    private Answer dispense(Exchange exchange) {
        Caller caller = exchange.caller();
        Act act = parts.persons().act(caller, Action.DISPENSE);
        Inputs in = exchange.inputs();
        String token = in.string("claim-token");
        boolean checked = in.flag("checked");
        boolean keep = Boolean.TRUE.equals(in.findFlag("keep"));
        List<MedicationDispense> sent = in.resources("dispense", MedicationDispense.class);
        in.count("dispense", 1, 200);
        in.done();
        List<Finding> findings = new ArrayList<>();
        if (!checked) {
            findings.add(
                    new Finding(
                            ProblemCode.NOT_CHECKED,
                            "The dispense has not been checked (四查十对).",
                            "Check it and set `checked` to true (处方管理办法 art. 37).",
                            "Parameters.parameter.where(name='checked')",
                            false));
        }
        List<Handed> handed = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            byte[] json = Fhir.json(sent.get(i));
            findings.addAll(
                    PlatformExtensions.in(
                            DocumentParts.tree(json), in.expression("dispense", i) + ".resource"));
            findings.addAll(
                    parts.validation().validate(json, Fhir.Format.JSON, DISPENSE_PROFILE).stream()
                            .filter(finding -> !finding.warning())
                            .toList());
            Handed one =
                    HandedReader.read(sent.get(i), i, exchange.now(), parts.people(), findings);
            if (one != null) {
                handed.add(one);
            }
        }
        if (!findings.isEmpty()) {
            throw new Problem(findings);
        }
        PrescriptionDesk.Outcome outcome =
                dispenseDesk.dispense(
                        act,
                        exchange.id(),
                        token,
                        handed,
                        keep,
                        (row, dispenses, warnings) -> dispensed(caller, row, dispenses, warnings));
        exchange.audited();
        PrescriptionRow row = outcome.orThrow();
        return Answer.ok(outcome.shown()).withVersion(row.version(), row.updatedAt());
    }

    private byte[] dispensed(
            Caller caller,
            PrescriptionRow row,
            List<KeptDispense> dispenses,
            List<Finding> warnings) {
        ParametersJson answer = new ParametersJson().resource("task", desk.task(row, caller));
        dispenses.forEach(kept -> answer.resource("dispense", opening.dispense(row, kept)));
        if (!warnings.isEmpty()) {
            answer.resource("warnings", Warnings.outcome(warnings, false));
        }
        return answer.write();
    }

    private Answer takeBack(Exchange exchange) {
        Act act = parts.persons().act(exchange.caller(), Action.TAKE_BACK);
        Inputs in = exchange.inputs();
        Identifier identifier = in.identifier("identifier");
        Quantity quantity = in.quantity("quantity");
        Reason reason = Reason.of(in.concept("reason"), "take-back-reason");
        List<String> codes = in.strings("trace-code");
        String disposition = in.code("disposition");
        if (!DISPOSITIONS.contains(disposition)) {
            in.refuse(
                    "disposition",
                    "The disposition is `" + disposition + "`.",
                    "Give one of `" + String.join("`, `", DISPOSITIONS) + "`.");
        }
        if (!identifier.hasValue()) {
            in.refuse(
                    "identifier",
                    "The identifier has no value.",
                    "Give the pharmacy's number of the take-back.");
        }
        if (!Identifiers.isKept(identifier)) {
            in.refuse("identifier", Identifiers.FAULT, Identifiers.REMEDY);
        }
        if (!quantity.hasValue()) {
            in.refuse("quantity", "The quantity has no value.", "Give what came back.");
        }
        in.done();
        if (!Quantities.isKept(quantity.getValue())) {
            throw new Problem(
                    ProblemCode.QUANTITY,
                    "The quantity is not above zero and below ten thousand million, with at most"
                            + " four decimals.",
                    "Give what came back, in preparation or pack units.");
        }
        TakeBackDesk.Returned returned =
                new TakeBackDesk.Returned(
                        identifier.hasSystem() ? identifier.getSystem() : "",
                        identifier.getValue(),
                        quantity.getValue(),
                        quantity.hasUnit() ? quantity.getUnit() : null,
                        reason,
                        codes,
                        disposition,
                        // The body may be XML: what it says counts, not how it is written.
                        CanonicalJson.hash(Fhir.json(exchange.resource(Parameters.class))));
        TakeBackDesk.Result result =
                takeBackDesk
                        .takeBack(act, exchange.id(), returned, opening)
                        .orElseThrow(() ->
                                new Problem(
                                        ProblemCode.NOT_FOUND,
                                        "There is no such MedicationDispense of this"
                                                + " pharmacy.",
                                        "Only who dispensed can take back."));
        exchange.audited();
        result.outcome().orThrow();
        KeptDispense kept = result.dispense();
        return Answer.ok(result.outcome().shown()).withVersion(kept.version(), kept.updatedAt());
    }

    private Answer progress(Exchange exchange) {
        Inputs in = exchange.inputs();
        String moment = in.code("moment");
        Instant at = in.findInstant("at");
        Action told =
                switch (moment) {
                    case "arrived" -> Action.ARRIVED;
                    case "paid" -> Action.PAID;
                    case "prepared" -> Action.PREPARED;
                    default -> null;
                };
        if (told == null) {
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
                        Objects.requireNonNull(told),
                        at == null ? exchange.now() : at));
    }

    private Answer task(Exchange exchange, PrescriptionDesk.Outcome outcome) {
        exchange.audited();
        PrescriptionRow row = outcome.orThrow();
        return Answer.ok(outcome.shown()).withVersion(row.version(), row.updatedAt());
    }
}
