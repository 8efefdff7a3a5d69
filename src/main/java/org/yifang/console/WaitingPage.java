package org.yifang.console;

import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// The page at `/queues`: how the windows of a hospital or pharmacy stand, live, on a telephone or
/// a screen in the hall. It shows what `GET /queue/live` pushes.
public final class WaitingPage {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self';"
                    + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// Where one may wait.
    ///
    /// @param number nhsa-org
    public record Place(String number, String name) {}

    private final TemplateEngine pages;
    private final Supplier<List<Place>> places;
    private final String script = script();

    /// @param places hospitals and pharmacies, in the order shown
    public WaitingPage(Supplier<List<Place>> places) {
        this.pages = Pages.engine();
        this.places = places;
    }

    public void mount(Router router) {
        router.get("/queues").handler(this::show);
        router.get("/queues/waiting.js")
                .handler(http ->
                        http.response()
                                .putHeader("Content-Type", "text/javascript; charset=utf-8")
                                .putHeader("X-Content-Type-Options", "nosniff")
                                .putHeader("Cache-Control", "no-cache")
                                .end(script));
    }

    private void show(RoutingContext http) {
        boolean english = Pages.inEnglish(http);
        List<Place> all = places.get();
        String asked = http.request().getParam("organization");
        String chosen =
                all.stream()
                        .map(Place::number)
                        .filter(number -> number.equals(asked))
                        .findFirst()
                        .orElse(all.isEmpty() ? "" : all.getFirst().number());
        StringOutput html = new StringOutput(8192);
        pages.render(
                "waiting.jte",
                Map.<String, Object>of("places", all, "chosen", chosen, "en", english),
                html);
        Pages.send(http, html.toString(), english, POLICY);
    }

    private static String script() {
        try (InputStream in = WaitingPage.class.getResourceAsStream("/pages/waiting.js")) {
            return new String(
                    Objects.requireNonNull(in, "waiting.js").readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
