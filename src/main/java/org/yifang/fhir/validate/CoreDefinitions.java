package org.yifang.fhir.validate;

import org.hl7.fhir.convertors.factory.VersionConvertorFactory_40_50;
import org.hl7.fhir.r4.formats.XmlParser;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.Resource;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.validate.CoreArchive.Place;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The definitions of FHIR R4 itself, in the model (R5) that the validator reasons in.
final class CoreDefinitions {
    private final CoreArchive archive = new CoreArchive();
    private final Map<String, StructureDefinition> structuresByUrl = new HashMap<>();
    private final List<StructureDefinition> structures = new ArrayList<>();

    CoreDefinitions() {
        for (Place place : archive.structures()) {
            StructureDefinition structure =
                    new CoreStructure(
                            place.url(),
                            place.header(),
                            () -> withoutProse((StructureDefinition) read(place)));
            structuresByUrl.put(place.url(), structure);
            structures.add(structure);
        }
    }

    /// All 650, types first, then resources, then extensions and profiles.
    List<StructureDefinition> structures() {
        return structures;
    }

    @Nullable StructureDefinition structure(String url) {
        return structuresByUrl.get(url);
    }

    /// Reads a ValueSet or CodeSystem anew at every call; null when the specification has none.
    @Nullable Resource terminology(String type, String url) {
        Place place = archive.place(type, url);
        return place == null ? null : read(place);
    }

    void forget() {
        archive.forget();
    }

    private Resource read(Place place) {
        try {
            return VersionConvertorFactory_40_50.convertResource(
                    new XmlParser().parse(archive.xml(place)));
        } catch (IOException e) {
            throw new IllegalStateException(place.url() + " cannot be read.", e);
        }
    }

    /// Keeps what decides and leaves out what only explains: two thirds of the memory.
    static StructureDefinition withoutProse(StructureDefinition structure) {
        structure.setDifferential(null);
        structure.setMapping(null);
        for (ElementDefinition element : structure.getSnapshot().getElement()) {
            element.setDefinition(null);
            element.setComment(null);
            element.setRequirements(null);
            element.setMeaningWhenMissing(null);
            element.setIsModifierReason(null);
            element.setAlias(null);
            element.setMapping(null);
            element.setExample(null);
            element.setCode(null);
        }
        return structure;
    }
}
