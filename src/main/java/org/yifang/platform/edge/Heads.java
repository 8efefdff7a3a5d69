package org.yifang.platform.edge;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// Answers HEAD wherever GET is answered: as that, and without the body, which the connection
/// leaves out by itself.
public final class Heads {
    /// Before everything, so that nothing is counted twice.
    public static void mount(Router router) {
        router.route().order(-2).method(HttpMethod.HEAD).handler(Heads::asGet);
    }

    private static void asGet(RoutingContext http) {
        String path = http.request().path();
        // The contract's own paths know HEAD; what is pushed as it happens has no end to wait for.
        boolean left =
                path.equals("/fhir")
                        || path.startsWith("/fhir/") && !path.startsWith("/fhir/.well-known/")
                        || path.equals("/events")
                        || path.endsWith("/live") && !path.equals("/health/live");
        if (left) {
            http.next();
        } else {
            http.reroute(HttpMethod.GET, path);
        }
    }

    private Heads() {}
}
