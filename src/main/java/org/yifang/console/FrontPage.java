package org.yifang.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.catalogue.Catalogue;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;
import org.yifang.platform.data.Database;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.util.Map;

/// The page at `/`: what this is, whether it is well, and where to go.
public final class FrontPage {
    private final Database database;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final About about;
    private final InstantSource clock;

    /// What the page says of the service, for as long as it runs.
    ///
    /// @param demonstration whether demonstration data is loaded
    /// @param base `http://localhost:8080`
    public record About(boolean demonstration, String base, String version) {}

    /// What the page shows.
    ///
    /// @param well whether the service can do its work now
    /// @param drugs in the catalogue
    /// @param pharmacies in the registry
    public record State(boolean well, int drugs, int hospitals, int pharmacies, About about) {}

    /// @param database which is asked only whether it answers
    public FrontPage(
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            About about,
            InstantSource clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.about = about;
        this.clock = clock;
    }

    public void mount(Router router) {
        router.get("/").handler(this::show);
    }

    private void show(RoutingContext http) {
        Page page = Page.open(http, "/", clock.instant());
        Screens.send(http, page, 200, "front.jte", Map.of("state", now()));
    }

    private State now() {
        return new State(
                database.answers().await(),
                catalogue.entries().size(),
                count(Organization.Kind.HOSPITAL),
                count(Organization.Kind.PHARMACY),
                about);
    }

    private int count(Organization.Kind kind) {
        return (int) organizations.all().stream().filter(one -> one.kind() == kind).count();
    }
}
