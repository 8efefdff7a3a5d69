package org.yifang;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.platform.operate.Readiness;

/// Tells whatever watches the service whether it lives and whether it can serve.
final class Health {
    private final Readiness readiness;

    Health(Readiness readiness) {
        this.readiness = readiness;
    }

    void mount(Router router) {
        router.get("/health/live").handler(http -> http.json(status("live")));
        router.get("/health/ready").handler(this::ready);
    }

    private static JsonObject status(String status) {
        return new JsonObject().put("status", status);
    }

    private void ready(RoutingContext http) {
        String reason = readiness.reason();
        JsonArray parts = new JsonArray();
        for (Readiness.State state : readiness.states()) {
            parts.add(
                    new JsonObject()
                            .put("part", state.part())
                            .put("status", state.reason() == null ? "ready" : state.reason()));
        }
        http.response()
                .setStatusCode(reason == null ? 200 : 503)
                .putHeader("Cache-Control", "no-store");
        http.json(status(reason == null ? "ready" : reason).put("parts", parts));
    }
}
