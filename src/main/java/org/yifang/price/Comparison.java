package org.yifang.price;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.registry.Organization;
import org.yifang.registry.OpeningHours;
import org.yifang.registry.Place;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
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
                    : RatioPrice.unitValue(
                            offer.priceFen(), 1, drug.packFactor(), isSolid(drug));
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
        Comparison comparison =
                new Comparison(question, pharmacies, drugs, waits, swaps, now);
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

    private Map<String, Option> solve(Collection<Offer> offers, Freshness oldest) {
        int lines = question.lines.size();
        Chosen[][] best = new Chosen[sellers.size()][lines];
        for (Offer offer : offers) {
            Integer place = places.get(offer.pharmacyId());
            Freshness freshness = Freshness.of(offer.observed(), now);
            Drug drug = place == null ? null : drugs.apply(offer.drugCode());
            if (place == null || drug == null || freshness.compareTo(oldest) > 0) {
                continue;
            }
            for (int i = 0; i < lines; i++) {
                Chosen here = chosen(question.lines.get(i), place, offer, drug, freshness);
                if (here != null && isBetter(here, best[place][i])) {
                    best[place][i] = here;
                }
            }
        }
        long[][] fen = new long[sellers.size()][lines];
        for (int j = 0; j < fen.length; j++) {
            for (int i = 0; i < lines; i++) {
                fen[j][i] = best[j][i] == null ? Basket.MISSING : best[j][i].fen();
            }
        }
        Basket basket =
                new Basket(
                        sellers.stream().map(this::seller).toList(),
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

    private @Nullable Chosen chosen(
            Line line, int place, Offer offer, Drug drug, Freshness freshness) {
        if (!drug.preparationUnit().equals(line.prescribed.preparationUnit())) {
            return null;
        }
        Equivalence level = Equivalence.between(line.prescribed, drug, swaps);
        if (level == null || !level.mayBeOffered(line.productOnly)) {
            return null;
        }
        long packs = drug.packsFor(line.units);
        if (!offer.has(packs)) {
            return null;
        }
        return new Chosen(
                line,
                sellers.get(place),
                offer,
                drug,
                packs,
                drug.surplusOf(line.units),
                freshness,
                level);
    }

    /// Cheaper, then closer to what was written, then less left over, then by code.
    private static boolean isBetter(Chosen one, @Nullable Chosen other) {
        if (other == null) {
            return true;
        }
        int byMoney = Long.compare(one.fen(), other.fen());
        int byLevel = one.equivalence.compareTo(other.equivalence);
        int bySurplus = one.surplus.compareTo(other.surplus);
        int byCode = one.offer.drugCode().compareTo(other.offer.drugCode());
        int by = byMoney != 0 ? byMoney : byLevel != 0 ? byLevel : bySurplus;
        return by != 0 ? by < 0 : byCode < 0;
    }

    private Basket.Seller seller(Organization pharmacy) {
        var counter = pharmacy.counter().orElse(null);
        Place place = counter == null ? null : counter.place();
        double[][] hours = counter == null ? new double[2][0] : hours(counter.hours());
        return new Basket.Seller(
                pharmacy.number(), place, waits.applyAsDouble(pharmacy), 0, hours[0], hours[1]);
    }

    /// Openings and closings of the next week in minutes from now; none when it never closes.
    private double[][] hours(OpeningHours hours) {
        if (hours.toString().equals("24/7")) {
            return new double[2][0];
        }
        List<double[]> times = new ArrayList<>();
        LocalDate today = now.atZone(OpeningHours.ZONE).toLocalDate();
        for (int day = -1; day <= 8; day++) {
            LocalDate date = today.plusDays(day);
            for (OpeningHours.Span span : hours.spans()) {
                if (span.day() == date.getDayOfWeek()) {
                    ZonedDateTime opens = date.atTime(span.start()).atZone(OpeningHours.ZONE);
                    ZonedDateTime closes =
                            (span.overMidnight() ? date.plusDays(1) : date)
                                    .atTime(span.end())
                                    .atZone(OpeningHours.ZONE);
                    times.add(new double[] {minutes(opens), minutes(closes)});
                }
            }
        }
        times.sort(java.util.Comparator.comparingDouble(pair -> pair[0]));
        double[] opens = times.stream().mapToDouble(pair -> pair[0]).toArray();
        double[] closes = times.stream().mapToDouble(pair -> pair[1]).toArray();
        // A counter that never opens is closed for good, not open for ever.
        return opens.length == 0
                ? new double[][] {{0}, {Double.NEGATIVE_INFINITY}}
                : new double[][] {opens, closes};
    }

    private double minutes(ZonedDateTime time) {
        return Duration.between(now, time.toInstant()).toMillis() / 60_000.0;
    }

    private void put(
            Map<String, Option> options,
            String kind,
            @Nullable BasketPlan plan,
            Chosen[][] best) {
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
            lines.add(best[plan.sellerOfLine().get(i)][i]);
        }
        options.put(kind, new Option(kind, stops, lines, plan.minutes()));
    }
}
