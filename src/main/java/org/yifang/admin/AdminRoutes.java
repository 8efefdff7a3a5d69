package org.yifang.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.identity.client.Scopes;
import org.yifang.platform.Caller;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.FormBody;
import org.yifang.platform.edge.Spool;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/// `/admin` as JSON: reads a call, asks the desk, writes the answer; it decides nothing.
final class AdminRoutes {
    static final String IMPORT = "/admin/import";

    /// The largest registration is a key set of 16 KiB.
    private static final int JSON_BYTES = 64 * 1024;

    private final Administration parts;
    private final List<Call> calls = new ArrayList<>();

    AdminRoutes(Administration parts) {
        this.parts = parts;
        calls.addAll(new ClientCalls(parts.clients()).all());
        calls.addAll(new PeopleCalls(parts.people()).all());
        calls.add(
                Call.post(
                        IMPORT,
                        "Organization.c",
                        "Takes a CSV of organizations, practitioners, clients or people.",
                        this::take));
        calls.addAll(parts.feeds().all());
        calls.addAll(parts.receivers().all());
        calls.addAll(new JobCalls(parts.jobDesk(), parts).all());
        calls.add(
                Call.get(
                        "/admin/health",
                        "Task.r",
                        "Shows how every part is, and what it measures of itself.",
                        (_, _, _) -> HealthDetail.of(parts.readiness(), parts.version())));
        calls.add(
                Call.get(
                                "/admin/openapi.json",
                                "Device.r",
                                "Describes all of this.",
                                (_, _, _) -> OpenApi.of(parts.url(), parts.version(), calls))
                        .forManagers());
    }

    private JsonObject take(RoutingContext http, Administrator who, Body body) {
        String kind = http.request().getParam("kind");
        RegistryImport imports = parts.imports();
        imports.requireKind(kind);
        Charset charset =
                RegistryImport.charset(http.request().getHeader(HttpHeaders.CONTENT_TYPE));
        org.yifang.platform.edge.Body file =
                org.yifang.platform.edge.Body.later(http, RegistryImport.BYTES_MOST);
        try (Spool spool = Spool.of(http.vertx(), who.caller().clientId(), file::stream)) {
            return imports.take(who, kind, spool.rows(charset));
        }
    }

    void mount(Router router) {
        router.route("/admin/*").handler(this::admit);
        for (Call call : calls) {
            Route route = router.route(HttpMethod.valueOf(call.method()), call.route());
            if (!call.path().equals(IMPORT)) {
                // A file is taken piece by piece, once it is known whose it is.
                route.handler(FormBody.upTo(JSON_BYTES));
            }
            route.handler(http -> answer(http, call));
        }
        router.route("/admin/*").handler(http -> Outcomes.answer(http, Outcomes.notFound()));
    }

    /// Who is nobody sends nothing that is read: until a body is wanted it is left where it is.
    private void admit(RoutingContext http) {
        http.response().putHeader("X-Request-Id", FhirRouter.requestId(http));
        try {
            var _ = parts.caller(http);
            http.next();
        } catch (Exception refused) {
            if (refused instanceof Problem problem) {
                refusal(http, null, problem.code());
            }
            Outcomes.answer(http, refused);
        }
    }

    private void answer(RoutingContext http, Call call) {
        Caller caller = parts.caller(http);
        try {
            Administrator who = parts.administrator(http, call.managers());
            needs(caller, call.scope());
            boolean noJson = call.path().equals(IMPORT) || call.method().equals("GET");
            boolean nothing = AdminHttp.bytes(http).length == 0 && call.fields().isEmpty();
            Body body =
                    noJson || nothing ? AdminHttp.noBody() : AdminHttp.json(http, call.fields());
            JsonObject done = call.handler().handle(http, who, body);
            if (call.method().equals("GET")) {
                parts.audit().record(who.access(name(call), 'R', null, null));
            }
            http.response()
                    .setStatusCode(call.success())
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(done.encode());
        } catch (Problem refused) {
            refusal(http, caller, refused.code());
            Outcomes.answer(http, refused);
        } catch (Exception failure) {
            Outcomes.answer(http, failure);
        }
    }

    private static String name(Call call) {
        return "admin" + call.path().substring("/admin".length()).replaceAll("[{}]", "");
    }

    private void refusal(RoutingContext http, @Nullable Caller caller, ProblemCode code) {
        if (code == ProblemCode.DATABASE_AWAY || code == ProblemCode.BUSY) {
            return;
        }
        parts.audit()
                .record(
                        new Access(
                                caller,
                                Edge.address(http),
                                FhirRouter.requestId(http),
                                "operation",
                                "admin",
                                'E',
                                code,
                                List.of(),
                                List.of(),
                                List.of(),
                                null,
                                null));
    }

    private static void needs(Caller caller, String scope) {
        String wanted = "system/" + scope;
        if (Scopes.granted(List.of(wanted), caller.scopes()).isEmpty()) {
            throw new Problem(
                    ProblemCode.NOT_IN_SCOPE,
                    "The token does not cover `" + wanted + "`.",
                    "Ask for a token with that scope.");
        }
    }
}
