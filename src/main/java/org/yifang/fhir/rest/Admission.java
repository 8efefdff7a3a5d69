package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Scopes;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.rest.Paths.Interaction;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.EnumSet;
import java.util.Objects;
import java.util.stream.Collectors;

/// Decides whether a call may be made at all, before anybody looks at what it is about.
final class Admission {
    /// `RX-1002` when it is not for this role, `RX-1003` when the token does not cover it, or null.
    static @Nullable Problem refusal(Caller caller, Call call) {
        Operation operation = call.operation();
        if (call.interaction() == Interaction.METADATA) {
            return null;
        }
        EnumSet<Role> roles =
                operation != null
                        ? EnumSet.copyOf(operation.roles())
                        : Objects.requireNonNull(call.type()).source().roles();
        if (!roles.contains(caller.role())) {
            return new Problem(
                    ProblemCode.NOT_FOR_THIS_ROLE,
                    "Your client is registered as `" + caller.role().code() + "`.",
                    "This is for: "
                            + roles.stream()
                                    .map(role -> '`' + role.code() + '`')
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        String needed = scope(call);
        int dot = needed.indexOf('.');
        return dot > 0 ? uncovered(caller, needed.substring(0, dot), needed.charAt(dot + 1)) : null;
    }

    /// @throws Problem `RX-1003` when the token does not cover a letter of `cruds` on a type
    static void needs(Caller caller, String type, char letter) {
        Problem refusal = uncovered(caller, type, letter);
        if (refusal != null) {
            throw refusal;
        }
    }

    private static @Nullable Problem uncovered(Caller caller, String type, char letter) {
        return Scopes.cover(caller.scopes(), type, letter)
                ? null
                : new Problem(
                        ProblemCode.NOT_IN_SCOPE,
                        "The token does not cover `system/" + type + '.' + letter + "`.",
                        "Ask for a token with that scope.");
    }

    /// `Task.r`, or empty when any token will do.
    private static String scope(Call call) {
        Operation operation = call.operation();
        if (operation != null) {
            String declared = operation.scope();
            return declared == null ? "" : declared;
        }
        char letter = call.interaction() == Interaction.SEARCH ? 's' : 'r';
        return Objects.requireNonNull(call.type()).name + '.' + letter;
    }

    /// @throws Problem `RX-1015` when the operation does not read the media type of the body
    static void checkMediaType(Operation operation, Exchange exchange) {
        if (exchange.isGet() || (exchange.body().length == 0 && !operation.streamed())) {
            return;
        }
        String type = exchange.mediaType();
        boolean own =
                operation.consumes().stream()
                        .anyMatch(one -> type.equals(one) || type.startsWith(one + ';'));
        if (!own) {
            exchange.format();
        }
    }

    private Admission() {}
}
