package org.yifang.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Map;
import java.util.function.Supplier;

/// The page at `/`: what this is, whether it is well, and where to go.
public final class FrontPage {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final TemplateEngine pages =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, null, "org.yifang.console.pages");
    private final Supplier<State> state;

    /// What the page shows.
    ///
    /// @param well whether the service can do its work now
    /// @param demonstration whether demonstration data is loaded
    /// @param drugs in the catalogue
    /// @param pharmacies in the registry
    /// @param base `http://localhost:8080`
    public record State(
            boolean well,
            boolean demonstration,
            int drugs,
            int hospitals,
            int pharmacies,
            String base,
            String version) {}

    public FrontPage(Supplier<State> state) {
        this.state = state;
    }

    public void mount(Router router) {
        router.get("/").handler(this::show);
    }

    private void show(RoutingContext http) {
        boolean english =
                http.parsedHeaders().acceptLanguage().stream()
                        .findFirst()
                        .map(one -> "en".equalsIgnoreCase(one.tag()))
                        .orElse(false);
        String asked = http.request().getParam("lang");
        boolean inEnglish = asked == null ? english : "en".equals(asked);
        StringOutput html = new StringOutput(8192);
        pages.render(
                "front.jte", Map.<String, Object>of("state", state.get(), "en", inEnglish), html);
        http.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Language", inEnglish ? "en" : "zh-CN")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Vary", "Accept-Language")
                .end(html.toString());
    }
}
