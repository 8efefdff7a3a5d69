package org.yifang.identity.client;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Form;
import org.yifang.platform.edge.Provable;
import org.yifang.platform.edge.Shares;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.Locale;

/// OAuth 2 for systems (RFC 6749 section 4.4) as SMART Backend Services profiles it.
final class AuthRoutes {
    /// An assertion with an RSA key takes some 2 KiB.
    private static final int FORM_BYTES = 16 * 1024;

    private static final String FORM = "application/x-www-form-urlencoded";

    private static final Login.Denied NO_FORM =
            Login.invalidRequest("The body must be `" + FORM + "`.", null);

    private final TokenDesk desk;
    private final SigningKeys keys;
    private final Identity.Options options;
    private final FhirRouter.Auditing audit;
    private final CrowdedLogins crowded;
    private final Shares assertions =
            new Shares(Limits.ASSERTIONS_AT_ONCE, Limits.ASSERTIONS_AT_ONCE);

    AuthRoutes(
            TokenDesk desk,
            SigningKeys keys,
            Identity.Options options,
            CrowdedLogins crowded,
            FhirRouter.Auditing audit) {
        this.desk = desk;
        this.crowded = crowded;
        this.keys = keys;
        this.options = options;
        this.audit = audit;
    }

    void mount(Router router) {
        router.post("/auth/token").handler(this::token);
        router.post("/auth/revoke").handler(this::revoke);
        router.get("/auth/jwks").handler(http -> open(http, keys.jwks()));
        String configuration = configuration().encodePrettily();
        router.get("/fhir/.well-known/smart-configuration")
                .handler(http -> open(http, configuration));
    }

    private void token(RoutingContext http) {
        TokenRequest request = request(http);
        String address = Edge.address(http);
        String requestId = FhirRouter.requestId(http);
        Login login = request == null ? NO_FORM : desk.login(request);
        http.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("Pragma", "no-cache");
        switch (login) {
            case Login.Granted granted -> {
                Caller caller = granted.grant().caller(address, requestId, Identity.language(http));
                audit.record(access(caller, address, requestId, "token", null, null));
                http.json(answer(granted));
            }
            case Login.Denied denied -> deny(http, denied, "token");
        }
    }

    /// Takes a token back (RFC 7009): answers 200 whether there was anything to take back or not.
    private void revoke(RoutingContext http) {
        TokenRequest request = request(http);
        Login.Denied denied = request == null ? NO_FORM : desk.revoke(request);
        http.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (denied == null) {
            http.response().end();
        } else {
            deny(http, denied, "revoke");
        }
    }

