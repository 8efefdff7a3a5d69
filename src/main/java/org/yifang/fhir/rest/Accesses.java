package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Ids;
import org.yifang.fhir.Redaction;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Tells the audit log what a call was.
final class Accesses {
    /// The record of a call by somebody known.
    ///
    /// @param problem why it was refused, or null when it was done
    static Access of(
            Call call,
            Exchange exchange,
            @Nullable ProblemCode problem,
            List<UUID> patients,
            List<UUID> tasks) {
        Caller caller = exchange.caller();
        Operation operation = call.operation();
        String type = call.type() == null ? "" : call.type().name;
        return new Access(
                caller,
                caller.address(),
                caller.requestId(),
                interaction(call),
                operation != null && operation.kind == Operation.Kind.OPERATION
                        ? operation.name
                        : type,
                act(call),
                problem,
                patients.stream().distinct().toList(),
                tasks.stream().distinct().toList(),
                call.id() == null || !Ids.isId(call.id()) || Redaction.isPersonal(call.id())
                        ? List.of()
                        : List.of(type + '/' + call.id()),
                null,
                Redaction.of(exchange.auditedQuery()));
    }

    /// What a call is, in a metric: `$claim`, `read Task`.
    static String label(Call call) {
        Operation operation = call.operation();
        if (operation != null && operation.kind == Operation.Kind.OPERATION) {
            return '$' + operation.name;
        }
        String type = call.type() == null ? "" : ' ' + call.type().name;
        return interaction(call) + type;
    }

    private static String interaction(Call call) {
        return switch (call.interaction()) {
            case METADATA -> "capabilities";
            case READ -> "read";
            case VREAD -> "vread";
            case HISTORY -> "history-instance";
            case SEARCH -> "search-type";
            case OPERATION ->
                    switch (Objects.requireNonNull(call.operation()).kind) {
                        case OPERATION -> "operation";
                        case CREATE -> "create";
                        case UPDATE -> "update";
                        case DELETE -> "delete";
                        case PATCH -> "patch";
                        case BUNDLE -> "batch";
                    };
        };
    }

    private static char act(Call call) {
        return switch (call.interaction()) {
            case METADATA, READ, VREAD, HISTORY -> 'R';
            case SEARCH -> 'E';
            case OPERATION -> Objects.requireNonNull(call.operation()).act();
        };
    }

    /// The record of a call by nobody known.
    static Access unauthenticated(
            Call call, String address, String requestId, ProblemCode problem) {
        return new Access(
                null,
                address,
                requestId,
                interaction(call),
                call.type() == null ? "" : call.type().name,
                act(call),
                problem,
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    private Accesses() {}
}
