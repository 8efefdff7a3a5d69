package org.yifang.prescription.hospital;

import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.paper.References;
import org.yifang.prescription.read.PatientViews;
import org.yifang.registry.Consent;
import org.yifang.registry.ConsentFhir;
import org.yifang.registry.ConsentStore;
import org.yifang.registry.Patients;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// `Consent` create and update: by the patient, or by a hospital with the patient's word.
public final class ConsentRoutes {
    private final ConsentDesk desk;
    private final PrescriptionDesk prescriptions;
    private final Patients patients;

    public ConsentRoutes(ConsentDesk desk, PrescriptionDesk prescriptions, Patients patients) {
        this.desk = desk;
        this.prescriptions = prescriptions;
        this.patients = patients;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.create("Consent")
                        .roles(Role.PATIENT, Role.HOSPITAL)
                        .handler(this::create));
        fhir.mount(
                Operation.update("Consent")
                        .roles(Role.PATIENT, Role.HOSPITAL)
                        .handler(this::update));
        fhir.mount(ConsentStore.stored(PatientViews::consentsOfPatients));
    }

    private Answer create(Exchange exchange) {
        org.hl7.fhir.r4.model.Consent sent = exchange.resource(org.hl7.fhir.r4.model.Consent.class);
        Decided told = Decided.of(sent);
        UUID patient = patient(exchange, sent);
        ConsentDesk.Result result =
                desk.create(exchange.caller(), patient, told.category(), told.deny());
        exchange.audited();
        Consent consent = result.consent();
        return answer(consent)
                .withStatus(result.made() ? 201 : 200)
                .withLocation("Consent/" + consent.id());
    }

    private Answer update(Exchange exchange) {
        org.hl7.fhir.r4.model.Consent sent = exchange.resource(org.hl7.fhir.r4.model.Consent.class);
        long version = exchange.requiredVersion();
        Decided told = Decided.of(sent);
        UUID patient = patient(exchange, sent);
        Consent next =
                desk.update(
                        exchange.caller(),
                        exchange.id(),
                        patient,
                        told.category(),
                        told.deny(),
                        version);
        exchange.audited();
        return answer(next);
    }

    private static Answer answer(Consent consent) {
        return Answer.ok(ConsentFhir.json(consent))
                .withVersion(consent.version(), consent.updatedAt());
    }

    /// What is told of what.
    private record Decided(Consent.Category category, boolean deny) {
        /// @throws Problem 422 with all that is wrong
        static Decided of(org.hl7.fhir.r4.model.Consent sent) {
            List<Finding> findings = new ArrayList<>();
            String code =
                    sent.getCategory().stream()
                            .flatMap(one -> one.getCoding().stream())
                            .filter(one -> ConsentFhir.SYSTEM.equals(one.getSystem()))
                            .map(Coding::getCode)
                            .findFirst()
                            .orElse("");
            Consent.Category category = null;
            for (Consent.Category one : Consent.Category.values()) {
                category = one.code().equals(code) ? one : category;
            }
            if (category == null) {
                findings.add(
                        fault(
                                "The category is `" + code + "`.",
                                "Give `circulation` or `find-without-code` of "
                                        + ConsentFhir.SYSTEM
                                        + ".",
                                "Consent.category"));
            }
            String type =
                    sent.getProvision().getType() == null
                            ? ""
                            : sent.getProvision().getType().toCode();
            if (!type.equals("permit") && !type.equals("deny")) {
                findings.add(
                        fault(
                                "The provision says neither `permit` nor `deny`.",
                                "Give one of the two.",
                                "Consent.provision.type"));
            }
            // Whoever ends a permission that way would think that nothing circulates any more.
            if (sent.getStatus() != org.hl7.fhir.r4.model.Consent.ConsentState.ACTIVE) {
                findings.add(
                        fault(
                                "The status is not `active`.",
                                "Send `active`; a permission is withdrawn by `provision.type`"
                                        + " `deny`.",
                                "Consent.status"));
            }
            if (category == null || !findings.isEmpty()) {
                throw new Problem(findings);
            }
            return new Decided(category, type.equals("deny"));
        }

        private static Finding fault(String detail, String remedy, String where) {
            return new Finding(ProblemCode.PROFILE_BROKEN, detail, remedy, where, false);
        }
    }

    /// Whose consent it is: the patient's own, or that of a patient of the hospital.
    private UUID patient(Exchange exchange, org.hl7.fhir.r4.model.Consent sent) {
        Caller caller = exchange.caller();
        UUID named = named(sent.getPatient());
        if (caller.is(Role.PATIENT)) {
            UUID own = caller.patientId();
            // A slip shows one prescription; it speaks for nobody's others.
            if (own == null || caller.taskId() != null || (named != null && !named.equals(own))) {
                throw ConsentDesk.absent();
            }
            return own;
        }
        if (named == null
                || !PatientViews.isOf(prescriptions.database(), caller, named, exchange.now())) {
            throw ConsentDesk.absent();
        }
        return named;
    }

    private @Nullable UUID named(Reference patient) {
        if (patient.hasReference()) {
            UUID id = References.id(patient, "Patient");
            if (id == null) {
                throw ConsentDesk.absent();
            }
            return id;
        }
        return patient.getIdentifier().hasValue()
                ? patients.idOf(
                                patient.getIdentifier().getSystem(),
                                patient.getIdentifier().getValue())
                        .orElseThrow(ConsentDesk::absent)
                : null;
    }
}
