package org.yifang.prescription.submit;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

import java.util.List;

/// The resources of a document: by type, by reference, with their places.
record DocumentEntries(Bundle bundle) {
    <R extends Resource> List<R> all(Class<R> type) {
        return bundle.getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    <R extends Resource> @Nullable R first(Class<R> type) {
        List<R> all = all(type);
        return all.isEmpty() ? null : all.getFirst();
    }

    @SuppressWarnings("ReferenceEquality") // Two entries may hold the same; this one is asked for.
    String path(Resource resource) {
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            if (bundle.getEntry().get(i).getResource() == resource) {
                return "Bundle.entry[" + i + "].resource";
            }
        }
        return "Bundle";
    }

    @Nullable Resource resolve(@Nullable Reference reference) {
        if (reference == null || !reference.hasReference()) {
            return null;
        }
        String wanted = reference.getReference();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            Resource resource = entry.getResource();
            if (resource == null) {
                continue;
            }
            String relative = resource.fhirType() + "/" + resource.getIdElement().getIdPart();
            boolean found = wanted.equals(entry.getFullUrl()) || wanted.equals(relative);
            if (found) {
                return resource;
            }
        }
        return null;
    }
}
