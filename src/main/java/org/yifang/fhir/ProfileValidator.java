package org.yifang.fhir;

import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.context.IWorkerContext;
import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.model.CodeableConcept;
import org.hl7.fhir.r5.model.Coding;
import org.hl7.fhir.r5.model.Constants;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.model.ValueSet;
import org.hl7.fhir.r5.terminologies.utilities.ValidationResult;
import org.hl7.fhir.r5.utils.validation.ValidatorSession;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.IdStatus;
import org.hl7.fhir.r5.utils.xver.XVerExtensionManagerOld;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.validation.ValidationOptions;
import org.hl7.fhir.validation.ValidatorSettings;
import org.hl7.fhir.validation.instance.InstanceValidator;
import org.hl7.fhir.validation.instance.utils.NodeStack;
import org.hl7.fhir.validation.instance.utils.ResolvedReference;
import org.jspecify.annotations.NullUnmarked;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// HAPI's instance validator, fitted to be used again and again by one thread.
///
/// It is made for one run: it notes every code it meets, with the document around it, for a report
/// at the end. Here codes go straight to the definitions, so nothing is noted.
@NullUnmarked
final class ProfileValidator extends InstanceValidator {
    private final IWorkerContext definitions;
    private final ReferencePolicy policy = new ReferencePolicy();
    private final Map<String, Element> entries = new HashMap<>();

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
        setPolicyAdvisor(policy);
        // The same as HAPI's, but with a shape in place of a list of all 148 resource types.
        urlRegex = Constants.URI_REGEX_XVER.replace("$$", "[A-Z][A-Za-z]+");
    }

    /// Finds what an `urn:` reference means by one look-up. HAPI's way, which builds a pattern of
    /// all resource types for every reference, is taken for all other references.
    @Override
    public ResolvedReference localResolve(
            String reference,
            NodeStack stack,
            List<ValidationMessage> messages,
            String path,
            Element root,
            Element grouping,
            Element source,
            BooleanHolder fine,
            BooleanHolder stop) {
        Element target = entries.get(reference);
        if (target == null) {
            return super.localResolve(
                    reference, stack, messages, path, root, grouping, source, fine, stop);
        }
        ResolvedReference resolved = new ResolvedReference();
        resolved.setResource(target);
        resolved.setFocus(target);
        resolved.setExternal(false);
        resolved.setStack(new NodeStack(definitions, null, target, getValidationLanguage()));
        resolved.setVia(stack);
        resolved.getStack().pathComment(target.fhirType() + "/" + target.getIdBase());
        return resolved;
    }

    /// Notes the resources of a document by `fullUrl`; of none when one of them is a Bundle again,
    /// in which the same address may mean something else, or an address stands twice.
    private void note(Element resource) {
        entries.clear();
        if (!resource.fhirType().equals("Bundle")) {
            return;
        }
        for (Element entry : resource.getChildrenByName("entry")) {
            String address = entry.getChildValue("fullUrl");
            Element target = entry.getNamedChild("resource", false);
            if (address == null || target == null || !address.startsWith("urn:")) {
                continue;
            }
            if (target.fhirType().equals("Bundle") || entries.put(address, target) != null) {
                entries.clear();
                return;
            }
        }
    }

    /// Adds everything that is wrong with a resource to `messages`.
    void check(
            Element resource,
            List<StructureDefinition> profiles,
            List<ValidationMessage> messages) {
        policy.lookAt(resource);
        note(resource);
        // Whether a signature holds is decided where the keys are known; HAPI would try without.
        Element signature = resource.getNamedChild("signature", false);
        if (signature != null) {
            signature.removeChild("data");
        }
        validate(null, messages, null, resource, profiles);
        policy.lookAt(null);
        entries.clear();
        getTextsToCheck().clear();
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
