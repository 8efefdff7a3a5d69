package org.yifang.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;

import java.time.InstantSource;
import java.util.Map;

/// The page at `/`: what this is, whether it is well, and where to go.
public final class FrontPage {
    /// How things stand when the page is asked for.
    public interface Standing {
        State now();
    }

    private final Standing standing;
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

    public FrontPage(Standing standing, InstantSource clock) {
        this.standing = standing;
        this.clock = clock;
    }

    public void mount(Router router) {
        router.get("/").handler(this::show);
    }

    private void show(RoutingContext http) {
        Page page = Page.open(http, "/", clock.instant());
        Screens.send(http, page, 200, "front.jte", Map.of("state", standing.now()));
    }
}
