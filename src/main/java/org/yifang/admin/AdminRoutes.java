package org.yifang.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// `/admin` as JSON: reads a call, asks the desk, writes the answer; it decides nothing.
final class AdminRoutes {
    static final String IMPORT = "/admin/import";

    /// The largest registration is a key set of 16 KiB.
    private static final int JSON_BYTES = 64 * 1024;

    private static final int PAGE = 50;
    private static final int PAGE_MOST = 500;
    private static final Set<String> NONE = Set.of();
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");

    private final Administration parts;
    private final List<Call> calls = new ArrayList<>();

    AdminRoutes(Administration parts) {
        this.parts = parts;
        clients();
        people();
        jobs();
        add(
                "GET",
                "/admin/openapi.json",
                "Device.r",
                true,
                NONE,
                200,
                "Describes all of this.",
                (http, who, body) -> description());
    }

    List<Call> calls() {
        return calls;
    }

    JsonObject description() {
        return OpenApi.of(parts.url(), parts.version(), calls);
    }

    private void clients() {
        add(
                "GET",
                "/admin/clients",
                "Device.s",
                true,
                NONE,
                200,
                "Lists clients.",
                (http, who, body) ->
                        list(
                                parts
                                        .clients()
                                        .clients()
                                        .page(
                                                who.only(),
                                                http.request().getParam("after"),
                                                count(http))
                                        .stream()
                                        .map(one -> AdminJson.client(one, null))
                                        .toList()));
        add(
                "POST",
                "/admin/clients",
                "Device.c",
                true,
                ClientDesk.CREATE,
                201,
                "Registers a client; its secret is shown this once.",
                (http, who, body) -> {
                    var made = parts.clients().create(who, body);
                    http.response().putHeader("Location", "/admin/clients/" + made.client().id());
                    return tagged(http, AdminJson.client(made.client(), made.secret()));
                });
        add(
                "GET",
                "/admin/clients/{id}",
                "Device.r",
                true,
                NONE,
                200,
                "Shows a client.",
                (http, who, body) ->
                        tagged(
                                http,
                                AdminJson.client(
                                        parts.clients().visible(who, http.pathParam("id")), null)));
        add(
                "PATCH",
                "/admin/clients/{id}",
                "Device.u",
                true,
                ClientDesk.CHANGE,
                200,
                "Changes a client; suspended, its tokens end at once.",
                (http, who, body) ->
                        tagged(
                                http,
                                AdminJson.client(
                                        parts.clients()
                                                .change(
                                                        who,
                                                        http.pathParam("id"),
                                                        body,
                                                        version(http)),
                                        null)));
        add(
                "POST",
                "/admin/clients/{id}/rotate-secret",
                "Device.u",
                true,
                Set.of("overlapMinutes"),
                200,
                "Gives a client a new secret; the old one ends after overlapMinutes.",
                (http, who, body) -> {
                    Integer overlap =
                            body.number("overlapMinutes", 0, ClientDesk.OVERLAP_MINUTES_MOST);
                    body.done();
                    var made =
                            parts.clients()
                                    .rotate(
                                            who,
                                            http.pathParam("id"),
                                            overlap == null ? 0 : overlap);
                    return tagged(http, AdminJson.client(made.client(), made.secret()));
                });
    }

    private void people() {
        add(
                "GET",
                "/admin/people",
                "Person.s",
                true,
                NONE,
                200,
                "Lists people.",
                (http, who, body) ->
                        list(
                                parts
                                        .people()
                                        .accounts()
                                        .page(
                                                who.only(),
                                                http.request().getParam("after"),
                                                count(http))
                                        .stream()
                                        .filter(one -> who.mayGive(one.role()))
                                        .map(one -> AdminJson.person(one, null))
                                        .toList()));
        add(
                "POST",
                "/admin/people",
                "Person.c",
                true,
                PeopleDesk.CREATE,
                201,
                "Makes an account; its one-time password is shown this once.",
                (http, who, body) -> {
                    var made = parts.people().create(who, body);
                    http.response()
                            .putHeader("Location", "/admin/people/" + made.account().login());
                    return tagged(http, AdminJson.person(made.account(), made.password()));
                });
        add(
                "GET",
                "/admin/people/{login}",
                "Person.r",
                true,
                NONE,
                200,
                "Shows a person.",
                (http, who, body) ->
                        tagged(
                                http,
                                AdminJson.person(
                                        parts.people().visible(who, http.pathParam("login")),
                                        null)));
        add(
                "PATCH",
                "/admin/people/{login}",
                "Person.u",
                true,
                PeopleDesk.CHANGE,
                200,
                "Changes a person; suspended, every session ends at once.",
                (http, who, body) -> {
                    String login = parts.people().visible(who, http.pathParam("login")).login();
                    return tagged(
                            http,
                            AdminJson.person(
                                    parts.people().change(who, login, body, version(http)), null));
                });
        add(
                "POST",
                "/admin/people/{login}/reset",
                "Person.u",
                true,
                NONE,
                200,
                "Gives a person a new one-time password and takes the second factor away.",
                (http, who, body) -> {
                    var made = parts.people().reset(who, http.pathParam("login"));
                    return tagged(http, AdminJson.person(made.account(), made.password()));
                });
        add(
                "POST",
                IMPORT,
                "Organization.c",
                false,
                NONE,
                200,
                "Takes a CSV of organizations, practitioners, clients or people.",
                (http, who, body) ->
                        parts.imports()
                                .take(
                                        who,
                                        http.request().getParam("kind"),
                                        http.request().getHeader(HttpHeaders.CONTENT_TYPE),
                                        bytes(http)));
    }

