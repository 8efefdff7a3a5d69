package org.yifang.console.account;

import io.vertx.ext.web.Router;

import java.time.InstantSource;
import java.util.Map;

/// The page at `/setup`: the first operator's account, with the code that the start printed.
///
/// The code stands behind the `#` of its address, which no browser sends and no proxy logs; the
/// page's script takes it from there and posts it.
public final class SetupPage {
    private final AccountPages pages;
    private final String script = AccountPages.file("setup.js");

    public SetupPage(InstantSource clock) {
        this.pages = new AccountPages(clock);
    }

    public void mount(Router router) {
        router.get("/setup").handler(http -> pages.send(http, 200, "account/setup.jte", Map.of()));
        router.get("/setup.js")
                .handler(http ->
                        http.response()
                                .putHeader("Content-Type", "text/javascript; charset=utf-8")
                                .putHeader("X-Content-Type-Options", "nosniff")
                                .putHeader("Cache-Control", "no-cache")
                                .end(script));
    }
}
