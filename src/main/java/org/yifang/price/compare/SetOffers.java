package org.yifang.price.compare;

import org.yifang.price.offer.Offer;
import org.yifang.registry.Organization;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The priced offers of one substitution set, column by column and pharmacy after pharmacy.
///
/// A comparison looks at every offer of its sets, some ten thousand, and shows twenty. As objects
/// they would lie all over a large county's memory, and fetching them from there would take longer
/// than comparing them.
final class SetOffers {
    static final SetOffers NONE = of(List.of());

    /// The offers of one pharmacy: from one index to before another.
    record Span(int from, int to) {
        static final Span EMPTY = new Span(0, 0);
    }

    /// The spans of some pharmacies, each in the place of its pharmacy.
    private record Spans(List<Organization> pharmacies, List<Span> spans) {}

    /// What is the same in all offers of one drug.
    private record Pack(String drugCode, String substitutionSet) {}

    private final Map<UUID, Span> spans = new HashMap<>();
    private volatile Spans last = new Spans(List.of(), List.of());
    private final List<Pack> packs;
    private final Offer.PriceType[] types;
    private final Offer.Basis[] bases;
    private final String[] pharmacies;
    private final UUID[] pharmacyIds;
    private final String[] packUnits;
    private final long[] idsHigh;
    private final long[] idsLow;
    private final int[] drugs;
    private final int[] units;
    private final long[] fen;
    private final long[] patientFen;
    private final long[] observed;
    private final long[] free;

    /// A null in [#patientFen].
    private static final long UNTOLD = Long.MIN_VALUE;

    private SetOffers(List<Offer> offers) {
        int count = offers.size();
        types = new Offer.PriceType[count];
        bases = new Offer.Basis[count];
        pharmacies = new String[count];
        pharmacyIds = new UUID[count];
        packUnits = new String[count];
        idsHigh = new long[count];
        idsLow = new long[count];
        drugs = new int[count];
        units = new int[count];
        fen = new long[count];
        patientFen = new long[count];
        observed = new long[count];
        free = new long[count];
        Map<Pack, Integer> numbers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Offer offer = offers.get(i);
            int at = i;
            spans.merge(
                    offer.pharmacyId(),
                    new Span(i, i + 1),
                    (before, _) -> new Span(before.from, at + 1));
            drugs[i] =
                    numbers.computeIfAbsent(
                            new Pack(offer.drugCode(), offer.substitutionSet()),
                            _ -> numbers.size());
            types[i] = offer.type();
            bases[i] = offer.basis();
            pharmacies[i] = offer.pharmacy();
            pharmacyIds[i] = offer.pharmacyId();
            packUnits[i] = offer.packUnit();
            idsHigh[i] = offer.id().getMostSignificantBits();
            idsLow[i] = offer.id().getLeastSignificantBits();
            units[i] = offer.packUnits();
            fen[i] = offer.priceFen();
            Long pays = offer.patientPaysFen();
            patientFen[i] = pays == null ? UNTOLD : pays;
            observed[i] = micros(offer.observed());
            free[i] = offer.free();
        }
        packs = List.copyOf(numbers.keySet());
    }

    static SetOffers of(List<Offer> offers) {
        return new SetOffers(
                offers.stream().sorted(Comparator.comparing(Offer::pharmacyId)).toList());
    }

    /// The drugs offered; [#drug] is a place in this list.
    List<String> drugCodes() {
        return packs.stream().map(Pack::drugCode).toList();
    }

    /// Where the offers of each of these pharmacies are. Cheap for the list that was asked for
    /// before: looking up 300 pharmacies in five sets takes a quarter of a comparison.
    @SuppressWarnings("ReferenceEquality") // Another list is read anew, even when it is equal.
    List<Span> spans(List<Organization> pharmacies) {
        Spans known = last;
        if (known.pharmacies != pharmacies) {
            known =
                    new Spans(
                            pharmacies,
                            pharmacies.stream()
                                    .map(one -> spans.getOrDefault(one.id(), Span.EMPTY))
                                    .toList());
            last = known;
        }
        return known.spans;
    }

    int drug(int at) {
        return drugs[at];
    }

    long priceFen(int at) {
        return fen[at];
    }

    /// Whether so many packs can be had.
    boolean has(int at, long wanted) {
        return free[at] >= wanted;
    }

    /// @param since of [#micros]
    boolean isOlder(int at, long since) {
        return observed[at] < since;
    }

    /// As precise as the database.
    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    Offer offer(int at) {
        Pack pack = packs.get(drugs[at]);
        return new Offer(
                new UUID(idsHigh[at], idsLow[at]),
                pharmacyIds[at],
                pharmacies[at],
                pack.drugCode,
                pack.substitutionSet,
                packUnits[at],
                units[at],
                fen[at],
                types[at],
                patientFen[at] == UNTOLD ? null : patientFen[at],
                bases[at],
                Instant.EPOCH.plus(observed[at], ChronoUnit.MICROS),
                free[at]);
    }
}
