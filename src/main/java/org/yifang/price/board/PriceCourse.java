package org.yifang.price.board;

import org.yifang.statistics.Quantiles;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// How the unit price of one drug went in each pharmacy, and in the county between its quartiles.
///
/// A price holds until its pharmacy tells another; of several products that may be handed out a
/// pharmacy stands for its cheapest.
///
/// @param sellers what each pharmacy asked, the cheapest of today first
/// @param bands the county, oldest first; only where enough pharmacies sell
record PriceCourse(List<Seller> sellers, List<Band> bands) {
    /// Quartiles of fewer would be the prices themselves.
    static final int SELLERS_LEAST = 3;

    /// A price that was in force from a moment on.
    record PriceInForce(UUID pharmacy, String drug, double unitFen, Instant at) {}

    /// From when a pharmacy asked how much for one preparation unit.
    record Step(Instant at, double unitFen) {}

    /// The steps of one pharmacy, oldest first; the first one is not before the window.
    record Seller(UUID pharmacy, List<Step> steps) {
        double nowFen() {
            return steps.getLast().unitFen();
        }
    }

    /// The quartiles over the pharmacies at a moment.
    record Band(Instant at, double low, double median, double high, int pharmacies) {}

    /// @param told sorted by time; those before `from` say what was in force at it
    /// @param between from one band to the next
    static PriceCourse of(List<PriceInForce> told, Instant from, Instant now, Duration between) {
        Map<UUID, Map<String, Double>> inForce = new TreeMap<>();
        Map<UUID, List<Step>> steps = new TreeMap<>();
        List<Band> bands = new ArrayList<>();
        Instant next = from;
        for (PriceInForce one : told) {
            for (; next.isBefore(one.at()) && !next.isAfter(now); next = next.plus(between)) {
                add(bands, next, inForce);
            }
            Map<String, Double> shelf =
                    inForce.computeIfAbsent(one.pharmacy(), _ -> new HashMap<>());
            shelf.put(one.drug(), one.unitFen());
            step(
                    steps.computeIfAbsent(one.pharmacy(), _ -> new ArrayList<>()),
                    one.at().isBefore(from) ? from : one.at(),
                    cheapest(shelf));
        }
        for (; !next.isAfter(now); next = next.plus(between)) {
            add(bands, next, inForce);
        }
        if (bands.isEmpty() || bands.getLast().at().isBefore(now)) {
            add(bands, now, inForce);
        }
        List<Seller> sellers = new ArrayList<>();
        steps.forEach((pharmacy, each) -> sellers.add(new Seller(pharmacy, List.copyOf(each))));
        sellers.sort(Comparator.comparingDouble(Seller::nowFen).thenComparing(Seller::pharmacy));
        return new PriceCourse(List.copyOf(sellers), List.copyOf(bands));
    }

    private static double cheapest(Map<String, Double> shelf) {
        return shelf.values().stream().mapToDouble(fen -> fen).min().orElseThrow();
    }

    /// What changes nothing is no step, and of several at the same moment the last one counts.
    private static void step(List<Step> steps, Instant at, double unitFen) {
        if (!steps.isEmpty() && steps.getLast().at().equals(at)) {
            steps.removeLast();
        }
        if (steps.isEmpty() || steps.getLast().unitFen() != unitFen) {
            steps.add(new Step(at, unitFen));
        }
    }

    private static void add(List<Band> bands, Instant at, Map<UUID, Map<String, Double>> inForce) {
        if (inForce.size() >= SELLERS_LEAST) {
            double[] prices =
                    inForce.values().stream().mapToDouble(PriceCourse::cheapest).toArray();
            bands.add(
                    new Band(
                            at,
                            Quantiles.of(prices, 0.25),
                            Quantiles.of(prices, 0.5),
                            Quantiles.of(prices, 0.75),
                            prices.length));
        }
    }
}