    /// The form and what stood in the header; null when the body is no form.
    private @Nullable TokenRequest request(RoutingContext http) {
        Body body = body(http);
        body.await();
        String type = http.request().getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)
                ? null
                : TokenRequest.of(
                        http.request(),
                        Form.parse(body.bytes()),
                        Edge.address(http),
                        FhirRouter.requestId(http));
    }

    /// The body; where the address of the caller has had its share, of what it may ask and of what
    /// it may leave unfinished, only of who has the right secret or key.
    private Body body(RoutingContext http) {
        try {
            Edge.requireShare(http);
            return Body.collect(http, FORM_BYTES);
        } catch (Problem full) {
            if (full.code() != ProblemCode.TOO_MANY_REQUESTS && full.code() != ProblemCode.BUSY) {
                throw full;
            }
            if (http.request().getHeader(HttpHeaders.AUTHORIZATION) == null) {
                return asserted(http, full);
            }
            TokenRequest.Basic basic = TokenRequest.basicOf(http.request());
            require(http, crowded.look(basic), basic == null ? "" : basic.id(), full);
            return Body.collect(http, FORM_BYTES);
        }
    }

    /// A short form that says by an assertion whose it is.
    private Body asserted(RoutingContext http, Problem full) {
        String address = Edge.address(http);
        if (!Provable.isShort(http.request()) || assertions.take(address) != Shares.Answer.TAKEN) {
            throw full;
        }
        try {
            Edge.proven(http);
            Body body = Body.collect(http, Limits.ASSERTION_BYTES);
            String compact =
                    body.await(Limits.ASSERTION_WAIT)
                            ? Form.parse(body.bytes()).get("client_assertion")
                            : null;
            if (compact != null
                    && ClientAssertion.read(compact) instanceof ClientAssertion.Read.Whole read) {
                ClientAssertion assertion = read.assertion();
                CrowdedLogins.Answer answer = crowded.look(assertion, options.tokenUrl());
                require(http, answer, assertion.subject(), full);
                return body;
            }
            throw full;
        } finally {
            assertions.giveBack(address);
        }
    }

    private void require(
            RoutingContext http, CrowdedLogins.Answer answer, String clientId, Problem full) {
        switch (answer) {
            case RIGHT -> Edge.proven(http);
            case WRONG -> throw full;
            case WRONG_TO_NOTE -> {
                audit.record(
                        access(
                                null,
                                Edge.address(http),
                                FhirRouter.requestId(http),
                                "token",
                                ProblemCode.TOO_MANY_REQUESTS,
                                clientId));
                throw full;
            }
        }
    }

    private static Access access(
            @Nullable Caller caller,
            String address,
            String requestId,
            String name,
            @Nullable ProblemCode problem,
            @Nullable String clientId) {
        return new Access(
                caller,
                address,
                requestId,
                "login",
                name,
                'E',
                problem,
                caller == null || caller.patientId() == null
                        ? List.of()
                        : List.of(caller.patientId()),
                List.of(),
                List.of(),
                null,
                clientId == null ? null : "client_id=" + clientId);
    }

    private static JsonObject answer(Login.Granted granted) {
        Grant grant = granted.grant();
        JsonObject answer =
                new JsonObject()
                        .put("access_token", granted.token())
                        .put("token_type", "bearer")
                        .put("expires_in", AccessTokens.LIFETIME.toSeconds())
                        .put("scope", String.join(" ", grant.scopes()));
        if (grant.patientId() != null) {
            answer.put("patient", grant.patientId().toString());
        }
        return answer;
    }

    private void deny(RoutingContext http, Login.Denied denied, String name) {
        audit.record(
                access(
                        null,
                        Edge.address(http),
                        FhirRouter.requestId(http),
                        name,
                        denied.status() == 429
                                ? ProblemCode.TOO_MANY_REQUESTS
                                : ProblemCode.NOT_AUTHENTICATED,
                        denied.clientId()));
        if (denied.status() == 401) {
            http.response().putHeader("WWW-Authenticate", "Basic realm=\"yifang\"");
        }
        if (denied.status() == 429 || denied.status() == 503) {
            http.response().putHeader("Retry-After", "" + LoginFailureStore.WINDOW.toSeconds());
        }
        http.response().setStatusCode(denied.status());
        http.json(
                new JsonObject()
                        .put("error", denied.error())
                        .put("error_description", denied.description()));
    }

    private static void open(RoutingContext http, String json) {
        http.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                // Public knowledge; SMART App Launch 2 section 2.2 asks for CORS here.
                .putHeader("Access-Control-Allow-Origin", "*")
                .end(json);
    }

    private JsonObject configuration() {
        JsonArray methods = new JsonArray().add("private_key_jwt");
        JsonArray capabilities =
                new JsonArray().add("client-confidential-asymmetric").add("permission-v2");
        if (options.basicSecrets()) {
            methods.add("client_secret_basic");
            capabilities.add("client-confidential-symmetric");
        }
        return new JsonObject()
                .put("issuer", options.publicUrl())
                .put("jwks_uri", options.publicUrl() + "/auth/jwks")
                .put("token_endpoint", options.tokenUrl())
                .put("revocation_endpoint", options.revocationUrl())
                .put("revocation_endpoint_auth_methods_supported", methods)
                .put("grant_types_supported", new JsonArray().add("client_credentials"))
                .put("token_endpoint_auth_methods_supported", methods)
                .put(
                        "token_endpoint_auth_signing_alg_values_supported",
                        new JsonArray().add("RS384").add("ES384").add("ES256"))
                .put("scopes_supported", new JsonArray().add("system/*.cruds").add("system/*.rs"))
                .put("capabilities", capabilities);
    }
}
