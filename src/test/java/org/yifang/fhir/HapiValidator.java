package org.yifang.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;

import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// HAPI's own validator with our definitions, as an outside system sets it up; nothing of ours in
/// the way of judging.
public final class HapiValidator {
    private static final FhirContext R4 = FhirContext.forR4Cached();

    private final FhirValidator validator;

    /// With our definitions from the class path.
    public HapiValidator() {
        this(published());
    }

    /// @param ours what knows our definitions
    public HapiValidator(IValidationSupport ours) {
        UnknownCodeSystemWarningValidationSupport unknown =
                new UnknownCodeSystemWarningValidationSupport(R4);
        unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
        IValidationSupport chain =
                new ValidationSupportChain(
                        ours,
                        new DefaultProfileValidationSupport(R4),
                        new SnapshotGeneratingValidationSupport(R4),
                        new CommonCodeSystemsTerminologyService(R4),
                        new InMemoryTerminologyServerValidationSupport(R4),
                        unknown);
        FhirInstanceValidator module = new FhirInstanceValidator(chain);
        module.setNoTerminologyChecks(false);
        module.setErrorForUnknownProfiles(true);
        validator = R4.newValidator().registerValidatorModule(module);
    }

    private static IValidationSupport published() {
        PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(R4);
        for (Conformance.Entry entry : Conformance.load().all()) {
            String text = new String(entry.sent(), StandardCharsets.UTF_8);
            ours.addResource(R4.newJsonParser().parseResource(text));
        }
        return ours;
    }

    /// It wants to work a snapshot out again with a package of FHIR itself that it would fetch from
    /// the network; `PagesTest` compares ours.
    private static final String NO_NETWORK = "Unable to resolve package id hl7.fhir.r4.core";

    /// What is wrong with a resource, each as `place: message`; nothing when it is right.
    public List<String> errors(String json) {
        return validator.validateWithResult(json).getMessages().stream()
                .filter(one -> one.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
                .map(HapiValidator::told)
                .filter(told -> !told.contains(NO_NETWORK))
                .toList();
    }

    private static String told(SingleValidationMessage message) {
        return message.getLocationString() + ": " + message.getMessage();
    }
}
