package org.yifang.tools;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.parser.IParser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.yifang.fhir.Conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Works out the snapshots of our StructureDefinitions, as HAPI does: one file each, one element a
/// line, in `fhir-profiles/snapshots/`. What only explains an element of FHIR itself is left out.
public final class Snapshots {
    public static final Path FOLDER = Path.of("fhir-profiles/snapshots");

    private static final FhirContext R4 = FhirContext.forR4Cached();

    public static void main(String[] none) throws IOException {
        Files.createDirectories(FOLDER);
        Map<String, String> files = texts();
        try (Stream<Path> old = Files.list(FOLDER)) {
            for (Path file : old.toList()) {
                if (!files.containsKey(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
        }
    }

    /// Every file by its name.
    public static Map<String, String> texts() throws IOException {
        Conformance conformance = Conformance.load();
        PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(R4);
        for (Conformance.Entry entry : conformance.ofType("StructureDefinition").toList()) {
            ours.addResource(read(entry));
        }
        SnapshotGeneratingValidationSupport generating =
                new SnapshotGeneratingValidationSupport(R4);
        ValidationSupportContext context =
                new ValidationSupportContext(
                        new ValidationSupportChain(
                                ours, new DefaultProfileValidationSupport(R4), generating));
        Map<String, String> files = new TreeMap<>();
        for (Conformance.Entry entry : conformance.ofType("StructureDefinition").toList()) {
            StructureDefinition whole =
                    (StructureDefinition)
                            generating.generateSnapshot(
                                    context, read(entry), entry.url(), null, entry.name());
            files.put(entry.id() + ".json", text(whole));
        }
        return files;
    }

    private static StructureDefinition read(Conformance.Entry entry) {
        return R4.newJsonParser()
                .parseResource(
                        StructureDefinition.class,
                        new String(entry.json(), StandardCharsets.UTF_8));
    }

    private static String text(StructureDefinition whole) throws IOException {
        for (ElementDefinition element : whole.getSnapshot().getElement()) {
            element.setMapping(null);
            element.setExample(null);
            element.setAlias(null);
            element.setComment(null);
            element.setRequirements(null);
        }
        IParser parser = R4.newJsonParser();
        JsonNode elements =
                new ObjectMapper()
                        .readTree(parser.encodeResourceToString(whole))
                        .at("/snapshot/element");
        StringBuilder text = new StringBuilder("{\"element\":[\n");
        for (int i = 0; i < elements.size(); i++) {
            text.append(elements.get(i)).append(i + 1 < elements.size() ? ",\n" : "\n");
        }
        return text.append("]}\n").toString();
    }

    private Snapshots() {}
}
