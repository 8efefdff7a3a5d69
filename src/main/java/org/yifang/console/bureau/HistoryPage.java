package org.yifang.console.bureau;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Body;

import java.time.InstantSource;
import java.util.Map;

/// `/bureau/history`: files of the past, looked at in the browser before they are sent on.
public final class HistoryPage {
    private final Contract contract;
    private final InstantSource clock;

    public HistoryPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/bureau/history").handler(this::show);
        router.post("/bureau/history").handler(this::take);
    }

    private void show(RoutingContext http) {
        Page page = Page.of(http, "/bureau/history", clock.instant());
        Screens.send(http, page, 200, "bureau/history.jte", Map.of());
    }

    /// The very bytes of the file: its hash is kept, and every report names it.
    private void take(RoutingContext http) {
        Page page = Page.of(http, "/bureau/history", clock.instant());
        Contract.Reply reply =
                contract.send(
                        Contract.caller(http, page),
                        "/$import-history",
                        Body.later(http, Limits.IMPORT_BYTES),
                        Map.of("Content-Type", "text/csv; charset=utf-8"));
        http.response()
                .setStatusCode(reply.status())
                .putHeader("Content-Type", "application/fhir+json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(reply.bytes()));
    }
}
