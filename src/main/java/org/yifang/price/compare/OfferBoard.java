package org.yifang.price.compare;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.yifang.platform.Batches;
import org.yifang.platform.data.Database;
import org.yifang.price.offer.Offer;
import org.yifang.price.offer.OfferStore;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The offers of every substitution set that was asked for, in memory, and never older than the
/// question: each one first asks the database which sets have changed.
///
/// A set of 300 pharmacies is a thousand rows; reading them anew for every comparison would cost
/// more than the comparison.
final class OfferBoard {
    private static final Batches.Bounds QUESTIONS = new Batches.Bounds(64, 2, 4096);

    /// Few at once: after the prices of a whole county have changed every comparison reads five
    /// sets, and would leave nobody else a connection.
    private static final Batches.Bounds SETS = new Batches.Bounds(2, 3, 4096);

    private record CachedSet(long change, SetOffers offers) {}

    /// Somebody reads a set whose last change then had this number.
    private record Reading(long change, Promise<CachedSet> done) {}

    private final Database database;
    private final Batches<Set<String>, Map<String, Long>> questions =
            new Batches<>("The board of offers", QUESTIONS, _ -> 1, this::changes);
    private final Batches<String, Map<String, SetOffers>> sets =
            new Batches<>("The board of offers", SETS, _ -> 1, this::ofSets);
    private final Map<String, CachedSet> kept = new ConcurrentHashMap<>();
    private final Map<String, Reading> reading = new ConcurrentHashMap<>();

    OfferBoard(Database database) {
        this.database = database;
    }

    private Future<Map<String, Long>> changes(List<Set<String>> batch) {
        return OfferStore.changes(
                database, batch.stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }

    private Future<Map<String, SetOffers>> ofSets(List<String> batch) {
        return OfferStore.ofSets(database, batch)
                .map(offers ->
                        offers.stream()
                                .collect(
                                        Collectors.groupingBy(
                                                Offer::substitutionSet,
                                                Collectors.collectingAndThen(
                                                        Collectors.toList(), SetOffers::of))));
    }

    /// Every priced offer of these sets, by set. Waits.
    Map<String, SetOffers> offers(Collection<String> sets) {
        Set<String> wanted = new HashSet<>(sets);
        // The numbers are read before the offers: what is kept may be newer than its number, never
        // older.
        Map<String, Long> changes = questions.add(wanted).await();
        Map<String, Future<CachedSet>> read = new HashMap<>();
        Map<String, SetOffers> offers = new HashMap<>();
        for (String set : wanted) {
            long change = changes.getOrDefault(set, 0L);
            CachedSet here = kept.get(set);
            if (here != null && here.change >= change) {
                offers.put(set, here.offers);
            } else {
                read.put(set, read(set, change));
            }
        }
        read.forEach((set, later) -> offers.put(set, later.await().offers));
        return offers;
    }

    /// Reads a set unless somebody is reading it already: when it changes, a hundred comparisons
    /// would read the same thousand rows.
    private Future<CachedSet> read(String set, long change) {
        Reading ours = new Reading(change, Promise.promise());
        Reading first =
                reading.merge(set, ours, (one, other) -> one.change >= other.change ? one : other);
        if (first.equals(ours)) {
            sets.add(set)
                    .map(read -> {
                        SetOffers offers = read.getOrDefault(set, SetOffers.NONE);
                        CachedSet fresh = new CachedSet(change, offers);
                        kept.merge(
                                set,
                                fresh,
                                (one, other) -> one.change > other.change ? one : other);
                        return fresh;
                    })
                    .onComplete((fresh, failure) -> {
                        reading.remove(set, ours);
                        ours.done.complete(fresh, failure);
                    });
        }
        return first.done.future();
    }
}
