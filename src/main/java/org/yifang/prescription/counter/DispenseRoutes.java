package org.yifang.prescription.counter;

import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationDispense;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Quantity;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.DispenseStore.KeptDispense;
import org.yifang.prescription.life.Persons;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.life.Warnings;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.prescription.paper.PlatformExtensions;
import org.yifang.registry.Patients;
import org.yifang.registry.Practitioners;

import java.util.ArrayList;
import java.util.List;

/// The operations that record what leaves a pharmacy and what comes back: dispense, take back.
public final class DispenseRoutes {
    private static final List<String> DISPOSITIONS =
            List.of("never-left-counter", "quarantine", "destroy");

    private static final String DISPENSE_PROFILE = FhirJson.EXTENSIONS + "prescription-dispense";

    private final PrescriptionDesk desk;
    private final DispenseDesk dispenseDesk;
    private final TakeBackDesk takeBackDesk;
    private final Persons persons;
    private final NamedPeople people;
    private final Validation validation;
    private final Unsealing unsealing;

    /// @param persons checks who stands behind a call
    public DispenseRoutes(
            PrescriptionDesk desk,
            DispenseDesk dispenseDesk,
            TakeBackDesk takeBackDesk,
            Persons persons,
            Patients patients,
            Practitioners practitioners,
            Validation validation,
            Unsealing unsealing) {
        this.desk = desk;
        this.dispenseDesk = dispenseDesk;
        this.takeBackDesk = takeBackDesk;
        this.persons = persons;
        this.people = new RegistryPeople(patients, practitioners);
        this.validation = validation;
        this.unsealing = unsealing;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.instance(Action.DISPENSE.code(), "Task")
                        .expecting()
                        .roles(Role.PHARMACY)
                        .handler(this::dispense));
        fhir.mount(
                Operation.instance(Action.TAKE_BACK.code(), "MedicationDispense")
                        .expecting()
                        .roles(Role.PHARMACY)
                        .handler(this::takeBack));
    }

    private Answer dispense(Exchange exchange) {
        Caller caller = exchange.caller();
        Act act = persons.act(caller, Action.DISPENSE);
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
        List<Handed> handed = handed(exchange, in, sent, findings);
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

    /// What was handed out, as far as it can be read.
    ///
    /// @param findings takes what is wrong
    private List<Handed> handed(
            Exchange exchange, Inputs in, List<MedicationDispense> sent, List<Finding> findings) {
        List<Handed> handed = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            byte[] json = Fhir.json(sent.get(i));
            findings.addAll(
                    PlatformExtensions.in(
                            DocumentParts.tree(json), in.expression("dispense", i) + ".resource"));
            findings.addAll(
                    validation.validate(json, Fhir.Format.JSON, DISPENSE_PROFILE).stream()
                            .filter(finding -> !finding.warning())
                            .toList());
            Handed one = HandedReader.read(sent.get(i), i, exchange.now(), people, findings);
            if (one != null) {
                handed.add(one);
            }
        }
        return handed;
    }

    private byte[] dispensed(
            Caller caller,
            PrescriptionRow row,
            List<KeptDispense> dispenses,
            List<Finding> warnings) {
        return FhirWriter.parameters(all -> {
            all.resource("task", desk.task(row, caller));
            dispenses.forEach(kept -> all.resource("dispense", unsealing.dispense(row, kept)));
            if (!warnings.isEmpty()) {
                all.resource("warnings", Warnings.outcome(warnings, false, caller.language()));
            }
        });
    }

    private Answer takeBack(Exchange exchange) {
        Act act = persons.act(exchange.caller(), Action.TAKE_BACK);
        TakeBackDesk.Returned returned = returned(exchange);
        TakeBackDesk.Result result =
                takeBackDesk
                        .takeBack(act, exchange.id(), returned, unsealing)
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

    private static TakeBackDesk.Returned returned(Exchange exchange) {
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
        return new TakeBackDesk.Returned(
                identifier.hasSystem() ? identifier.getSystem() : "",
                identifier.getValue(),
                quantity.getValue(),
                quantity.hasUnit() ? quantity.getUnit() : null,
                reason,
                codes,
                disposition,
                // The body may be XML: what it says counts, not how it is written.
                CanonicalJson.hash(Fhir.json(exchange.resource(Parameters.class))));
    }
}
