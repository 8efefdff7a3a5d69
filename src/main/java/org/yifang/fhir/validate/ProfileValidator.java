package org.yifang.fhir.validate;

import org.hl7.fhir.r5.conformance.profile.ProfileUtilities.SourcedChildDefinitions;
import org.hl7.fhir.r5.context.IWorkerContext;
import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.model.Base.ValidationMode;
import org.hl7.fhir.r5.model.Constants;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.IdStatus;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.validation.instance.ResourcePercentageLogger;
import org.hl7.fhir.validation.instance.utils.ElementInfo;
import org.hl7.fhir.validation.instance.utils.NodeStack;
import org.hl7.fhir.validation.instance.utils.ResolvedReference;
import org.hl7.fhir.validation.instance.utils.ValidationContext;
import org.jspecify.annotations.NullUnmarked;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// HAPI's instance validator, fitted to be used again and again by one thread.
///
/// It is made for one run: it notes every code it meets, with the document around it, for a report
/// at the end. Here codes go straight to the definitions ([DefinedCodes]), so nothing is noted.
@NullUnmarked
final class ProfileValidator extends DefinedCodes {
    private final IWorkerContext definitions;
    private final ReferencePolicy policy = new ReferencePolicy();
    private final Map<String, Element> entries = new HashMap<>();
    private final boolean fast;
    private final KnownParts known = new KnownParts();
    private final EntrySlices entrySlices = new EntrySlices();
    private final Constraints constraints;
    private final Cardinalities cardinalities = new Cardinalities();
    private Budget budget = Budget.unlimited();

    /// @param fast whether to pass by what was judged before and what is known to be fine; the
    ///   findings are the same either way, and a test says so
    ProfileValidator(IWorkerContext definitions, boolean fast) {
        super(definitions);
        this.definitions = definitions;
        this.fast = fast;
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
        constraints = new Constraints(getFHIRPathEngine(), definitions.getVersion());
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

    /// Passes by what was judged before, to the same end.
    @Override
    public boolean checkChild(
            ValidationContext context,
            List<ValidationMessage> messages,
            StructureDefinition profile,
            ElementDefinition definition,
            Element resource,
            Element element,
            String type,
            NodeStack stack,
            boolean inCodeableConcept,
            boolean checkDisplay,
            ElementInfo child,
            String extensionUrl,
            ResourcePercentageLogger progress,
            ValidationMode mode) {
        budget.spend(messages);
        KnownParts.Question question =
                !fast || extensionUrl != null || context.isMatchetype()
                        ? null
                        : known.ask(
                                profile,
                                child.getDefinition(),
                                child.getSlice(),
                                definition.getId(),
                                inCodeableConcept,
                                checkDisplay,
                                child.getElement());
        if (question != null && known.isFaultless(question)) {
            return true;
        }
        int before = messages.size();
        boolean fine =
                super.checkChild(
                        context,
                        messages,
                        profile,
                        definition,
                        resource,
                        element,
                        type,
                        stack,
                        inCodeableConcept,
                        checkDisplay,
                        child,
                        extensionUrl,
                        progress,
                        mode);
        if (question != null && fine && messages.size() == before) {
            known.rememberFaultless(question);
        }
        return fine;
    }

    @Override
    public boolean checkInvariants(
            ValidationContext context,
            List<ValidationMessage> messages,
            StructureDefinition profile,
            ElementDefinition definition,
            Element resource,
            Element element,
            NodeStack stack,
            boolean onlyNonInherited) {
        budget.spend(messages);
        context.setProfile(profile);
        return fast && constraints.hold(context, definition, resource, element)
                || super.checkInvariants(
                        context,
                        messages,
                        profile,
                        definition,
                        resource,
                        element,
                        stack,
                        onlyNonInherited);
    }

    @Override
    public boolean checkCardinalities(
            List<ValidationMessage> messages,
            StructureDefinition profile,
            Element element,
            NodeStack stack,
            SourcedChildDefinitions definitions,
            List<ElementInfo> children,
            List<String> problematicPaths) {
        return fast
                        && problematicPaths.isEmpty()
                        && cardinalities.hold(definitions.getList(), children)
                || super.checkCardinalities(
                        messages, profile, element, stack, definitions, children, problematicPaths);
    }

    /// Sorts the entries of a document by the type of their resource, where a document's profile
    /// does so, without evaluating an expression for each entry and slice.
    @Override
    @SuppressWarnings(
            "ReferenceEquality") // Definitions are read once: the same one is the same object.
    public boolean matchSlice(
            ValidationContext context,
            List<ValidationMessage> messages,
            List<ValidationMessage> sliceMessages,
            StructureDefinition profile,
            NodeStack stack,
            ElementDefinition slicer,
            List<ElementDefinition> slices,
            boolean unsupported,
            List<String> problematicPaths,
            int sliceOffset,
            int index,
            StructureDefinition structure,
            ElementDefinition slice,
            boolean sliceUnsupported,
            ElementInfo child,
            BooleanHolder fine) {
        if (fast
                && slicer != null
                && slicer != slice
                && !sliceUnsupported
                && entrySlices.isOfOtherSlice(profile, slicer, slice, child.getElement())) {
            if (child.getSlice() == null) {
                child.setAdditionalSlice(true);
            }
            return unsupported;
        }
        return super.matchSlice(
                context,
                messages,
                sliceMessages,
                profile,
                stack,
                slicer,
                slices,
                unsupported,
                problematicPaths,
                sliceOffset,
                index,
                structure,
                slice,
                sliceUnsupported,
                child,
                fine);
    }

    /// The types in a prescription, for which the validator has no rules beyond the definitions.
    private static boolean isPlainType(String type) {
        return switch (type) {
            case "Composition",
                    "Patient",
                    "Practitioner",
                    "Organization",
                    "Encounter",
                    "Condition",
                    "MedicationRequest" ->
                    true;
            default -> false;
        };
    }

    @Override
    public boolean checkSpecials(
            ValidationContext context,
            List<ValidationMessage> messages,
            Element element,
            NodeStack stack,
            boolean checkSpecials,
            ResourcePercentageLogger progress,
            ValidationMode mode,
            boolean contained,
            boolean isOk) {
        return fast && isPlainType(element.getType())
                || super.checkSpecials(
                        context,
                        messages,
                        element,
                        stack,
                        checkSpecials,
                        progress,
                        mode,
                        contained,
                        isOk);
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

    /// Writes on each element the type that its definition gives it, which is asked for some dozen
    /// times and else worked out each time.
    private static void settleTypes(Element element) {
        if (element.getSpecial() == null) {
            element.setType(element.getType());
        }
        if (element.hasChildren()) {
            for (Element child : element.getChildren()) {
                settleTypes(child);
            }
        }
    }

    /// Adds everything that is wrong with a resource to `messages`.
    ///
    /// @throws Budget.Spent when judging took what it may take; then this one is not used again
    void check(
            Element resource,
            List<StructureDefinition> profiles,
            List<ValidationMessage> messages,
            Budget given) {
        budget = given;
        policy.lookAt(resource);
        constraints.forget();
        known.beginDocument();
        if (fast) {
            settleTypes(resource);
        }
        note(resource);
        // Whether a signature holds is decided where the keys are known; HAPI would try without.
        Element signature = resource.getNamedChild("signature", false);
        if (signature != null) {
            signature.removeChild("data");
        }
        validate(null, messages, null, resource, profiles);
        policy.lookAt(null);
        constraints.forget();
        known.beginDocument();
        entries.clear();
        getTextsToCheck().clear();
    }
}
