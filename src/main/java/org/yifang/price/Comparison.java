package org.yifang.price;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.registry.OpeningHours;
import org.yifang.registry.Organization;
import org.yifang.registry.Place;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// Turns offers into the options that a patient sees. Pure: no clock, no database.
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
                    : RatioPrice.unitValue(offer.priceFen(), 1, drug.packFactor(), isSolid(drug));
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
    public record Option(String kind, List<Stop> stops, List<Chosen> lines, double minutes) {
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
    private final Function<String, @Nullable Drug> drugs;
    private final ToDoubleFunction<Organization> waits;
    private final Swaps swaps;
    private final Instant now;
    private final List<Organization> sellers;
    private final Map<UUID, Integer> places = new HashMap<>();
    private final Map<String, @Nullable Fit[]> fits = new HashMap<>();

    private Comparison(
            Question question,
            Collection<Organization> pharmacies,
            Function<String, @Nullable Drug> drugs,
            ToDoubleFunction<Organization> waits,
            Swaps swaps,
            Instant now) {
        this.question = question;
        this.drugs = drugs;
        this.waits = waits;
        this.swaps = swaps;
        this.now = now;
        this.sellers =
                pharmacies.stream().filter(question.pharmacies).filter(this::isNear).toList();
        for (int j = 0; j < sellers.size(); j++) {
            places.put(sellers.get(j).id(), j);
        }
    }

    /// The options, at most one of each kind, in the order in which they are shown.
    ///
    /// @param offers every offer of the substitution sets concerned
    /// @param drugs the catalogue
    /// @param waits predicted minutes from the door to the drugs in hand
    public static List<Option> options(
            Question question,
            Collection<Organization> pharmacies,
            Collection<Offer> offers,
            Function<String, @Nullable Drug> drugs,
            ToDoubleFunction<Organization> waits,
            Swaps swaps,
            Instant now) {
        // A herbal formula has no shelf price by the pack; nothing open needs no pharmacy.
        if (question.lines.isEmpty() || question.lines.size() > Basket.LINES_MAX) {
            return List.of();
        }
        Comparison comparison = new Comparison(question, pharmacies, drugs, waits, swaps, now);
        // A stale price is never the best of a choice: it counts only where the younger ones do not
        // suffice for that kind of option.
        Map<String, Option> young = comparison.solve(offers, Freshness.AGEING);
        if (young.size() < 4) {
            comparison.solve(offers, Freshness.STALE).forEach(young::putIfAbsent);
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

    /// How a product fills a line.
    private record Fit(Drug drug, Equivalence level, long packs, BigDecimal surplus) {}

    /// The best offer so far of one pharmacy for one line.
    private record Best(Offer offer, Fit fit, long fen) {}

    private Map<String, Option> solve(Collection<Offer> offers, Freshness oldest) {
        int lines = question.lines.size();
        Best[][] best = new Best[sellers.size()][lines];
        Instant since = oldest.since(now);
        for (Offer offer : offers) {
            Integer place = places.get(offer.pharmacyId());
            if (place == null || offer.observed().isBefore(since)) {
                continue;
            }
            @Nullable Fit[] fits = fits(offer.drugCode());
            for (int i = 0; i < lines; i++) {
                Fit fit = fits[i];
                if (fit != null && offer.has(fit.packs)) {
                    long fen = Math.multiplyExact(offer.priceFen(), fit.packs);
                    if (isBetter(offer, fit, fen, best[place][i])) {
                        best[place][i] = new Best(offer, fit, fen);
                    }
                }
            }
        }
        long[][] fen = new long[sellers.size()][lines];
        for (int j = 0; j < fen.length; j++) {
            for (int i = 0; i < lines; i++) {
                fen[j][i] = best[j][i] == null ? Basket.MISSING : best[j][i].fen;
            }
        }
        Map<OpeningHours, double[][]> hours = new HashMap<>();
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
        put(options, "cheapest", found.cheapest(), best);
        put(options, "one-stop", found.oneStop(), best);
        put(options, "soonest", found.soonest(), best);
        put(options, "balanced", found.balanced(), best);
        return options;
    }

    /// How a product fills each line; reckoned once, however many pharmacies offer it.
    private @Nullable Fit[] fits(String code) {
        @Nullable Fit[] known = fits.get(code);
        if (known != null) {
            return known;
        }
        Drug drug = drugs.apply(code);
        @Nullable Fit[] fits = new @Nullable Fit[question.lines.size()];
        for (int i = 0; drug != null && i < fits.length; i++) {
            fits[i] = fit(question.lines.get(i), drug);
        }
        this.fits.put(code, fits);
        return fits;
    }

    private @Nullable Fit fit(Line line, Drug drug) {
        if (!drug.preparationUnit().equals(line.prescribed.preparationUnit())) {
            return null;
        }
        Equivalence level = Equivalence.between(line.prescribed, drug, swaps);
        if (level == null || !level.mayBeOffered(line.productOnly)) {
            return null;
        }
        return new Fit(drug, level, drug.packsFor(line.units), drug.surplusOf(line.units));
    }

    /// Cheaper, then closer to what was written, then less left over, then by code.
    private static boolean isBetter(Offer offer, Fit fit, long fen, @Nullable Best other) {
        if (other == null) {
            return true;
        }
        if (fen != other.fen) {
            return fen < other.fen;
        }
        int byLevel = fit.level.compareTo(other.fit.level);
        int bySurplus = fit.surplus.compareTo(other.fit.surplus);
        int byCode = offer.drugCode().compareTo(other.offer.drugCode());
        int by = byLevel != 0 ? byLevel : bySurplus;
        return by != 0 ? by < 0 : byCode < 0;
    }

    private Basket.Seller seller(Organization pharmacy, Map<OpeningHours, double[][]> known) {
        var counter = pharmacy.counter().orElse(null);
        Place place = counter == null ? null : counter.place();
        // Most of a county's pharmacies keep the same few hours.
        double[][] hours =
                counter == null
                        ? OpeningTimes.ALWAYS
                        : known.computeIfAbsent(
                                counter.hours(), each -> OpeningTimes.minutesFrom(now, each));
        return new Basket.Seller(
                pharmacy.number(), place, waits.applyAsDouble(pharmacy), 0, hours[0], hours[1]);
    }

    private void put(
            Map<String, Option> options, String kind, @Nullable BasketPlan plan, Best[][] best) {
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
            lines.add(chosen(question.lines.get(i), sellers.get(place), best[place][i]));
        }
        options.put(kind, new Option(kind, stops, lines, plan.minutes()));
    }

    private Chosen chosen(Line line, Organization pharmacy, Best best) {
        return new Chosen(
                line,
                pharmacy,
                best.offer,
                best.fit.drug,
                best.fit.packs,
                best.fit.surplus,
                Freshness.of(best.offer.observed(), now),
                best.fit.level);
    }
}
