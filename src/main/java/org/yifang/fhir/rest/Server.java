package org.yifang.fhir.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.rest.Paths.Interaction;
import org.yifang.fhir.search.Query;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Once;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Calling;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.operate.CallMeters;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Takes one request from its path to its answer: who, which body, what was done, written.
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final String FORM = "application/x-www-form-urlencoded";

    private final Calls calls;
    private final FhirRouter.Authentication authentication;
    private final FhirRouter.Auditing auditing;
    private final String base;
    private final Paths paths;
    private final OpenAnswers open;

    Server(
            Calls calls,
            FhirRouter.Authentication authentication,
            FhirRouter.Auditing auditing,
            String base,
            Paths paths) {
        this.calls = calls;
        this.authentication = authentication;
        this.auditing = auditing;
        this.base = base;
        this.paths = paths;
        this.open = new OpenAnswers(calls);
    }

    void handle(RoutingContext http, String path) {
        HttpServerRequest request = http.request();
        String requestId = RequestId.of(http);
        http.response().putHeader("X-Request-Id", requestId).headers().add("Vary", Answers.VARY);
        try {
            if (request.method().name().equals("OPTIONS")) {
                options(http, path);
                return;
            }
            Call call = paths.find(request.method().name(), path);
            CallMeters.name(http, Accesses.label(call), "none");
            answer(http, call);
        } catch (Throwable failure) {
            Outcomes.answer(http, failure);
        }
    }

    /// Tells which methods there are, to anybody: `/metadata` does, too.
    private void options(RoutingContext http, String path) {
        String allow = paths.allow(path);
        if (allow.isEmpty()) {
            throw Outcomes.notFound();
        }
        CallMeters.name(http, "options", "none");
        http.response().putHeader("Allow", allow).setStatusCode(204).end();
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
            write(http, calls.metadata(), wanted, false);
            return;
        }
        if (call.isOpen() && isGet(request) && request.getHeader("Authorization") == null) {
            OpenAnswers.Written written = open.answer(http, call);
            Answers.write(http, written.answer(), written.wanted(), base);
            return;
        }
        // Nothing of a body is read before it is known who sends it and that they may.
        Caller caller = authenticated(http, call);
        CallMeters.name(http, Accesses.label(call), caller.role().code());
        calls.count(caller);
        Exchange.Head head = Answers.head(request);
        Body body;
        Query query;
        try {
            body = Admission.refusal(caller, call) == null ? body(http, call) : Body.NONE;
            body.await();
            query = query(request, call, body);
        } catch (Problem unreadable) {
            calls.refused(
                    call,
                    new Exchange(
                            calls, request.method(), head, Query.EMPTY, caller, call, Body.NONE),
                    unreadable);
            throw unreadable;
        }
        Once once = Calls.once(request.getHeader("Idempotency-Key"), call, body);
        Exchange exchange =
                new Exchange(
                        calls,
                        request.method(),
                        head,
                        query,
                        once == null ? caller : caller.wanting(once),
                        call,
                        body);
        Calls.Done done =
                new Calling(caller.clientId(), http.response()::closed)
                        .during(() -> calls.done(call, exchange));
        write(http, done.answer(), done.wanted(), call.operation() != null);
    }

    private static boolean isGet(HttpServerRequest request) {
        String method = request.method().name();
        return method.equals("GET") || method.equals("HEAD");
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
            byte[] bytes =
                    calls.heavy(json.bytes().length, () -> Bodies.rewrite(json.bytes(), wanted));
            Answers.write(http, answer.withBody(new Answer.Json(bytes)), wanted, base);
        } catch (Exception failure) {
            if (!committed || http.response().headWritten()) {
                throw failure;
            }
            LOG.warn("an answer could not be written as wanted: {}", failure.getClass().getName());
            Answers.write(http, answer, AnswerFormat.DEFAULT, base);
        }
    }

    private Caller authenticated(RoutingContext http, Call call) {
        try {
            return authenticated(http);
        } catch (Problem refused) {
            Edge.refused(http);
            auditing.record(
                    Accesses.unauthenticated(
                            call, Edge.address(http), RequestId.of(http), refused.code()));
            throw refused;
        }
    }

    private Caller authenticated(RoutingContext http) {
        Caller caller = authentication.caller(http);
        Edge.known(http, caller);
        return caller.calling(
                RequestId.of(http),
                Negotiation.language(http.request().getHeader("Accept-Language")));
    }
}
