package org.yifang.price.feed;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.registry.Organization;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/// Registers the addresses at which pharmacies lay out their prices, by a pharmacy itself or by
/// whoever administrates.
public final class FeedDesk {
    public static final int EVERY_MINUTES = 60;
    public static final int EVERY_LEAST = 5;
    public static final int EVERY_MOST = 24 * 60;
    public static final int URL_MOST = 2000;

    /// A feed as it stands.
    ///
    /// @param failures since the last good fetch
    /// @param outcome what the last fetch did; null before the first
    public record Feed(
            UUID pharmacyId,
            String url,
            int everyMinutes,
            int failures,
            @Nullable String outcome,
            Instant next) {
        static Feed of(FeedStore.Feed one) {
            return new Feed(
                    one.pharmacyId(),
                    one.url(),
                    one.everyMinutes(),
                    one.failures(),
                    one.outcome(),
                    one.next());
        }

        /// Broken ones are tried ever less often.
        public boolean isBroken() {
            return failures >= PriceFeeds.BROKEN_AFTER;
        }
    }

    private final Database database;
    private final FeedStore store;

    public FeedDesk(Database database, FeedStore store) {
        this.database = database;
        this.store = store;
    }

    /// Whether an address is one to be fetched from: http or https, with a host, without a name and
    /// password. Where it leads is checked at each fetch.
    public static boolean isUsable(String url) {
        return url.length() <= URL_MOST && FeedClient.isUsable(url);
    }

    public Optional<Feed> find(UUID pharmacy) {
        return store.find(pharmacy).map(Feed::of);
    }

    /// Those that fail first, then by when they are due.
    public List<Feed> list(int most) {
        return store.list(most).stream().map(Feed::of).toList();
    }

    /// Sets an address, to be fetched at once.
    ///
    /// @param every minutes; null: as before, an hour at first
    /// @param told hears in the same transaction what it was, null when there was none
    public Feed put(
            Organization pharmacy,
            String url,
            @Nullable Integer every,
            Instant now,
            BiConsumer<Tx, @Nullable Feed> told) {
        return database.inTransaction(tx -> {
            Feed before = store.lock(tx, pharmacy.id()).map(Feed::of).orElse(null);
            int minutes =
                    every != null ? every : before != null ? before.everyMinutes() : EVERY_MINUTES;
            store.put(tx, pharmacy.id(), pharmacy.region(), url, minutes, now);
            told.accept(tx, before);
            return new Feed(pharmacy.id(), url, minutes, 0, null, now);
        });
    }

    /// Fetches from there no more.
    ///
    /// @param told hears in the same transaction what it was, only when there was one
    public void remove(UUID pharmacy, BiConsumer<Tx, Feed> told) {
        database.inTransaction(tx -> {
            store.lock(tx, pharmacy)
                    .map(Feed::of)
                    .ifPresent(before -> {
                        store.remove(tx, pharmacy);
                        told.accept(tx, before);
                    });
            return null;
        });
    }
}
