package org.yifang.platform.edge;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.List;

/// Lets pages of other origins call the contract in a browser, where the deployment names them.
///
/// A token is sent by whoever has it and no cookie counts on these paths, so no answer ever allows
/// credentials: `*` opens nothing that is not open.
public final class Cors {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, OPTIONS";
    private static final String SENT =
            "Authorization, Content-Type, Accept, Accept-Language, If-Match, If-None-Match,"
                    + " If-Modified-Since, If-None-Exist, Prefer, Idempotency-Key, X-Request-Id";
    private static final String SHOWN =
            "ETag, Location, Content-Location, Last-Modified, Preference-Applied, Retry-After,"
                    + " WWW-Authenticate, Allow, X-Progress, X-Request-Id";

    /// How long a browser may remember the answer, in seconds.
    private static final String REMEMBERED = "600";

    private final List<String> origins;

    /// @param origins `https://host`, or `*` for all
    public Cors(List<String> origins) {
        this.origins = origins;
    }

    /// Comes before the routes that it opens; does nothing when no origin is named.
    public void mount(Router router) {
        if (!origins.isEmpty()) {
            router.route("/fhir*").handler(this::open);
            router.route("/auth/*").handler(this::open);
        }
    }

    private void open(RoutingContext http) {
        HttpServerResponse response = http.response();
        String origin = http.request().getHeader("Origin");
        boolean all = origins.contains("*");
        if (!all) {
            response.headers().add("Vary", "Origin");
        }
        if (origin == null || !(all || origins.contains(origin))) {
            http.next();
            return;
        }
        response.putHeader("Access-Control-Allow-Origin", all ? "*" : origin)
                .putHeader("Access-Control-Expose-Headers", SHOWN);
        boolean asked =
                http.request().method().equals(HttpMethod.OPTIONS)
                        && http.request().getHeader("Access-Control-Request-Method") != null;
        if (asked) {
            response.putHeader("Access-Control-Allow-Methods", METHODS)
                    .putHeader("Access-Control-Allow-Headers", SENT)
                    .putHeader("Access-Control-Max-Age", REMEMBERED)
                    .setStatusCode(204)
                    .end();
            return;
        }
        http.next();
    }
}
