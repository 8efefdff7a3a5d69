package org.yifang.console.screen;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/board/{organization}` and `/queues`: screens in a hall and telephones in front of it. Numbers
/// of tickets only, and how many wait; nobody's name.
public final class BoardPage {
    /// Where one may wait.
    ///
    /// @param number nhsa-org
    public record Place(String number, String name) {}

    private final Organizations organizations;
    private final InstantSource clock;

    public BoardPage(Organizations organizations, InstantSource clock) {
        this.organizations = organizations;
        this.clock = clock;
    }

    public void mount(Router router) {
        router.get("/board").handler(this::choose);
        router.get("/board/:organization").handler(this::board);
        router.get("/queues").handler(this::queues);
    }

    private void choose(RoutingContext http) {
        Page page = Page.open(http, "/board", clock.instant());
        Map<String, Object> values = new HashMap<>();
        values.put("places", places());
        Screens.send(http, page, 200, "screen/choose.jte", values);
    }

    private void board(RoutingContext http) {
        String number = http.pathParam("organization");
        Page page = Page.open(http, "/board/" + number, clock.instant());
        Optional<Place> place =
                places().stream().filter(one -> one.number().equals(number)).findFirst();
        Map<String, Object> values = new HashMap<>();
        values.put("place", place.orElse(null));
        Screens.send(http, page, place.isPresent() ? 200 : 404, "screen/board.jte", values);
    }

    private void queues(RoutingContext http) {
        Page page = Page.open(http, "/queues", clock.instant());
        List<Place> shown = places();
        String asked = Screens.parameter(http, "organization");
        String chosen =
                shown.stream()
                        .map(Place::number)
                        .filter(number -> number.equals(asked))
                        .findFirst()
                        .orElse(shown.isEmpty() ? "" : shown.getFirst().number());
        Map<String, Object> values = new HashMap<>();
        values.put("places", shown);
        values.put("chosen", chosen);
        Screens.send(http, page, 200, "screen/queues.jte", values);
    }

    /// Hospitals and pharmacies, in the order shown.
    private List<Place> places() {
        return organizations.all().stream()
                .filter(one -> one.kind() != Organization.Kind.BUREAU)
                .sorted(
                        Comparator.comparing(Organization::kind)
                                .thenComparing(Organization::number))
                .map(one -> new Place(one.number(), one.name()))
                .toList();
    }
}
