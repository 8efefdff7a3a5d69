package org.yifang.price.feed;

import static org.yifang.generated.Tables.PRICE_FEED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All SQL that touches the addresses at which prices are fetched.
public final class FeedStore {
    private static final List<Field<?>> COLUMNS =
            List.of(
                    PRICE_FEED.PHARMACY_ID,
                    PRICE_FEED.URL,
                    PRICE_FEED.EVERY_MINUTES,
                    PRICE_FEED.ETAG,
                    PRICE_FEED.FAILURES,
                    PRICE_FEED.OUTCOME,
                    PRICE_FEED.NEXT_AT);

    private final Database database;

    public FeedStore(Database database) {
        this.database = database;
    }

    /// A feed as it stands.
    ///
    /// @param etag of what was taken last; null before the first time
    /// @param failures since the last good fetch
    /// @param outcome what the last fetch did; null before the first
    record Feed(
            UUID pharmacyId,
            String url,
            int everyMinutes,
            @Nullable String etag,
            int failures,
            @Nullable String outcome,
            Instant next) {}

    Optional<Feed> find(UUID pharmacy) {
        return feeds(
                        database.run(
                                SQL.select(COLUMNS)
                                        .from(PRICE_FEED)
                                        .where(PRICE_FEED.PHARMACY_ID.eq(pharmacy))))
                .stream()
                .findFirst();
    }

    /// As [#find], locked.
    Optional<Feed> lock(Tx tx, UUID pharmacy) {
        return feeds(
                        tx.run(
                                SQL.select(COLUMNS)
                                        .from(PRICE_FEED)
                                        .where(PRICE_FEED.PHARMACY_ID.eq(pharmacy))
                                        .forUpdate()))
                .stream()
                .findFirst();
    }

    /// Those that fail first.
    List<Feed> list(int most) {
        return feeds(
                database.run(
                        SQL.select(COLUMNS)
                                .from(PRICE_FEED)
                                .orderBy(PRICE_FEED.FAILURES.desc(), PRICE_FEED.NEXT_AT)
                                .limit(most)));
    }

    /// Sets an address, to be fetched at once; what was known of another one is forgotten.
    void put(Tx tx, UUID pharmacy, String region, String url, int everyMinutes, Instant now) {
        tx.run(
                SQL.insertInto(PRICE_FEED)
                        .set(PRICE_FEED.PHARMACY_ID, pharmacy)
                        .set(PRICE_FEED.REGION, region)
                        .set(PRICE_FEED.URL, url)
                        .set(PRICE_FEED.EVERY_MINUTES, everyMinutes)
                        .set(PRICE_FEED.NEXT_AT, now)
                        .set(PRICE_FEED.UPDATED_AT, now)
                        .onConflict(PRICE_FEED.PHARMACY_ID)
                        .doUpdate()
                        .set(PRICE_FEED.URL, url)
                        .set(PRICE_FEED.EVERY_MINUTES, everyMinutes)
                        .setNull(PRICE_FEED.ETAG)
                        .set(PRICE_FEED.FAILURES, 0)
                        .setNull(PRICE_FEED.OUTCOME)
                        .set(PRICE_FEED.NEXT_AT, now)
                        .set(PRICE_FEED.UPDATED_AT, now));
    }

    void remove(Tx tx, UUID pharmacy) {
        tx.run(SQL.deleteFrom(PRICE_FEED).where(PRICE_FEED.PHARMACY_ID.eq(pharmacy)));
    }

    /// Takes feeds that are due; no other instance takes them within the lease.
    List<Feed> take(Instant now, Duration lease, int most) {
        return feeds(
                database.run(
                        SQL.update(PRICE_FEED)
                                .set(PRICE_FEED.NEXT_AT, now.plus(lease))
                                .where(
                                        PRICE_FEED.PHARMACY_ID.in(
                                                SQL.select(PRICE_FEED.PHARMACY_ID)
                                                        .from(PRICE_FEED)
                                                        .where(PRICE_FEED.NEXT_AT.le(now))
                                                        .orderBy(PRICE_FEED.NEXT_AT)
                                                        .limit(most)
                                                        .forUpdate()
                                                        .skipLocked()))
                                .returningResult(COLUMNS)));
    }

    /// Writes down how a fetch went, unless the address was changed meanwhile.
    void done(Feed feed, Instant now) {
        database.run(
                SQL.update(PRICE_FEED)
                        .set(PRICE_FEED.ETAG, feed.etag)
                        .set(PRICE_FEED.FAILURES, feed.failures)
                        .set(PRICE_FEED.OUTCOME, feed.outcome)
                        .set(PRICE_FEED.NEXT_AT, feed.next)
                        .set(PRICE_FEED.UPDATED_AT, now)
                        .where(PRICE_FEED.PHARMACY_ID.eq(feed.pharmacyId))
                        .and(PRICE_FEED.URL.eq(feed.url)));
    }

    private static List<Feed> feeds(Iterable<Row> rows) {
        List<Feed> feeds = new ArrayList<>();
        for (Row row : rows) {
            feeds.add(
                    new Feed(
                            Rows.get(row, PRICE_FEED.PHARMACY_ID),
                            Rows.get(row, PRICE_FEED.URL),
                            Rows.get(row, PRICE_FEED.EVERY_MINUTES),
                            Rows.find(row, PRICE_FEED.ETAG),
                            Rows.get(row, PRICE_FEED.FAILURES),
                            Rows.find(row, PRICE_FEED.OUTCOME),
                            Rows.get(row, PRICE_FEED.NEXT_AT)));
        }
        return feeds;
    }
}
