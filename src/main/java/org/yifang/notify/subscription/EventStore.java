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
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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

    private static final SubscriptionEvent E = SUBSCRIPTION_EVENT.as("e");
    private static final SubscriptionEvent EARLIER = SUBSCRIPTION_EVENT.as("earlier");

    private static final Insert<Fresh> INSERT =
            Insert.into(SUBSCRIPTION_EVENT)
                    .set(
                            SUBSCRIPTION_EVENT.SUBSCRIPTION_ID,
                            (Fresh one) -> one.event().subscription())
                    .set(SUBSCRIPTION_EVENT.NUMBER, one -> one.event().number())
                    .set(SUBSCRIPTION_EVENT.OUTBOX_NUMBER, one -> one.event().outbox())
                    .set(SUBSCRIPTION_EVENT.FOCUS_ID, one -> one.event().focus())
                    .set(SUBSCRIPTION_EVENT.AT, one -> one.event().at())
                    .set(SUBSCRIPTION_EVENT.STATE, _ -> WAITING)
                    .set(SUBSCRIPTION_EVENT.ATTEMPTS, one -> one.event().attempts())
                    .set(SUBSCRIPTION_EVENT.SINCE, Fresh::now)
                    .set(SUBSCRIPTION_EVENT.NEXT_AT, Fresh::now);

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

    private static final Statement SAID =
            Statement.of(p ->
                    SQL.update(SUBSCRIPTION_EVENT)
                            .set(SUBSCRIPTION_EVENT.STATE, TOLD)
                            .where(
                                    SUBSCRIPTION_EVENT.SUBSCRIPTION_ID.eq(
                                            p.like(SUBSCRIPTION_EVENT.SUBSCRIPTION_ID)))
                            .and(
                                    SUBSCRIPTION_EVENT.NUMBER.eq(
                                            any(p.array(SUBSCRIPTION_EVENT.NUMBER)))));

    private static final Statement FAILED =
            Statement.of(p ->
                    SQL.update(SUBSCRIPTION_EVENT)
                            .set(
                                    SUBSCRIPTION_EVENT.ATTEMPTS,
                                    SUBSCRIPTION_EVENT.ATTEMPTS.plus(inline(1)))
                            .set(SUBSCRIPTION_EVENT.NEXT_AT, p.like(SUBSCRIPTION_EVENT.NEXT_AT))
                            .set(
                                    SUBSCRIPTION_EVENT.STATE,
                                    when(
                                                    SUBSCRIPTION_EVENT.SINCE.le(
                                                            p.like(SUBSCRIPTION_EVENT.SINCE)),
                                                    inline(PARKED))
                                            .otherwise(inline(WAITING)))
                            .where(
                                    SUBSCRIPTION_EVENT.SUBSCRIPTION_ID.eq(
                                            p.like(SUBSCRIPTION_EVENT.SUBSCRIPTION_ID)))
                            .and(
                                    SUBSCRIPTION_EVENT.NUMBER.eq(
                                            any(p.array(SUBSCRIPTION_EVENT.NUMBER))))
                            .and(SUBSCRIPTION_EVENT.STATE.eq(inline(WAITING))));

    private static final Statement PARK =
            Statement.of(p ->
                    SQL.update(SUBSCRIPTION_EVENT)
                            .set(SUBSCRIPTION_EVENT.STATE, PARKED)
                            .where(
                                    SUBSCRIPTION_EVENT.SUBSCRIPTION_ID.eq(
                                            p.like(SUBSCRIPTION_EVENT.SUBSCRIPTION_ID)))
                            .and(SUBSCRIPTION_EVENT.STATE.eq(inline(WAITING)))
                            .and(SUBSCRIPTION_EVENT.SINCE.le(p.like(SUBSCRIPTION_EVENT.SINCE))));

    private static final Statement SOONER =
            Statement.of(p ->
                    SQL.update(SUBSCRIPTION_EVENT)
                            .set(SUBSCRIPTION_EVENT.NEXT_AT, p.like(SUBSCRIPTION_EVENT.NEXT_AT))
                            .where(
                                    SUBSCRIPTION_EVENT.SUBSCRIPTION_ID.eq(
                                            p.like(SUBSCRIPTION_EVENT.SUBSCRIPTION_ID)))
                            .and(SUBSCRIPTION_EVENT.STATE.eq(inline(WAITING)))
                            .and(SUBSCRIPTION_EVENT.ATTEMPTS.gt(inline(0)))
                            .and(
                                    SUBSCRIPTION_EVENT.NEXT_AT.gt(
                                            p.like(SUBSCRIPTION_EVENT.NEXT_AT))));

    private static final Statement FORGET =
            Statement.of(p ->
                    SQL.deleteFrom(SUBSCRIPTION_EVENT)
                            .where(SUBSCRIPTION_EVENT.AT.lt(p.like(SUBSCRIPTION_EVENT.AT))));

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
        database.run(SAID, subscription, numbers(events));
    }

    /// Notes that these were tried in vain; who was tried for a day is parked.
    public void failed(UUID subscription, List<Event> events, Instant again, Instant now) {
        database.run(FAILED, again, now.minus(TRIED), subscription, numbers(events));
    }

    /// Parks all that has waited for a day at an address that does not answer.
    public void park(UUID subscription, Instant now) {
        database.run(PARK, subscription, now.minus(TRIED));
    }

    /// Tries at once what would wait, since its address answers again.
    public void sooner(UUID subscription, Instant now) {
        database.run(SOONER, now, subscription, now);
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
                        SQL.update(SUBSCRIPTION_EVENT)
                                .set(SUBSCRIPTION_EVENT.STATE, WAITING)
                                .set(SUBSCRIPTION_EVENT.ATTEMPTS, 0)
                                .set(SUBSCRIPTION_EVENT.SINCE, now)
                                .set(SUBSCRIPTION_EVENT.NEXT_AT, now)
                                .where(SUBSCRIPTION_EVENT.SUBSCRIPTION_ID.eq(subscription))
                                .and(SUBSCRIPTION_EVENT.NUMBER.between(first, last))
                                .and(SUBSCRIPTION_EVENT.STATE.eq(inline(PARKED))))
                .rowCount();
    }

    /// Drops what the outbox does not know any more.
    public void forget(Instant now) {
        database.run(FORGET, now.minus(OutboxStore.KEPT));
    }

    private static Long[] numbers(Collection<Event> events) {
        return events.stream().map(Event::number).toArray(Long[]::new);
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
