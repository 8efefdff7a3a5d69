package org.yifang.fhir.rest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.rest.Paths.Interaction;
import org.yifang.fhir.search.PageKeys;
import org.yifang.fhir.search.Query;
import org.yifang.fhir.search.Source;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Once;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Calling;
import org.yifang.platform.edge.ClientTurns;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.RateLimit;
import org.yifang.platform.edge.Turns;
import org.yifang.platform.operate.CallMeters;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/// Takes one request from its path to its answer: who, may they, what, audited, written.
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final int HEAVY_BYTES = 32 * 1024;
    private static final String FORM = "application/x-www-form-urlencoded";

    private final FhirRouter.Needs needs;
    private final String base;
    private final Paths paths;
    private final RateLimit limit;
    private final Reading reading;
    private final Capability capability;
    private final Turns heavy;

    Server(FhirRouter.Needs needs, String base, Paths paths, RateLimit limit) {
        this.needs = needs;
        this.base = base;
        this.paths = paths;
        this.limit = limit;
        this.reading =
                new Reading(
                        base,
                        paths,
                        new PageKeys(needs.pagingKey()),
                        new ClientTurns(
                                Math.max(1, needs.config().databaseConnections() / 2),
                                Limits.SEARCHES_WAITING_PER_CLIENT,
                                Bound.SEARCHES));
        this.heavy =
                new Turns(
                        "fhir",
                        Runtime.getRuntime().availableProcessors(),
                        1,
                        Limits.READING_WAITING,
                        Limits.READING_WAITING_PER_CLIENT,
                        Bound.VALIDATION_QUEUE);
        this.capability = new Capability(needs, base, paths);
    }

    /// Does what takes a processor for long outside the threads that serve requests. Of bodies of
    /// the usual size, going elsewhere would take longer than the work.
    <T> T heavy(int bytes, Supplier<T> work) {
        if (bytes >= HEAVY_BYTES) {
            return heavy.take(work).await();
        }
        return work.get();
    }

    /// A turn in which nothing is done, to see whether turns come; fails when the queue is full.
    Future<?> idleTurn() {
        try {
            return heavy.take(() -> true);
        } catch (Problem full) {
            return Future.failedFuture(full);
        }
    }

    void close() {
        heavy.close();
    }

    InstantSource clock() {
        return needs.clock();
    }

    void handle(RoutingContext http, String path) {
        HttpServerRequest request = http.request();
        String requestId = RequestId.of(http);
        http.response().putHeader("X-Request-Id", requestId);
        try {
            Call call = paths.find(request.method().name(), path);
            CallMeters.name(http, Accesses.label(call), "none");
            answer(http, call);
        } catch (Throwable failure) {
            Outcomes.answer(http, failure);
        }
    }

    private static Body body(RoutingContext http, Call call) {
        HttpServerRequest request = http.request();
        String method = request.method().name();
        if (method.equals("GET") || method.equals("HEAD")) {
            return Body.NONE;
        }
        Operation operation = call.operation();
        if (operation != null && operation.streamed()) {
            return Body.later(http, operation.bodyBytesMost());
        }
        return Body.collect(http, Limits.BODY_BYTES);
    }

    private void answer(RoutingContext http, Call call) {
        HttpServerRequest request = http.request();
        if (call.interaction() == Interaction.METADATA) {
            Query query = Query.parse(request.query(), true);
            AnswerFormat wanted = Negotiation.wanted(request.getHeader("Accept"), query);
            write(http, capability.answer(), wanted, false);
            return;
        }
        // Nothing of a body is read before it is known who sends it and that they may.
        Caller caller = authenticated(http, call);
        CallMeters.name(http, Accesses.label(call), caller.role().code());
        limit.take(caller.clientId());
        Body body;
        Query query;
        try {
            body = Admission.refusal(caller, call) == null ? body(http, call) : Body.NONE;
            body.await();
            query = query(request, call, body);
        } catch (Problem unreadable) {
            auditRefusal(
                    call,
                    new Exchange(
                            this,
                            request.method(),
                            request::getHeader,
                            Query.EMPTY,
                            caller,
                            call,
                            Body.NONE),
                    unreadable);
            throw unreadable;
        }
        Once once = once(request.getHeader("Idempotency-Key"), call, body);
        Exchange exchange =
                new Exchange(
                        this,
                        request.method(),
                        request::getHeader,
                        query,
                        once == null ? caller : caller.wanting(once),
                        call,
                        body);
        Done done =
                new Calling(caller.clientId(), http.response()::closed)
                        .during(() -> done(call, exchange));
        write(http, done.answer(), done.wanted(), call.operation() != null);
    }

    /// A call from inside by somebody known: the same checks, the same audit, the same answer as
    /// over HTTP.
    Inside.Reply ask(Caller caller, Inside.Call asked) {
        try {
            Call call = paths.find(asked.method(), asked.path());
            Body body = asked.body();
            body.await();
            limit.take(caller.clientId());
            String key = asked.headers().get("Idempotency-Key");
            Once once = once(key, call, body);
            Exchange exchange =
                    new Exchange(
                            this,
                            HttpMethod.valueOf(asked.method()),
                            asked.headers()::get,
                            query(asked, call, body),
                            once == null ? caller : caller.wanting(once),
                            call,
                            body);
            Done done = done(call, exchange);
            return Inside.reply(done.answer(), done.wanted());
        } catch (Throwable failure) {
            return Inside.reply(Outcomes.problem(failure), caller.language());
        }
    }

    private static Query query(Inside.Call asked, Call call, Body body) {
        Query query = Query.parse(asked.query(), true);
        return call.interaction() == Interaction.SEARCH && body.bytes().length > 0
                ? query.plus(Query.parse(new String(body.bytes(), StandardCharsets.UTF_8), false))
                : query;
    }

    private record Done(Answer answer, AnswerFormat wanted) {}

    private Done done(Call call, Exchange exchange) {
        try {
            Problem refusal = Admission.refusal(exchange.caller(), call);
            if (refusal != null) {
                throw refusal;
            }
            AnswerFormat wanted = wanted(call, exchange);
            Answer answer = answer(call, exchange);
            if (!exchange.isAudited()) {
                needs.auditing()
                        .record(
                                Accesses.of(
                                        call, exchange, null, answer.patients(), answer.tasks()));
            }
            return new Done(answer, wanted);
        } catch (Throwable failure) {
            if (Outcomes.isGone(failure)) {
                throw failure;
            }
            Problem told = Outcomes.problem(failure);
            if (!exchange.isAudited() || !(failure instanceof Problem)) {
                auditRefusal(call, exchange, told);
            }
            throw told;
        }
    }

    private static @Nullable Once once(@Nullable String key, Call call, Body body) {
        Operation operation = call.operation();
        if (key == null || operation == null || !operation.isKeyed()) {
            return null;
        }
        String on = call.type() == null ? "" : " " + call.type().name;
        return Once.of(
                operation.name + on + (call.id() == null ? "" : "/" + call.id()),
                key,
                body.bytes());
    }

    private static Query query(HttpServerRequest request, Call call, Body body) {
        Query query = Query.parse(request.query(), true);
        if (call.interaction() != Interaction.SEARCH || body.bytes().length == 0) {
            return query;
        }
        String type = request.getHeader("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw new Problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "A search takes no body of that media type.",
                    "Send `Content-Type: " + FORM + "`.");
        }
        return query.plus(
                Query.parse(new String(body.bytes(), StandardCharsets.UTF_8).strip(), false));
    }

    /// What has to be written anew is, where that takes long, written elsewhere.
    ///
    /// @param committed whether something may have changed, so that no error can be answered any
    ///   more: what cannot be written as it is wanted is sent as it is
    private void write(RoutingContext http, Answer answer, AnswerFormat wanted, boolean committed) {
        if (!(answer.body() instanceof Answer.Json json) || wanted.asStored()) {
            Answers.write(http, answer, wanted, base);
            return;
        }
        try {
            byte[] bytes = heavy(json.bytes().length, () -> Bodies.rewrite(json.bytes(), wanted));
            Answers.write(http, answer.withBody(new Answer.Json(bytes)), wanted, base);
        } catch (Exception failure) {
            if (!committed || http.response().headWritten()) {
                throw failure;
            }
            LOG.warn("an answer could not be written as wanted: {}", failure.getClass().getName());
            Answers.write(http, answer, AnswerFormat.DEFAULT, base);
        }
    }

    private static AnswerFormat wanted(Call call, Exchange exchange) {
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
                Admission.checkMediaType(operation, exchange);
                yield operation.handler().handle(exchange);
            }
        };
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
                needs.auditing().record(Accesses.of(call, exchange, told.code(), patients, tasks));
            }
        }
    }

    private Caller authenticated(RoutingContext http, Call call) {
        try {
            return authenticated(http);
        } catch (Problem refused) {
            Edge.refused(http);
            needs.auditing()
                    .record(
                            Accesses.unauthenticated(
                                    call, Edge.address(http), RequestId.of(http), refused.code()));
            throw refused;
        }
    }

    private Caller authenticated(RoutingContext http) {
        Caller caller = needs.authentication().caller(http);
        Edge.known(http, caller);
        return caller.calling(
                RequestId.of(http),
                Negotiation.language(http.request().getHeader("Accept-Language")));
    }
}
