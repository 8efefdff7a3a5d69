package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.Query;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.Objects;

/// The header `If-None-Exist` of a create: the one identifier that nothing may have yet.
///
/// It is taken only by the identifier that a unique index of the type holds, and only where the
/// resource that is sent has it, too: then the insert itself decides, however many send at once.
public record IfNoneExist(String system, String value) {
    private static final String PARAMETER = "identifier";

    /// @param operation what is called
    /// @throws Problem `RX-1404` where a create is not conditional, or not by that
    static @Nullable IfNoneExist read(@Nullable String header, Operation operation) {
        if (header == null || operation.kind != Operation.Kind.CREATE) {
            return null;
        }
        if (!operation.isConditional()) {
            throw refused(
                    "`" + operation.type + "` is not created conditionally.",
                    "Leave `If-None-Exist` out.");
        }
        // Libraries send the whole address of the search.
        Query asked = Query.parse(header.substring(header.indexOf('?') + 1).strip(), false);
        String token = asked.first(PARAMETER);
        int bar = token == null ? -1 : token.indexOf('|');
        if (token == null || asked.pairs().size() != 1 || bar < 0 || token.indexOf(',') >= 0) {
            throw refused(
                    "`If-None-Exist` names something else than one identifier.",
                    "Write `identifier=system|value`, which nothing else of this type has.");
        }
        return new IfNoneExist(token.substring(0, bar), token.substring(bar + 1));
    }

    /// Demands that the resource which is sent is known by that very identifier.
    ///
    /// @throws Problem `RX-1404` when it is known by another
    public void requireOf(String itsSystem, @Nullable String itsValue) {
        if (!system.equals(itsSystem) || !Objects.equals(value, itsValue)) {
            throw refused(
                    "`If-None-Exist` names an identifier by which the resource is not known.",
                    "Name the identifier of the resource itself, of the system `"
                            + itsSystem
                            + "`.");
        }
    }

    private static Problem refused(String detail, String remedy) {
        return new Problem(ProblemCode.PARAMETER_UNKNOWN, detail, remedy);
    }
}
