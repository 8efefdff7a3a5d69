package org.yifang.price.feed;

import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.catalogue.Catalogue;
import org.yifang.platform.Outbound;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.price.offer.OfferImport;
import org.yifang.price.offer.OfferIntake;
import org.yifang.price.offer.OfferReader;
import org.yifang.price.offer.PriceSource;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Fetches the prices of pharmacies that lay them out instead of sending them, on their schedule.
/// Several instances may run: each feed is fetched by one of them.
public final class PriceFeeds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PriceFeeds.class);

    /// How often due feeds are looked for.
    private static final long LOOK_MILLIS = 15_000;

    /// Longer than any fetch with all its tries, and than taking in what it brought.
    private static final Duration LEASE = Duration.ofMinutes(10);

    /// Side by side, so that a slow one does not hold up the others; each may fill its limit.
    private static final int AT_ONCE = 4;

    /// After so many failed fetches a feed counts as broken: it is tried once at a time, ever less
    /// often, until it answers.
    static final int BROKEN_AFTER = 5;

    private static final Duration SELDOM = Duration.ofHours(24);
    private static final int OUTCOME_LETTERS = 500;

    private final Database database;
    private final FeedStore store;
    private final FeedClient client;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final Uuid7 ids;
    private final InstantSource clock;
    private final List<Duration> pauses;
    private final Vertx vertx;
    private final long timer;
    private final AtomicBoolean fetching = new AtomicBoolean();

    /// @param pauses before the second and each further try of one fetch
    public PriceFeeds(
            Vertx vertx,
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            Uuid7 ids,
            InstantSource clock,
            Outbound outbound,
            List<Duration> pauses) {
        this.vertx = vertx;
        this.database = database;
        this.store = new FeedStore(database);
        this.client = new FeedClient(vertx, outbound);
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.ids = ids;
        this.clock = clock;
        this.pauses = List.copyOf(pauses);
        this.timer = vertx.setPeriodic(LOOK_MILLIS, _ -> start());
    }

    /// Looks for what is due, beside the caller; not while a look is under way.
    void start() {
        if (fetching.compareAndSet(false, true)) {
            Thread.ofVirtual().name("price-feeds").start(this::look);
        }
    }

    private void look() {
        try {
            while (fetchDue() == AT_ONCE) {
                LOG.debug("more feeds are due");
            }
        } catch (Exception failure) {
            // Whatever was wrong, checked or not, the next look brings the next try.
            LOG.warn("price feeds were not fetched: {}", failure.toString());
        } finally {
            fetching.set(false);
        }
    }

    /// Fetches what is due, a few side by side. Waits.
    ///
    /// @return how many feeds that were
    int fetchDue() {
        List<FeedStore.Feed> due = store.take(clock.instant(), LEASE, AT_ONCE);
        List<Thread> threads =
                due.stream()
                        .map(feed -> Thread.ofVirtual().name("price-feed").start(() -> fetch(feed)))
                        .toList();
        for (Thread thread : threads) {
            join(thread);
        }
        return due.size();
    }

    private void fetch(FeedStore.Feed feed) {
        try {
            store.done(fetched(feed), clock.instant());
        } catch (Exception failure) {
            // Its lease ends by itself, and it is fetched again: what was taken in stays as it is.
            LOG.warn("how a feed went was not written down: {}", failure.toString());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /// The feed as it stands after one more fetch.
    private FeedStore.Feed fetched(FeedStore.Feed feed) {
        try {
            FeedClient.Fetched fetched = withTries(feed);
            try {
                String outcome = fetched.changed() ? taken(feed, fetched) : "not changed";
                String etag = fetched.changed() ? fetched.etag() : feed.etag();
                return after(feed, etag, 0, outcome);
            } finally {
                fetched.body().letGo();
            }
        } catch (FeedClient.Failed failure) {
            return after(feed, feed.etag(), feed.failures() + 1, failure.reason());
        } catch (Problem problem) {
            // What lies there cannot be read: nothing that another try would mend.
            String reason = problem.findings().getFirst().detail();
            return after(feed, feed.etag(), feed.failures() + 1, reason);
        } catch (Exception failure) {
            LOG.warn("the feed {} could not be taken: {}", feed.url(), failure.toString());
            return after(feed, feed.etag(), feed.failures() + 1, "it could not be taken in");
        }
    }

    private FeedClient.Fetched withTries(FeedStore.Feed feed) throws FeedClient.Failed {
        int tries = feed.failures() >= BROKEN_AFTER ? 0 : pauses.size();
        for (int i = 0; ; i++) {
            try {
                return client.fetch(feed.url(), feed.etag());
            } catch (FeedClient.Failed failure) {
                if (i >= tries || !failure.isWorthAnotherTry()) {
                    throw failure;
                }
                vertx.timer(pauses.get(i).toMillis()).await();
            }
        }
    }

    private String taken(FeedStore.Feed feed, FeedClient.Fetched fetched) {
        Organization pharmacy =
                organizations.byId(feed.pharmacyId()).filter(Organization::isPharmacy).orElse(null);
        if (pharmacy == null) {
            return "the pharmacy is not registered any more";
        }
        OfferIntake intake =
                new OfferIntake(
                        catalogue,
                        new OfferImport(database, ids, pharmacy, PriceSource.PULLED, feed.url()),
                        clock.instant());
        OfferReader reader = OfferReader.of(fetched.mediaType(), pharmacy.number(), intake);
        reader.piece(fetched.body().bytes());
        reader.end();
        intake.finish();
        return intake.summary();
    }

    private FeedStore.Feed after(
            FeedStore.Feed feed, @Nullable String etag, int failures, String outcome) {
        Duration every = Duration.ofMinutes(feed.everyMinutes());
        int doublings = Math.min(Math.max(failures - BROKEN_AFTER + 1, 0), 10);
        Duration pause = every.multipliedBy(1L << doublings);
        Duration most = every.compareTo(SELDOM) > 0 ? every : SELDOM;
        Instant next = clock.instant().plus(pause.compareTo(most) > 0 ? most : pause);
        String told =
                outcome.length() > OUTCOME_LETTERS
                        ? outcome.substring(0, OUTCOME_LETTERS)
                        : outcome;
        return new FeedStore.Feed(
                feed.pharmacyId(), feed.url(), feed.everyMinutes(), etag, failures, told, next);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        client.close();
    }
}
