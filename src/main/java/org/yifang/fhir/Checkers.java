package org.yifang.fhir;

import org.hl7.fhir.convertors.factory.VersionConvertorFactory_40_50;
import org.hl7.fhir.r4.formats.JsonParser;
import org.hl7.fhir.r5.context.ContextUtilities;
import org.hl7.fhir.r5.model.Resource;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.Problem;
import org.yifang.platform.Problem.Finding;
import org.yifang.platform.ProblemCode;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One checker per thread, all over the same definitions.
final class Checkers {
    private final Definitions definitions;
    private final ThreadLocal<Checker> mine;

    Checkers(Conformance conformance) {
        CoreDefinitions core = new CoreDefinitions();
        this.definitions = new Definitions(core, ours(conformance));
        ContextUtilities utilities = new ContextUtilities(definitions);
        conformance
                .ofType("StructureDefinition")
                .map(entry -> definitions.fetchResource(StructureDefinition.class, entry.url()))
                .forEach(structure -> {
                    utilities.generateSnapshot(structure);
                    CoreDefinitions.withoutProse(structure);
                });
        this.mine = ThreadLocal.withInitial(() -> new Checker(definitions));
        core.forget();
    }

    /// Validates on the calling thread.
    List<Finding> check(byte[] body, Format format, @Nullable String profile) {
        if (profile == null) {
            return mine.get().check(body, format, null);
        }
        StructureDefinition structure =
                definitions.fetchResource(StructureDefinition.class, profile);
        if (structure == null) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The profile `" + profile + "` is not known here.",
                    "Name a StructureDefinition that this server publishes.");
        }
        return mine.get().check(body, format, structure);
    }

    /// Our resources that decide about instances, by `type url`.
    private static Map<String, Resource> ours(Conformance conformance) {
        Map<String, Resource> ours = new HashMap<>();
        for (String type : List.of("StructureDefinition", "ValueSet", "CodeSystem")) {
            conformance
                    .ofType(type)
                    .forEach(entry -> ours.put(type + ' ' + entry.url(), read(entry)));
        }
        return ours;
    }

    private static Resource read(Conformance.Entry entry) {
        try {
            return VersionConvertorFactory_40_50.convertResource(
                    new JsonParser().parse(entry.json()));
        } catch (IOException e) {
            throw new IllegalStateException(entry.url() + " cannot be read.", e);
        }
    }
}
