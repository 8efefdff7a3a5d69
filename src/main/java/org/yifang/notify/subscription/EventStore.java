package org.yifang.notify.subscription;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.when;
import static org.yifang.generated.Tables.OUTBOX_LAST;
import static org.yifang.generated.Tables.SUBSCRIPTION_CURSOR;
import static org.yifang.generated.Tables.SUBSCRIPTION_EVENT;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.SubscriptionEvent;
import org.yifang.notify.OutboxStore;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The events of Subscriptions: numbered for each without gaps, told, waiting or parked.
public final class EventStore {
    /// How long an event is tried before it is parked.
    public static final Duration TRIED = Duration.ofHours(24);

    /// Events of one Subscription that an instance holds at a time.
    public static final int PAGE = 100;

    static final String WAITING = "waiting";
    private static final String TOLD = "told";
    static final String PARKED = "parked";

    /// One event of one Subscription.
    ///
    /// @param number its number there
    /// @param outbox its number in the outbox
    /// @param focus what it is about
    /// @param attempts how often it was tried in vain
    public record Event(
            UUID subscription, long number, long outbox, UUID focus, Instant at, int attempts) {}

    /// An event that is new now.
    private record Fresh(Event event, Instant now) {}

    private static final SubscriptionEvent EVENT = SUBSCRIPTION_EVENT;
    private static final SubscriptionEvent E = SUBSCRIPTION_EVENT.as("e");
    private static final SubscriptionEvent EARLIER = SUBSCRIPTION_EVENT.as("earlier");

    private static final Insert<Fresh> INSERT =
            Insert.into(EVENT)
                    .set(EVENT.SUBSCRIPTION_ID, (Fresh one) -> one.event().subscription())
                    .set(EVENT.NUMBER, one -> one.event().number())
                    .set(EVENT.OUTBOX_NUMBER, one -> one.event().outbox())
                    .set(EVENT.FOCUS_ID, one -> one.event().focus())
                    .set(EVENT.AT, one -> one.event().at())
                    .set(EVENT.STATE, _ -> WAITING)
                    .set(EVENT.ATTEMPTS, one -> one.event().attempts())
                    .set(EVENT.SINCE, Fresh::now)
                    .set(EVENT.NEXT_AT, Fresh::now);

    private static final List<Field<?>> COLUMNS =
            List.of(E.SUBSCRIPTION_ID, E.NUMBER, E.OUTBOX_NUMBER, E.FOCUS_ID, E.AT, E.ATTEMPTS);

