package org.yifang.fhir.validate;

import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.ElementDefinition.DiscriminatorType;
import org.hl7.fhir.r5.model.ElementDefinition.ElementDefinitionSlicingDiscriminatorComponent;
import org.hl7.fhir.r5.model.ElementDefinition.TypeRefComponent;
import org.hl7.fhir.r5.model.StructureDefinition;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Knows which slice of `Bundle.entry` a resource belongs to where a profile tells entries apart by
/// the type of their resource and by nothing else.
final class EntrySlices {
    private static final String ENTRY = "Bundle.entry";

    /// For each slicing the types and their slices; empty where the profile slices another way.
    private final IdentityHashMap<ElementDefinition, Map<String, ElementDefinition>> known =
            new IdentityHashMap<>();

    /// Whether an entry certainly belongs to another slice of the same slicing.
    @SuppressWarnings("ReferenceEquality") // Read once: the same is the same object.
    boolean isOfOtherSlice(
            StructureDefinition profile,
            ElementDefinition slicer,
            ElementDefinition slice,
            Element entry) {
        if (!slicer.getPath().equals(ENTRY)) {
            return false;
        }
        Map<String, ElementDefinition> slices =
                known.computeIfAbsent(slicer, one -> slices(profile, one));
        Element resource = slices.isEmpty() ? null : entry.getNamedChild("resource", false);
        ElementDefinition own = resource == null ? null : slices.get(resource.fhirType());
        return own != null && own != slice;
    }

    private static Map<String, ElementDefinition> slices(
            StructureDefinition profile, ElementDefinition slicer) {
        List<ElementDefinitionSlicingDiscriminatorComponent> by =
                slicer.getSlicing().getDiscriminator();
        if (by.size() != 1
                || by.getFirst().getType() != DiscriminatorType.TYPE
                || !"resource".equals(by.getFirst().getPath())) {
            return Map.of();
        }
        Map<String, ElementDefinition> byId = new HashMap<>();
        Map<String, ElementDefinition> byType = new HashMap<>();
        for (ElementDefinition one : profile.getSnapshot().getElement()) {
            if (one.getPath().equals(ENTRY)) {
                byId.put(one.getId(), one);
            } else if (one.getPath().equals(ENTRY + ".resource") && one.getId().contains(":")) {
                ElementDefinition slice =
                        byId.get(one.getId().substring(0, one.getId().lastIndexOf('.')));
                for (TypeRefComponent type : one.getType()) {
                    if (slice == null || byType.put(type.getCode(), slice) != null) {
                        return Map.of();
                    }
                }
            }
        }
        return byType;
    }
}
