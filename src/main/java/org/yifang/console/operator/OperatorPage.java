package org.yifang.console.operator;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;

import java.time.InstantSource;
import java.util.Map;

/// `/operator`: what needs a person first, then clients, people, imports, keys and jobs. The page
/// calls `/admin` as any client does, with the operator's session.
public final class OperatorPage {
    private final InstantSource clock;

    public OperatorPage(InstantSource clock) {
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/operator").handler(this::show);
    }

    private void show(RoutingContext http) {
        Page page = Page.of(http, "/operator", clock.instant());
        Screens.send(http, page, 200, "operator/operator.jte", Map.of());
    }
}
