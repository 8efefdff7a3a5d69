package org.yifang.fhir;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Paths.Call;
import org.yifang.fhir.Paths.Interaction;
import org.yifang.platform.Caller;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;
import org.yifang.platform.Role;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Takes one request from its path to its answer: who, may they, what, audited, written.
final class Server {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._~:-]{1,64}");

    private final FhirRouter.Parts parts;
    private final String base;
    private final Paths paths;
    private final RateLimit limit;
    private final Reading reading;
    private final Capability capability;

    Server(FhirRouter.Parts parts, String base, Paths paths, RateLimit limit) {
        this.parts = parts;
        this.base = base;
        this.paths = paths;
        this.limit = limit;
        this.reading = new Reading();
        this.capability = new Capability(parts, base, paths);
    }

    InstantSource clock() {
        return parts.clock();
    }

    static String requestId(HttpServerRequest http, Map<String, Object> data) {
        return (String)
                data.computeIfAbsent(
                        "requestId",
                        name -> {
                            String sent = http.getHeader("X-Request-Id");
                            return sent != null && REQUEST_ID.matcher(sent).matches()
                                    ? sent
                                    : HexFormat.of()
                                            .toHexDigits(ThreadLocalRandom.current().nextLong());
                        });
    }

    void handle(RoutingContext http, String path) {
        HttpServerRequest request = http.request();
        String requestId = requestId(request, http.data());
        http.response().putHeader("X-Request-Id", requestId);
        try {
            // Nothing is awaited before the body is being collected: pieces would be lost.
            Call call = call(request, path);
            Body body = body(request, call);
            answer(http, call, body);
        } catch (Throwable failure) {
            Outcomes.answer(http, failure);
        }
    }

    private Call call(HttpServerRequest request, String path) {
        try {
            return paths.find(request.method().name(), path);
        } catch (Problem refused) {
            // What a sender is still sending is read and thrown away, so that it gets to read.
            request.handler(piece -> {});
            throw refused;
        }
    }

    private static Body body(HttpServerRequest request, Call call) {
        String method = request.method().name();
        if (method.equals("GET") || method.equals("HEAD")) {
            return Body.NONE;
        }
        Operation operation = call.operation();
        if (operation != null && operation.streamed()) {
            return Body.later(request, operation.bodyBytesMost());
        }
        return Body.collect(request, org.yifang.platform.Limits.BODY_BYTES);
    }

    private void answer(RoutingContext http, Call call, Body body) {
        body.await();
        HttpServerRequest request = http.request();
        Query query = Query.parse(request.query(), true);
        if (call.interaction() == Interaction.METADATA) {
            Wanted wanted = Negotiation.wanted(request.getHeader("Accept"), query);
            Answers.write(http, capability.answer(wanted), wanted, base);
            return;
        }
        Caller caller = authenticated(http, call);
        limit.take(caller.clientId());
        Exchange exchange = new Exchange(this, request, query, caller, call.id(), body);
        try {
            allow(caller, call);
            Wanted wanted = wanted(call, exchange);
            Answer answer = answer(call, exchange);
            if (!exchange.isAudited()) {
                parts.audit().accept(audited(call, exchange, answer));
            }
            Answers.write(http, answer, wanted, base);
        } catch (Throwable failure) {
            Problem told = Outcomes.problem(failure);
            if (!exchange.isAudited() || !(failure instanceof Problem)) {
                auditRefusal(call, exchange, told);
            }
            throw told;
        }
    }

    private static Wanted wanted(Call call, Exchange exchange) {
        boolean own = call.operation() != null && !call.operation().produces().isEmpty();
        return own
                ? Negotiation.wantedForError(exchange.header("Accept"), exchange.query())
                : Negotiation.wanted(exchange.header("Accept"), exchange.query());
    }

    private Answer answer(Call call, Exchange exchange) {
        return switch (call.interaction()) {
            case METADATA -> throw new IllegalStateException();
            case READ -> reading.read(call, exchange);
            case VREAD -> reading.version(call, exchange);
            case HISTORY -> reading.history(call, exchange);
            case SEARCH -> reading.search(call, exchange);
            case OPERATION -> {
                Operation operation = Objects.requireNonNull(call.operation());
                checkMediaType(operation, exchange);
                yield operation.handler().handle(exchange);
            }
        };
    }

    /// Whether this role and this token may do it at all.
    private static void allow(Caller caller, Call call) {
        Operation operation = call.operation();
        EnumSet<Role> roles =
                operation != null
                        ? EnumSet.copyOf(operation.roles())
                        : Objects.requireNonNull(call.type()).source().roles();
        if (!roles.contains(caller.role())) {
            throw new Problem(
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
        if (dot > 0
                && !Scopes.cover(
                        caller.scopes(), needed.substring(0, dot), needed.charAt(dot + 1))) {
            throw new Problem(
                    ProblemCode.NOT_IN_SCOPE,
                    "The token does not cover `system/" + needed + "`.",
                    "Ask for a token with that scope.");
        }
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

    private static void checkMediaType(Operation operation, Exchange exchange) {
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

    private Access audited(Call call, Exchange exchange, Answer answer) {
        return access(call, exchange, null, answer.patients(), answer.tasks());
    }

    private void auditRefusal(Call call, Exchange exchange, Problem told) {
        switch (told.code()) {
            // Nobody was refused anything, and there is nothing to write it into.
            case DATABASE_AWAY, BUSY -> {}
            default -> {
                List<UUID> patients = List.of();
                List<UUID> tasks = List.of();
                if (call.id() != null && call.type() != null && call.type().source != null) {
                    Source.Concerned hidden = call.type().source.hidden(call.id());
                    patients = hidden.patients();
                    tasks = hidden.tasks();
                }
                parts.audit().accept(access(call, exchange, told.code(), patients, tasks));
            }
        }
    }

    private static Access access(
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
                call.id() == null || !Ids.isId(call.id())
                        ? List.of()
                        : List.of(type + '/' + call.id()),
                null,
                exchange.auditedQuery());
    }

    private static String interaction(Call call) {
        return switch (call.interaction()) {
            case METADATA -> "capabilities";
            case READ -> "read";
            case VREAD -> "vread";
            case HISTORY -> "history-instance";
            case SEARCH -> "search-type";
            case OPERATION ->
                    Objects.requireNonNull(call.operation()).kind.name().toLowerCase(Locale.ROOT);
        };
    }

    private static char act(Call call) {
        return switch (call.interaction()) {
            case METADATA, READ, VREAD, HISTORY -> 'R';
            case SEARCH -> 'E';
            case OPERATION -> Objects.requireNonNull(call.operation()).act();
        };
    }

    private Caller authenticated(RoutingContext http, Call call) {
        try {
            return authenticated(http);
        } catch (Problem refused) {
            parts.audit()
                    .accept(
                            new Access(
                                    null,
                                    String.valueOf(http.request().remoteAddress().hostAddress()),
                                    requestId(http.request(), http.data()),
                                    interaction(call),
                                    call.type() == null ? "" : call.type().name,
                                    act(call),
                                    refused.code(),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    null,
                                    null));
            throw refused;
        }
    }

    private Caller authenticated(RoutingContext http) {
        Caller caller = parts.authenticate().apply(http);
        return new Caller(
                caller.clientId(),
                caller.role(),
                caller.organizationId(),
                caller.organization(),
                caller.reviewsFor(),
                caller.scopes(),
                caller.patientId(),
                caller.person(),
                caller.address(),
                requestId(http.request(), http.data()),
                Negotiation.language(http.request().getHeader("Accept-Language")));
    }
}
