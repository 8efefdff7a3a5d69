package org.yifang.fhir;

import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.context.IWorkerContext;
import org.hl7.fhir.r5.model.CodeableConcept;
import org.hl7.fhir.r5.model.Coding;
import org.hl7.fhir.r5.model.ValueSet;
import org.hl7.fhir.r5.terminologies.utilities.ValidationResult;
import org.hl7.fhir.r5.utils.validation.ValidatorSession;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.IdStatus;
import org.hl7.fhir.r5.utils.xver.XVerExtensionManagerOld;
import org.hl7.fhir.utilities.validation.ValidationOptions;
import org.hl7.fhir.validation.ValidatorSettings;
import org.hl7.fhir.validation.instance.InstanceValidator;
import org.hl7.fhir.validation.instance.utils.NodeStack;
import org.jspecify.annotations.NullUnmarked;

/// HAPI's instance validator, fitted to be used again and again by one thread.
///
/// It is made for one run: it notes every code it meets, with the document around it, for a report
/// at the end. Here codes go straight to the definitions, so nothing is noted.
@NullUnmarked
final class ProfileValidator extends InstanceValidator {
    private final IWorkerContext definitions;

    ProfileValidator(IWorkerContext definitions) {
        super(
                definitions,
                new FhirInstanceValidator.NullEvaluationContext(),
                new XVerExtensionManagerOld(definitions),
                new ValidatorSession(),
                new ValidatorSettings());
        this.definitions = definitions;
        setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        setAnyExtensionsAllowed(true);
        setResourceIdRule(IdStatus.OPTIONAL);
        setErrorForUnknownProfiles(false);
        setUnknownCodeSystemsCauseErrors(false);
        setNoExtensibleWarnings(true);
        setNoBindingMsgSuppressed(true);
        setAllowXsiLocation(true);
        setPolicyAdvisor(new ReferencePolicy());
    }

    @Override
    public ValidationResult checkCodeOnServer(
            NodeStack stack, ValueSet valueSet, String value, ValidationOptions options) {
        return definitions.validateCode(options, value, valueSet);
    }

    @Override
    public ValidationResult checkCodeOnServer(
            NodeStack stack,
            String code,
            String system,
            String version,
            String display,
            boolean checkDisplay) {
        return definitions.validateCode(null, system, version, code, display);
    }

    @Override
    public ValidationResult checkCodeOnServer(NodeStack stack, ValueSet valueSet, Coding coding) {
        return definitions.validateCode(null, coding, valueSet);
    }

    @Override
    public ValidationResult checkCodeOnServer(
            NodeStack stack, ValueSet valueSet, CodeableConcept concept) {
        return definitions.validateCode(null, concept, valueSet);
    }
}
