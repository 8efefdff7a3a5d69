package org.yifang.console;

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

    private final TemplateEngine pages = Pages.engine();
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
        boolean english = Pages.inEnglish(http);
        StringOutput html = new StringOutput(8192);
        pages.render(
                "front.jte", Map.<String, Object>of("state", state.get(), "en", english), html);
        Pages.send(http, html.toString(), english, POLICY);
    }
}
