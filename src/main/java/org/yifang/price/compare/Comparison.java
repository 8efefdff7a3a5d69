package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.Drugs;
import org.yifang.price.offer.Offer;
import org.yifang.price.offer.RatioPrice;
import org.yifang.registry.Organization;
import org.yifang.registry.Place;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/// Turns offers into the options that a patient sees. Asks no clock and no database: the waits are
/// those that the queues told last.
public final class Comparison {
    /// One line that is still open.
    ///
    /// @param id of its MedicationRequest
    /// @param number of the line, from 1
    /// @param units what is still to be dispensed of the fill, in preparation units
    /// @param productOnly whether the prescriber allows no other product
    public record Line(
            UUID id, int number, Drug prescribed, BigDecimal units, boolean productOnly) {}

    /// What is asked.
    ///
    /// @param task the prescription; decides ties
    /// @param pharmacies which may dispense it at all
    /// @param from where the patient sets out, or null
    /// @param radiusKm how far the patient would go, or null
    public record Question(
            UUID task,
            List<Line> lines,
            Predicate<Organization> pharmacies,
            @Nullable Place from,
            @Nullable Double radiusKm,
            long fenPerHour,
            int stopsMax) {}

    /// One line of an option.
    public record Chosen(
            Line line,
            Organization pharmacy,
            Offer offer,
            Drug drug,
            long packs,
            BigDecimal surplus,
            Freshness freshness,
            Equivalence equivalence) {
        public long fen() {
            return Math.multiplyExact(offer.priceFen(), packs);
        }

        /// 差比价: what one unit would cost in a pack of one, so that packs of unlike count can be
        /// ranked; null for a swap, whose content differs.
        @Nullable Double ratioUnitFen() {
            return equivalence.compareTo(Equivalence.L2) > 0
                    ? null
                    : RatioPrice.unitValue(
                            (double) offer.priceFen(), 1, drug.packFactor(), isSolid(drug));
        }

        private static boolean isSolid(Drug drug) {
            return SOLID_UNITS.contains(drug.preparationUnit());
        }

        @Nullable Long patientPaysFen() {
            Long each = offer.patientPaysFen();
            return each == null ? null : Math.multiplyExact(each, packs);
        }
    }

    /// One stop of an option.
    ///
    /// @param waitMinutes until the drugs are in hand, the wait for the opening included
    /// @param opens when it opens, null when it is open on arrival
    public record Stop(
            Organization pharmacy,
            double travelMinutes,
            double waitMinutes,
            @Nullable Instant opens) {}

    /// One way to fill the prescription.
    ///
    /// @param kind `cheapest`, `one-stop`, `soonest` or `balanced`
    /// @param exact whether no better way exists; false only where the search was given up
    public record Option(
            String kind, List<Stop> stops, List<Chosen> lines, double minutes, boolean exact) {
        public long totalFen() {
            return lines.stream().mapToLong(Chosen::fen).sum();
        }

        /// What the patient pays after insurance; null unless every pharmacy says it.
        public @Nullable Long patientPaysFen() {
            long sum = 0;
            for (Chosen chosen : lines) {
                Long pays = chosen.patientPaysFen();
                if (pays == null) {
                    return null;
                }
                sum += pays;
            }
            return sum;
        }

        /// Settled only when every line is.
        public Offer.Basis basis() {
            if (patientPaysFen() == null) {
                return Offer.Basis.UNKNOWN;
            }
            boolean settled =
                    lines.stream().allMatch(line -> line.offer().basis() == Offer.Basis.SETTLED);
            return settled ? Offer.Basis.SETTLED : Offer.Basis.ESTIMATE;
        }
    }

    /// Counted by the tablet or capsule: oral solids, for which the rule has a factor of its own.
    private static final Set<String> SOLID_UNITS = Set.of("片", "粒");

    private final Question question;
    private final PredictedWaits waits;
    private final Instant now;
    private final List<Organization> pharmacies;
    private final List<Organization> sellers = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<Shelf> shelves;

    private Comparison(
            Question question,
            List<Organization> pharmacies,
            Map<String, SetOffers> offers,
            Drugs catalogue,
            PredictedWaits waits,
            Swaps swaps,
            Instant now) {
        this.question = question;
        this.waits = waits;
        this.now = now;
        this.pharmacies = pharmacies;
        for (int place = 0; place < pharmacies.size(); place++) {
            Organization pharmacy = pharmacies.get(place);
            if (question.pharmacies.test(pharmacy) && isNear(pharmacy)) {
                sellers.add(pharmacy);
                places.add(place);
            }
        }
        this.shelves =
                question.lines.stream()
                        .map(line ->
                                Shelf.of(
                                        line,
                                        offers.getOrDefault(
                                                line.prescribed.substitutionSet(), SetOffers.NONE),
                                        catalogue,
                                        swaps))
                        .toList();
    }