    private void jobs() {
        for (String what : List.of("sealing", "signing", "audit")) {
            add(
                    "POST",
                    "/admin/keys/" + what + "/rotate",
                    "Task.c",
                    false,
                    NONE,
                    202,
                    "Rotates the keys of " + what + ", as a job.",
                    (http, who, body) -> started(http, who, "keys-" + what, new JsonObject()));
        }
        add(
                "POST",
                "/admin/patients/erase",
                "Task.c",
                false,
                Set.of("patient", "reason"),
                202,
                "Erases a person, as a job.",
                (http, who, body) -> {
                    String patient = body.required("patient", 64);
                    String reason = body.required("reason", 500);
                    body.done();
                    return started(http, who, "erase", parts.erasure(patient, reason));
                });
        add(
                "POST",
                "/admin/retention/run",
                "Task.c",
                false,
                NONE,
                202,
                "Erases what has been kept as long as it must be, as a job.",
                (http, who, body) -> started(http, who, "retention", new JsonObject()));
        add(
                "GET",
                "/admin/jobs",
                "Task.s",
                false,
                NONE,
                200,
                "Shows the newest jobs.",
                (http, who, body) ->
                        list(parts.jobDesk().newest().stream().map(AdminJson::job).toList()));
        add(
                "GET",
                "/admin/jobs/{id}",
                "Task.r",
                false,
                NONE,
                200,
                "Shows how far a job is.",
                (http, who, body) ->
                        AdminJson.job(
                                parts.jobDesk()
                                        .find(id(http.pathParam("id")))
                                        .orElseThrow(Outcomes::notFound)));
    }

    private JsonObject started(
            RoutingContext http, Administrator who, String kind, JsonObject input) {
        JobStore.Row job = parts.jobDesk().start(who, kind, input);
        http.response().putHeader("Location", "/admin/jobs/" + job.id());
        return AdminJson.job(job);
    }

    private void add(
            String method,
            String path,
            String scope,
            boolean managers,
            Set<String> fields,
            int success,
            String says,
            Call.Handler handler) {
        calls.add(new Call(method, path, scope, managers, fields, success, says, handler));
    }

    void mount(Router router) {
        router.route("/admin/*").handler(this::admit);
        for (Call call : calls) {
            int most = call.path().equals(IMPORT) ? RegistryImport.BYTES_MOST : JSON_BYTES;
            router.route(HttpMethod.valueOf(call.method()), call.route())
                    .handler(FormBody.upTo(most))
                    .handler(http -> answer(http, call));
        }
        router.route("/admin/*").handler(http -> Outcomes.answer(http, Outcomes.notFound()));
    }

    /// Who is nobody sends nothing that is read: until a body is wanted it is left where it is.
    private void admit(RoutingContext http) {
        http.response().putHeader("X-Request-Id", FhirRouter.requestId(http));
        try {
            var _ = parts.caller(http);
            http.next();
        } catch (RuntimeException refused) {
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
            Body body =
                    call.path().equals(IMPORT) || bytes(http).length == 0 && call.fields().isEmpty()
                            ? Body.of("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8), NONE)
                            : json(http, call.fields());
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
        } catch (RuntimeException failure) {
            Outcomes.answer(http, failure);
        }
    }

    private static String name(Call call) {
        return "admin" + call.path().substring("/admin".length()).replaceAll("[{}]", "");
    }

    private static Body json(RoutingContext http, Set<String> fields) {
        String type = http.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null
                || !type.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
            throw new Problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body has another media type, or none.",
                    "Send `Content-Type: application/json`.");
        }
        byte[] bytes = bytes(http);
        // Every field of such a call may be left out.
        return Body.of(
                bytes.length == 0 ? "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8) : bytes,
                fields);
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

    private static byte[] bytes(RoutingContext http) {
        var body = http.body() == null ? null : http.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    private static JsonObject tagged(RoutingContext http, JsonObject json) {
        http.response().putHeader(HttpHeaders.ETAG, "W/\"" + json.getLong("version") + "\"");
        return json;
    }

    private static @Nullable Long version(RoutingContext http) {
        String header = http.request().getHeader(HttpHeaders.IF_MATCH);
        if (header == null) {
            return null;
        }
        var tag = ETAG.matcher(header);
        if (!tag.matches()) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The header `If-Match` is no version.",
                    "Send it as `W/\"3\"`.");
        }
        return Long.valueOf(tag.group(1));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException unreadable) {
            throw Outcomes.notFound();
        }
    }

    private static int count(RoutingContext http) {
        String asked = http.request().getParam("_count");
        try {
            return asked == null ? PAGE : Math.clamp(Integer.parseInt(asked), 1, PAGE_MOST);
        } catch (NumberFormatException unreadable) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE, "The parameter `_count` is no number.");
        }
    }

    private static JsonObject list(List<JsonObject> all) {
        return new JsonObject().put("items", new JsonArray(new ArrayList<Object>(all)));
    }
}