    /// What may be told now: nothing behind an event of the same focus that has to wait.
    private static final Statement DUE =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(E)
                            .where(E.SUBSCRIPTION_ID.eq(p.like(E.SUBSCRIPTION_ID)))
                            .and(E.STATE.eq(inline(WAITING)))
                            .and(E.NEXT_AT.le(p.like(E.NEXT_AT)))
                            .and(
                                    notExists(
                                            selectOne()
                                                    .from(EARLIER)
                                                    .where(
                                                            EARLIER.SUBSCRIPTION_ID.eq(
                                                                    E.SUBSCRIPTION_ID))
                                                    .and(EARLIER.FOCUS_ID.eq(E.FOCUS_ID))
                                                    .and(EARLIER.STATE.eq(inline(WAITING)))
                                                    .and(EARLIER.ATTEMPTS.gt(inline(0)))
                                                    .and(EARLIER.NUMBER.lt(E.NUMBER))
                                                    .and(
                                                            EARLIER.NEXT_AT.gt(
                                                                    p.like(EARLIER.NEXT_AT)))))
                            .orderBy(E.NUMBER)
                            .limit(inline(PAGE)));

    private static final Statement NEXT =
            Statement.of(p ->
                    SQL.select(min(E.NEXT_AT).as(E.NEXT_AT.getName()))
                            .from(E)
                            .where(E.SUBSCRIPTION_ID.eq(p.like(E.SUBSCRIPTION_ID)))
                            .and(E.STATE.eq(inline(WAITING)))
                            .and(E.ATTEMPTS.gt(inline(0))));

    /// Events of one Subscription that were tried.
    private record Tried(UUID subscription, List<Event> events) {
        private Long[] numbers() {
            return events.stream().map(Event::number).toArray(Long[]::new);
        }
    }

    private static final Prepared<Tried> SAID =
            Prepared.of(v ->
                    SQL.update(EVENT)
                            .set(EVENT.STATE, TOLD)
                            .where(
                                    EVENT.SUBSCRIPTION_ID.eq(
                                            v.of(EVENT.SUBSCRIPTION_ID, Tried::subscription)))
                            .and(EVENT.NUMBER.eq(any(v.array(EVENT.NUMBER, Tried::numbers)))));

    /// Of those tried in vain, when they are tried again, and since when what waits is given up.
    private record Failed(Tried tried, Instant again, Instant givenUp) {}

    private static final Prepared<Failed> FAILED =
            Prepared.of(v ->
                    SQL.update(EVENT)
                            .set(EVENT.ATTEMPTS, EVENT.ATTEMPTS.plus(inline(1)))
                            .set(EVENT.NEXT_AT, v.of(EVENT.NEXT_AT, Failed::again))
                            .set(
                                    EVENT.STATE,
                                    when(
                                                    EVENT.SINCE.le(
                                                            v.of(EVENT.SINCE, Failed::givenUp)),
                                                    inline(PARKED))
                                            .otherwise(inline(WAITING)))
                            .where(
                                    EVENT.SUBSCRIPTION_ID.eq(
                                            v.of(
                                                    EVENT.SUBSCRIPTION_ID,
                                                    one -> one.tried().subscription())))
                            .and(
                                    EVENT.NUMBER.eq(
                                            any(
                                                    v.array(
                                                            EVENT.NUMBER,
                                                            one -> one.tried().numbers()))))
                            .and(EVENT.STATE.eq(inline(WAITING))));

    /// A Subscription at a time.
    private record Then(UUID subscription, Instant at) {}

    private static final Prepared<Then> PARK =
            Prepared.of(v ->
                    SQL.update(EVENT)
                            .set(EVENT.STATE, PARKED)
                            .where(
                                    EVENT.SUBSCRIPTION_ID.eq(
                                            v.of(EVENT.SUBSCRIPTION_ID, Then::subscription)))
                            .and(EVENT.STATE.eq(inline(WAITING)))
                            .and(EVENT.SINCE.le(v.of(EVENT.SINCE, one -> one.at().minus(TRIED)))));

    private static final Prepared<Then> SOONER =
            Prepared.of(v ->
                    SQL.update(EVENT)
                            .set(EVENT.NEXT_AT, v.of(EVENT.NEXT_AT, Then::at))
                            .where(
                                    EVENT.SUBSCRIPTION_ID.eq(
                                            v.of(EVENT.SUBSCRIPTION_ID, Then::subscription)))
                            .and(EVENT.STATE.eq(inline(WAITING)))
                            .and(EVENT.ATTEMPTS.gt(inline(0)))
                            .and(EVENT.NEXT_AT.gt(v.of(EVENT.NEXT_AT, Then::at))));

    private static final Statement FORGET =
            Statement.of(p -> SQL.deleteFrom(EVENT).where(EVENT.AT.lt(p.like(EVENT.AT))));

    /// Left to whoever is giving out the outbox already.
    private static final Statement CURSOR =
            Statement.of(p ->
                    SQL.select(SUBSCRIPTION_CURSOR.NUMBER)
                            .from(SUBSCRIPTION_CURSOR)
                            .forUpdate()
                            .skipLocked());

    /// Asked without a lock: a lock is written down, several times a second for nothing.
    private static final Statement NEWS =
            Statement.of(p ->
                    SQL.select(OUTBOX_LAST.NUMBER.gt(SUBSCRIPTION_CURSOR.NUMBER).as("news"))
                            .from(OUTBOX_LAST)
                            .crossJoin(SUBSCRIPTION_CURSOR));

    private static final Statement MOVE =
            Statement.of(p ->
                    SQL.update(SUBSCRIPTION_CURSOR)
                            .set(SUBSCRIPTION_CURSOR.NUMBER, p.like(SUBSCRIPTION_CURSOR.NUMBER)));

    private final Database database;

    public EventStore(Database database) {
        this.database = database;
    }

    /// Whether something of the outbox has not been given out.
    public boolean isAnyNew() {
        return database.run(NEWS).iterator().next().getBoolean("news");
    }

    /// How far the outbox has been given out, locked; null when another instance does it.
    public static @Nullable Long lockCursor(Tx tx) {
        RowSet<Row> rows = tx.run(CURSOR);
        return rows.size() == 0 ? null : rows.iterator().next().getLong(0);
    }

    public static void moveCursor(Tx tx, long to) {
        var _ = tx.start(MOVE, to);
    }

    public static void add(Tx tx, List<Event> events, Instant now) {
        var _ = INSERT.startAll(tx, events.stream().map(one -> new Fresh(one, now)).toList());
    }

    /// What may be told to a Subscription now, in order, at most a page.
    public List<Event> due(UUID subscription, Instant now) {
        return events(database.run(DUE, subscription, now, now));
    }

    /// When the next of those that failed is tried, null when there is none.
    public @Nullable Instant next(UUID subscription) {
        return find(database.run(NEXT, subscription).iterator().next(), E.NEXT_AT);
    }

    public void told(UUID subscription, List<Event> events) {
        SAID.start(database, new Tried(subscription, events)).await();
    }

    /// Notes that these were tried in vain; who was tried for a day is parked.
    public void failed(UUID subscription, List<Event> events, Instant again, Instant now) {
        Tried tried = new Tried(subscription, events);
        FAILED.start(database, new Failed(tried, again, now.minus(TRIED))).await();
    }

    /// Parks all that has waited for a day at an address that does not answer.
    public void park(UUID subscription, Instant now) {
        PARK.start(database, new Then(subscription, now)).await();
    }

    /// Tries at once what would wait, since its address answers again.
    public void sooner(UUID subscription, Instant now) {
        SOONER.start(database, new Then(subscription, now)).await();
    }

    /// Events of a Subscription by their numbers, in order.
    ///
    /// @param parked only what is parked
    List<Event> between(UUID subscription, long first, long last, boolean parked, int most) {
        Condition kept = parked ? E.STATE.eq(inline(PARKED)) : org.jooq.impl.DSL.noCondition();
        return events(
                database.run(
                        SQL.select(COLUMNS)
                                .from(E)
                                .where(E.SUBSCRIPTION_ID.eq(subscription))
                                .and(E.NUMBER.between(first, last))
                                .and(kept)
                                .orderBy(E.NUMBER)
                                .limit(most)));
    }

    /// How many of a Subscription wait, and how many are parked.
    Standing standing(UUID subscription) {
        Row row =
                database.run(
                                SQL.select(
                                                count().filterWhere(E.STATE.eq(inline(WAITING)))
                                                        .as(WAITING),
                                                count().filterWhere(E.STATE.eq(inline(PARKED)))
                                                        .as(PARKED))
                                        .from(E)
                                        .where(E.SUBSCRIPTION_ID.eq(subscription))
                                        .and(E.STATE.in(inline(WAITING), inline(PARKED))))
                        .iterator()
                        .next();
        return new Standing(row.getInteger(WAITING), row.getInteger(PARKED));
    }

    /// What waits and what is parked.
    record Standing(int waiting, int parked) {}

    /// Has what is parked wait again, as if it were new.
    ///
    /// @return how many
    static int redeliver(Tx tx, UUID subscription, long first, long last, Instant now) {
        return tx.run(
                        SQL.update(EVENT)
                                .set(EVENT.STATE, WAITING)
                                .set(EVENT.ATTEMPTS, 0)
                                .set(EVENT.SINCE, now)
                                .set(EVENT.NEXT_AT, now)
                                .where(EVENT.SUBSCRIPTION_ID.eq(subscription))
                                .and(EVENT.NUMBER.between(first, last))
                                .and(EVENT.STATE.eq(inline(PARKED))))
                .rowCount();
    }

    /// Drops what the outbox does not know any more.
    public void forget(Instant now) {
        database.run(FORGET, now.minus(OutboxStore.KEPT));
    }

    private static List<Event> events(RowSet<Row> rows) {
        List<Event> all = new ArrayList<>();
        for (Row row : rows) {
            all.add(
                    new Event(
                            get(row, E.SUBSCRIPTION_ID),
                            get(row, E.NUMBER),
                            get(row, E.OUTBOX_NUMBER),
                            get(row, E.FOCUS_ID),
                            get(row, E.AT),
                            get(row, E.ATTEMPTS)));
        }
        return all;
    }
}
