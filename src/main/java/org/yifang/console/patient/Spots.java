package org.yifang.console.patient;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Directory;
import org.yifang.console.frame.Parameters;
import org.yifang.platform.Caller;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where the pharmacies of the cards lie, as dots of a drawing: a map without anybody's tiles.
final class Spots {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 200;
    private static final int MARGIN = 24;

    private record Place(String label, String name, double longitude, double latitude) {}

    static List<Mine.Spot> of(
            Directory directory, Caller caller, List<Mine.Option> options, Parameters where) {
        Map<String, Set<String>> cards = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < options.size(); i++) {
            Mine.Option option = options.get(i);
            for (int k = 0; k < option.stopIds().size(); k++) {
                cards.computeIfAbsent(option.stopIds().get(k), _ -> new LinkedHashSet<>())
                        .add(String.valueOf(i + 1));
                names.put(option.stopIds().get(k), option.names().get(k));
            }
        }
        Map<String, Directory.Position> known = directory.positions(caller, cards.keySet());
        List<Place> places = new ArrayList<>();
        cards.forEach((id, labels) -> {
            Directory.Position position = known.get(id);
            if (position != null) {
                places.add(
                        new Place(
                                String.join(" ", labels),
                                names.getOrDefault(id, ""),
                                position.longitude(),
                                position.latitude()));
            }
        });
        JsonNode latitude = Parameters.find(where.json(), "latitude").path("valueDecimal");
        JsonNode longitude = Parameters.find(where.json(), "longitude").path("valueDecimal");
        if (latitude.isNumber() && longitude.isNumber()) {
            places.add(new Place("", "", longitude.asDouble(), latitude.asDouble()));
        }
        return drawn(places);
    }

    /// One scale for both directions, so that near looks near.
    private static List<Mine.Spot> drawn(List<Place> places) {
        if (places.isEmpty()) {
            return List.of();
        }
        double west = places.stream().mapToDouble(Place::longitude).min().orElseThrow();
        double east = places.stream().mapToDouble(Place::longitude).max().orElseThrow();
        double south = places.stream().mapToDouble(Place::latitude).min().orElseThrow();
        double north = places.stream().mapToDouble(Place::latitude).max().orElseThrow();
        double narrow = Math.cos(Math.toRadians((south + north) / 2));
        double scale =
                Math.min(
                        (WIDTH - 2.0 * MARGIN) / Math.max((east - west) * narrow, 1e-6),
                        (HEIGHT - 2.0 * MARGIN) / Math.max(north - south, 1e-6));
        return places.stream()
                .map(one ->
                        new Mine.Spot(
                                one.label(),
                                one.name(),
                                (int) (MARGIN + (one.longitude() - west) * narrow * scale),
                                (int) (MARGIN + (north - one.latitude()) * scale)))
                .toList();
    }

    private Spots() {}
}
