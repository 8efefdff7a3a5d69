package org.yifang.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/// The page at `/`: what this is, whether it is well, and where to go.
public final class FrontPage {
    private final Supplier<State> state;
    private final InstantSource clock;

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

    public FrontPage(Supplier<State> state, InstantSource clock) {
        this.state = state;
        this.clock = clock;
    }

    public void mount(Router router) {
        router.get("/").handler(this::show);
    }

    private void show(RoutingContext http) {
        Page page = Page.open(http, "/", clock.instant());
        Screens.send(http, page, 200, "front.jte", Map.of("state", state.get()));
    }
}
