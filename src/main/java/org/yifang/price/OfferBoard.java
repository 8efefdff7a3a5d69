package org.yifang.price;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.yifang.platform.Database;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The offers of every substitution set that was asked for, in memory, and never older than the
/// question: each one first asks the database which sets have changed.
///
/// A set of 300 pharmacies is a thousand rows; reading them anew for every comparison would cost
/// more than the comparison.
final class OfferBoard {
    private record Kept(long change, List<Offer> offers) {}

    /// Somebody reads a set whose last change then had this number.
    private record Reading(long change, Future<Void> done) {}

    private final Database database;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final Map<String, Reading> reading = new ConcurrentHashMap<>();

    OfferBoard(Database database) {
        this.database = database;
    }

    /// Every priced offer of these sets. Waits.
    List<Offer> offers(Collection<String> sets) {
        Set<String> wanted = new HashSet<>(sets);
        // The numbers are read before the offers: what is kept may be newer than its number, never
        // older.
        Map<String, Long> changes = OfferStore.changes(database, wanted).await();
        List<String> stale =
                wanted.stream()
                        .filter(set -> !isCurrent(set, changes.getOrDefault(set, 0L)))
                        .toList();
        if (!stale.isEmpty()) {
            await(stale, changes);
        }
        List<Offer> offers = new ArrayList<>();
        for (String set : wanted) {
            Kept here = kept.get(set);
            if (here != null) {
                offers.addAll(here.offers);
            }
        }
        return offers;
    }

    private boolean isCurrent(String set, long change) {
        Kept here = kept.get(set);
        return here != null && here.change >= change;
    }

    /// Reads the sets that nobody is reading already, and waits for the others: when a set changes,
    /// a hundred comparisons would read the same thousand rows.
    private void await(List<String> stale, Map<String, Long> changes) {
        Promise<Void> ours = Promise.promise();
        List<String> free = new ArrayList<>();
        List<Future<Void>> others = new ArrayList<>();
        for (String set : stale) {
            Reading here = new Reading(changes.getOrDefault(set, 0L), ours.future());
            Reading before =
                    reading.merge(
                            set, here, (one, other) -> one.change >= other.change ? one : other);
            if (before == here) {
                free.add(set);
            } else {
                others.add(before.done);
            }
        }
        try {
            if (!free.isEmpty()) {
                read(free, changes);
            }
            ours.complete();
        } catch (RuntimeException failure) {
            ours.fail(failure);
            throw failure;
        } finally {
            reading.values().removeIf(one -> one.done == ours.future());
        }
        others.forEach(other -> other.await());
    }

    private void read(List<String> sets, Map<String, Long> changes) {
        Map<String, List<Offer>> bySet = new java.util.HashMap<>();
        sets.forEach(set -> bySet.put(set, new ArrayList<>()));
        for (Offer offer : OfferStore.ofSets(database, sets).await()) {
            bySet.computeIfAbsent(offer.substitutionSet(), _ -> new ArrayList<>()).add(offer);
        }
        bySet.forEach((set, offers) -> {
            Kept fresh = new Kept(changes.getOrDefault(set, 0L), List.copyOf(offers));
            kept.merge(set, fresh, (one, other) -> one.change > other.change ? one : other);
        });
    }
}
