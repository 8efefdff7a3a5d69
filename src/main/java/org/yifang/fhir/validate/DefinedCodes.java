package org.yifang.fhir.validate;

import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.context.IWorkerContext;
import org.hl7.fhir.r5.model.CodeableConcept;
import org.hl7.fhir.r5.model.Coding;
import org.hl7.fhir.r5.model.ValueSet;
import org.hl7.fhir.r5.terminologies.utilities.ValidationResult;
import org.hl7.fhir.r5.utils.validation.ValidatorSession;
import org.hl7.fhir.r5.utils.xver.XVerExtensionManagerOld;
import org.hl7.fhir.utilities.validation.ValidationOptions;
import org.hl7.fhir.validation.ValidatorSettings;
import org.hl7.fhir.validation.instance.InstanceValidator;
import org.hl7.fhir.validation.instance.utils.NodeStack;
import org.jspecify.annotations.NullUnmarked;

/// HAPI's instance validator with every code asked of the definitions at hand, where it would ask a
/// server of terminology.
@NullUnmarked
class DefinedCodes extends InstanceValidator {
    private final IWorkerContext definitions;

    DefinedCodes(IWorkerContext definitions) {
        super(
                definitions,
                new FhirInstanceValidator.NullEvaluationContext(),
                new XVerExtensionManagerOld(definitions),
                new ValidatorSession(),
                new ValidatorSettings());
        this.definitions = definitions;
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
