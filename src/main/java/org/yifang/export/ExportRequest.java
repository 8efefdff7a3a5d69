package org.yifang.export;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.Inputs;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a caller asks to have exported.
///
/// @param types in the order of the sources
/// @param query the parameters as they would stand in a URL
record ExportRequest(
        List<String> types, @Nullable Instant since, @Nullable Instant until, String query) {
    private static final Set<String> FORMATS =
            Set.of("application/fhir+ndjson", "application/ndjson", "ndjson");

    /// Reads a call.
    ///
    /// @throws Problem for parameters that are not taken, unless the caller wants those passed
    ///   over; for types that are unknown or not for this role
    static ExportRequest read(Exchange exchange, List<ExportSource> sources) {
        boolean lenient = isLenient(exchange.header("Prefer"));
        Inputs in = exchange.inputs();
        String format = in.findString("_outputFormat");
        if (format != null && !FORMATS.contains(format.replace(' ', '+'))) {
            in.refuse(
                    "_outputFormat",
                    "The format `" + format + "` is not written.",
                    "Only `application/fhir+ndjson` is.");
        }
        Instant since = in.findInstant("_since");
        Instant until = in.findInstant("_until");
        List<String> named =
                in.strings("_type").stream()
                        .flatMap(list -> Arrays.stream(list.split(",", -1)))
                        .map(String::strip)
                        .filter(type -> !type.isEmpty())
                        .distinct()
                        .toList();
        for (String type : named) {
            if (!lenient && sources.stream().noneMatch(one -> one.type().equals(type))) {
                in.refuse(
                        "_type",
                        "The type `" + type + "` is not exported.",
                        "These are: " + types(sources, exchange.caller()) + ".");
            }
        }
        if (lenient) {
            in.doneLeniently();
        } else {
            in.done();
        }
        List<String> types = chosen(exchange, sources, named);
        return new ExportRequest(types, since, until, query(named, since, until));
    }

    private static List<String> chosen(
            Exchange exchange, List<ExportSource> sources, List<String> named) {
        Caller caller = exchange.caller();
        List<String> types = new ArrayList<>();
        for (ExportSource source : sources) {
            boolean allowed = source.roles().contains(caller.role());
            if (!named.contains(source.type())) {
                if (named.isEmpty() && allowed && exchange.isCovered(source.type(), 'r')) {
                    types.add(source.type());
                }
                continue;
            }
            if (!allowed) {
                throw new Problem(
                        ProblemCode.NOT_FOR_THIS_ROLE,
                        "Your client is registered as `" + caller.role().code() + "`.",
                        "It may export: " + types(sources, caller) + ".");
            }
            exchange.needs(source.type(), 'r');
            types.add(source.type());
        }
        if (types.isEmpty()) {
            throw new Problem(
                    ProblemCode.NOT_IN_SCOPE,
                    "Nothing that was asked for can be exported with this token.",
                    "Your role may export: " + types(sources, caller) + ".");
        }
        return types;
    }

    private static String types(List<ExportSource> sources, Caller caller) {
        return sources.stream()
                .filter(one -> one.roles().contains(caller.role()))
                .map(one -> '`' + one.type() + '`')
                .collect(Collectors.joining(", "));
    }

    private static String query(
            List<String> types, @Nullable Instant since, @Nullable Instant until) {
        List<String> parts = new ArrayList<>();
        if (!types.isEmpty()) {
            parts.add("_type=" + String.join(",", types));
        }
        if (since != null) {
            parts.add("_since=" + since);
        }
        if (until != null) {
            parts.add("_until=" + until);
        }
        return String.join("&", parts);
    }

    private static boolean isLenient(@Nullable String prefer) {
        return prefer != null && prefer.replace(" ", "").contains("handling=lenient");
    }
}