    /// The options, at most one of each kind, in the order in which they are shown.
    ///
    /// @param offers every offer of the substitution sets concerned, by set
    /// @param waits predicted minutes from the door to the drugs in hand
    public static List<Option> options(
            Question question,
            List<Organization> pharmacies,
            Map<String, SetOffers> offers,
            Drugs catalogue,
            PredictedWaits waits,
            Swaps swaps,
            Instant now) {
        // A herbal formula has no shelf price by the pack; nothing open needs no pharmacy.
        if (question.lines.isEmpty() || question.lines.size() > Basket.LINES_MAX) {
            return List.of();
        }
        Comparison comparison =
                new Comparison(question, pharmacies, offers, catalogue, waits, swaps, now);
        // A stale price is never the best of a choice: it counts only where the younger ones do not
        // suffice for that kind of option.
        Map<String, Option> young = comparison.solve(Freshness.AGEING);
        if (young.size() < 4) {
            comparison.solve(Freshness.STALE).forEach(young::putIfAbsent);
        }
        return List.of("cheapest", "one-stop", "soonest", "balanced").stream()
                .filter(young::containsKey)
                .map(young::get)
                .toList();
    }

    private boolean isNear(Organization pharmacy) {
        Place from = question.from;
        Double radius = question.radiusKm;
        if (from == null || radius == null) {
            return true;
        }
        return pharmacy.counter()
                .map(counter -> counter.place().kilometresTo(from) <= radius)
                .orElse(true);
    }

    private Map<String, Option> solve(Freshness oldest) {
        int lines = question.lines.size();
        long since = SetOffers.micros(oldest.since(now));
        int[][] best = new int[sellers.size()][lines];
        long[][] fen = new long[sellers.size()][lines];
        for (int i = 0; i < lines; i++) {
            Shelf shelf = shelves.get(i);
            List<SetOffers.Span> spans = shelf.offers().spans(pharmacies);
            for (int j = 0; j < best.length; j++) {
                int at = shelf.best(spans.get(places.get(j)), since);
                best[j][i] = at;
                fen[j][i] = at < 0 ? Basket.MISSING : shelf.fen(at);
            }
        }
        Map<String, double[][]> hours = new HashMap<>();
        Basket basket =
                new Basket(
                        sellers.stream().map(one -> seller(one, hours)).toList(),
                        fen,
                        question.from,
                        question.fenPerHour,
                        question.stopsMax,
                        question.task.getLeastSignificantBits());
        var found = BasketOptimiser.solve(basket);
        Map<String, Option> options = new HashMap<>();
        put(options, "cheapest", found.cheapest(), best, found.proven());
        // One stop is tried at every pharmacy.
        put(options, "one-stop", found.oneStop(), best, true);
        put(options, "soonest", found.soonest(), best, found.proven());
        put(options, "balanced", found.balanced(), best, found.proven());
        return options;
    }

    private Basket.Seller seller(Organization pharmacy, Map<String, double[][]> known) {
        var counter = pharmacy.counter().orElse(null);
        Place place = counter == null ? null : counter.place();
        // Most of a county's pharmacies keep the same few hours.
        double[][] hours =
                counter == null
                        ? OpeningTimes.ALWAYS
                        : known.computeIfAbsent(
                                counter.hours().toString(),
                                _ -> OpeningTimes.minutesFrom(now, counter.hours()));
        return new Basket.Seller(
                pharmacy.number(), place, waits.of(pharmacy), 0, hours[0], hours[1]);
    }

    private void put(
            Map<String, Option> options,
            String kind,
            @Nullable BasketPlan plan,
            int[][] best,
            boolean exact) {
        if (plan == null) {
            return;
        }
        List<Stop> stops = new ArrayList<>();
        double elapsed = 0;
        for (BasketPlan.Visit visit : plan.visits()) {
            double arrival = elapsed + visit.travelMinutes();
            Instant opens =
                    visit.closedMinutes() > 0
                            // Whole seconds: doors open at no other moment.
                            ? Instant.ofEpochSecond(
                                    Math.round(
                                            now.toEpochMilli() / 1000.0
                                                    + (arrival + visit.closedMinutes()) * 60))
                            : null;
            stops.add(
                    new Stop(
                            sellers.get(visit.seller()),
                            visit.travelMinutes(),
                            visit.closedMinutes() + visit.waitMinutes(),
                            opens));
            elapsed = arrival + visit.closedMinutes() + visit.waitMinutes();
        }
        List<Chosen> lines = new ArrayList<>();
        for (int i = 0; i < plan.sellerOfLine().size(); i++) {
            int place = plan.sellerOfLine().get(i);
            lines.add(chosen(i, sellers.get(place), best[place][i]));
        }
        options.put(kind, new Option(kind, stops, lines, plan.minutes(), exact));
    }

    private Chosen chosen(int line, Organization pharmacy, int at) {
        Shelf shelf = shelves.get(line);
        Offer offer = shelf.offers().offer(at);
        Shelf.Fit fit = shelf.fit(at);
        return new Chosen(
                question.lines.get(line),
                pharmacy,
                offer,
                fit.drug(),
                fit.packs(),
                fit.surplus(),
                Freshness.of(offer.observed(), now),
                fit.level());
    }
}
