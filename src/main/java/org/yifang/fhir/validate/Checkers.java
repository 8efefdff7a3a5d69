package org.yifang.fhir.validate;

import org.hl7.fhir.r5.model.StructureDefinition;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Excerpt;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;

/// One checker per thread, all over the same definitions.
public final class Checkers {
    private final Definitions definitions;
    private final ThreadLocal<Checker> mine;

    public Checkers(Conformance conformance) {
        CoreDefinitions core = new CoreDefinitions();
        this.definitions = new Definitions(core, conformance);
        this.mine = ThreadLocal.withInitial(() -> new Checker(definitions));
        core.forget();
    }

    /// Validates on the calling thread, however long it takes.
    public List<Finding> check(byte[] body, Format format, @Nullable String profile) {
        return mine.get().check(body, format, structure(profile));
    }

    /// Validates on the calling thread, as far as the budget goes.
    List<Finding> check(Excerpt excerpt, Format format, @Nullable String profile, Budget budget) {
        return mine.get().check(excerpt, format, structure(profile), budget);
    }

    private @Nullable StructureDefinition structure(@Nullable String profile) {
        if (profile == null) {
            return null;
        }
        StructureDefinition structure =
                definitions.fetchResource(StructureDefinition.class, profile);
        if (structure == null) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The profile `" + profile + "` is not known here.",
                    "Name a StructureDefinition that this server publishes.");
        }
        return structure;
    }
}
