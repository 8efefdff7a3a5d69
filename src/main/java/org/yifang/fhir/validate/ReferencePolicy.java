package org.yifang.fhir.validate;

import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.elementmodel.Element.SpecialElement;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.utils.validation.IMessagingServices;
import org.hl7.fhir.r5.utils.validation.IResourceValidator;
import org.hl7.fhir.r5.utils.validation.constants.ContainedReferenceValidationPolicy;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;
import org.hl7.fhir.utilities.i18n.I18nConstants;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.validation.instance.advisor.BasePolicyAdvisorForFullValidation;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at each resource of a document once, and at references only as far as the document goes.
///
/// For one thread, as the validator it advises.
final class ReferencePolicy extends BasePolicyAdvisorForFullValidation {
    private static final String ENTRY = "Bundle.entry[";

    private final Map<StructureDefinition, Set<String>> typesWithProfile = new HashMap<>();
    private @Nullable Element document;

    ReferencePolicy() {
        super(ReferenceValidationPolicy.IGNORE, Set.of());
    }

    /// Must be told what is looked at, since the validator does not say it when it asks.
    void lookAt(@Nullable Element resource) {
        this.document = resource;
    }

    /// A fault inside a resource is told once, where it is, and not again at every reference to it.
    @Override
    public boolean isSuppressMessageId(String path, @Nullable String messageId) {
        return I18nConstants.REFERENCE_REF_CANTMATCHCHOICE.equals(messageId);
    }

    /// None: that a weight should also meet the profile of vital signs is no reason to refuse it.
    @Override
    public List<StructureDefinition> getImpliedProfilesForResource(
            IResourceValidator validator,
            Object context,
            String path,
            ElementDefinition definition,
            StructureDefinition structure,
            Element resource,
            boolean valid,
            IMessagingServices messages,
            List<ValidationMessage> found) {
        return List.of();
    }

    /// A resource that its slice holds against one of our profiles need not be held against plain
    /// R4 before: the profile contains every rule of it.
    @Override
    public ContainedReferenceValidationPolicy policyForContained(
            IResourceValidator validator,
            Object context,
            StructureDefinition structure,
            ElementDefinition element,
            String containerType,
            String containerId,
            SpecialElement special,
            String path,
            String url) {
        return special == SpecialElement.BUNDLE_ENTRY
                        && element.getId().equals("Bundle.entry.resource")
                        && typesWithProfile(structure).contains(typeOfEntry(path))
                ? ContainedReferenceValidationPolicy.IGNORE
                : ContainedReferenceValidationPolicy.CHECK_VALID;
    }

    /// The resource types that have a slice of their own, with a profile, in a document's profile.
    private Set<String> typesWithProfile(StructureDefinition structure) {
        return typesWithProfile.computeIfAbsent(
                structure,
                one ->
                        one.getSnapshot().getElement().stream()
                                .filter(element ->
                                        element.getPath().equals("Bundle.entry.resource"))
                                .filter(element -> element.getId().contains(":"))
                                .map(ElementDefinition::getTypeFirstRep)
                                .filter(type -> type.getProfile().size() == 1)
                                .map(ElementDefinition.TypeRefComponent::getCode)
                                .collect(Collectors.toSet()));
    }

    /// The type of the resource at `Bundle.entry[3].resource`; empty when it is not to be found.
    private String typeOfEntry(String path) {
        if (document == null || !path.startsWith(ENTRY)) {
            return "";
        }
        int index = Integer.parseInt(path, ENTRY.length(), path.indexOf(']'), 10);
        List<Element> entries = document.getChildrenByName("entry");
        Element resource =
                index < entries.size() ? entries.get(index).getNamedChild("resource", false) : null;
        return resource == null ? "" : resource.fhirType();
    }
}
