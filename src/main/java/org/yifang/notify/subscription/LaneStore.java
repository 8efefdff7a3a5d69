package org.yifang.notify.subscription;

import static org.jooq.impl.DSL.all;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;
import static org.yifang.generated.Tables.SUBSCRIPTION;
import static org.yifang.generated.Tables.SUBSCRIPTION_LANE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.SubscriptionLane;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/// How the telling of each Subscription goes. One instance tells one at a time: it holds a lease,
/// which ends by itself when it dies.
public final class LaneStore {
    /// How long a Subscription is untold when the instance that tells it dies.
    public static final Duration LEASE = Duration.ofSeconds(30);

    /// How the telling of one goes.
    ///
    /// @param receiver client and origin of the address
    /// @param last the last event number given
    /// @param failures calls that failed one after the other
    /// @param failingSince since when, or null
    /// @param sentAt when it was told anything last
    public record Lane(
            UUID id,
            String receiver,
            long last,
            int failures,
            @Nullable Instant failingSince,
            Instant sentAt) {}

    /// What is noted when an instance has told all that it could.
    ///
    /// @param due when there is something to do next, null when nothing
    /// @param blockedUntil until when the address is left alone, or null
    public record Left(
            @Nullable Instant due,
            int failures,
            @Nullable Instant failingSince,
            @Nullable Instant blockedUntil,
            Instant sentAt) {}

    private record Begun(UUID id, String receiver, Instant now) {}

    private static final SubscriptionLane LANE = SUBSCRIPTION_LANE;

    private static final Insert<Begun> INSERT =
            Insert.into(LANE)
                    .set(LANE.SUBSCRIPTION_ID, Begun::id)
                    .set(LANE.RECEIVER, Begun::receiver)
                    .set(LANE.LAST_NUMBER, _ -> 0L)
                    .set(LANE.DUE_AT, Begun::now)
                    .set(LANE.FRESH, _ -> true)
                    .set(LANE.FAILURES, _ -> 0)
                    .set(LANE.SENT_AT, Begun::now);

    private static final List<Field<?>> COLUMNS =
            List.of(
                    LANE.SUBSCRIPTION_ID,
                    LANE.RECEIVER,
                    LANE.LAST_NUMBER,
                    LANE.FAILURES,
                    LANE.FAILING_SINCE,
                    LANE.SENT_AT);

    /// @param full receivers of which it tells as many as it may
    private record Claiming(UUID instance, List<String> full, long most, Instant now) {
        String[] receivers() {
            return full.toArray(String[]::new);
        }
    }

    private static final Prepared<Claiming> CLAIM =
            Prepared.of(v ->
                    SQL.update(LANE)
                            .set(LANE.LEASED_BY, v.of(LANE.LEASED_BY, Claiming::instance))
                            .set(
                                    LANE.LEASED_UNTIL,
                                    v.of(LANE.LEASED_UNTIL, one -> one.now().plus(LEASE)))
                            .set(LANE.FRESH, inline(false))
                            .where(LANE.SUBSCRIPTION_ID.in(due(v)))
                            .returning(COLUMNS));

    private static Select<Record1<UUID>> due(Prepared.Values<Claiming> values) {
        return select(LANE.SUBSCRIPTION_ID)
                .from(LANE)
                .where(LANE.DUE_AT.le(values.of(LANE.DUE_AT, Claiming::now)))
                .and(free(LANE.BLOCKED_UNTIL, values))
                .and(free(LANE.LEASED_UNTIL, values))
                .and(LANE.RECEIVER.ne(all(values.array(LANE.RECEIVER, Claiming::receivers))))
                .orderBy(LANE.DUE_AT)
                .limit(values.of(LANE.LAST_NUMBER, Claiming::most))
                .forUpdate()
                .skipLocked();
    }

    private static org.jooq.Condition free(Field<Instant> until, Prepared.Values<Claiming> values) {
        return until.isNull().or(until.le(values.of(until, Claiming::now)));
    }

    /// Forgets at which addresses a patient's apps were told; travels with the commit.
    static void forget(Tx tx, UUID patient) {
        var _ =
                tx.start(
                        SQL.update(LANE)
                                .set(
                                        LANE.RECEIVER,
                                        org.jooq.impl.DSL.concat(
                                                org.jooq.impl.DSL.splitPart(
                                                        LANE.RECEIVER, inline(" "), inline(1)),
                                                inline(" ")))
                                .where(
                                        LANE.SUBSCRIPTION_ID.in(
                                                select(SUBSCRIPTION.ID)
                                                        .from(SUBSCRIPTION)
                                                        .where(
                                                                SUBSCRIPTION.PATIENT_ID.eq(
                                                                        patient)))));
    }

    private record Renewal(UUID instance, Instant now) {}

    private static final Prepared<Renewal> RENEW =
            Prepared.of(v ->
                    SQL.update(LANE)
                            .set(
                                    LANE.LEASED_UNTIL,
                                    v.of(LANE.LEASED_UNTIL, one -> one.now().plus(LEASE)))
                            .where(LANE.LEASED_BY.eq(v.of(LANE.LEASED_BY, Renewal::instance)))
                            .and(LANE.LEASED_UNTIL.gt(v.of(LANE.LEASED_UNTIL, Renewal::now))));

    private record Leaving(UUID instance, UUID subscription, Left left, Instant now) {}

    /// What came meanwhile is due at once.
    private static final Prepared<Leaving> LEAVE =
            Prepared.of(v ->
                    SQL.update(LANE)
                            .setNull(LANE.LEASED_BY)
                            .setNull(LANE.LEASED_UNTIL)
                            .set(
                                    LANE.DUE_AT,
                                    when(LANE.FRESH.isTrue(), due(v, Leaving::now))
                                            .otherwise(due(v, one -> one.left().due())))
                            .set(LANE.FAILURES, v.of(LANE.FAILURES, one -> one.left().failures()))
                            .set(
                                    LANE.FAILING_SINCE,
                                    v.of(LANE.FAILING_SINCE, one -> one.left().failingSince()))
                            .set(
                                    LANE.BLOCKED_UNTIL,
                                    v.of(LANE.BLOCKED_UNTIL, one -> one.left().blockedUntil()))
                            .set(LANE.SENT_AT, v.of(LANE.SENT_AT, one -> one.left().sentAt()))
                            .where(
                                    LANE.SUBSCRIPTION_ID.eq(
                                            v.of(LANE.SUBSCRIPTION_ID, Leaving::subscription)))
                            .and(LANE.LEASED_BY.eq(v.of(LANE.LEASED_BY, Leaving::instance)))
                            .returning(LANE.FRESH));

    /// A moment where PostgreSQL would not know that it is one.
    private static Field<Instant> due(
            Prepared.Values<Leaving> values, Function<Leaving, @Nullable Instant> moment) {
        return values.of(LANE.DUE_AT, moment).cast(LANE.DUE_AT);
    }

    private record NumberGiven(UUID subscription, long last, Instant now) {}

    private static final Prepared<NumberGiven> GIVEN =
            Prepared.of(v ->
                    SQL.update(LANE)
                            .set(LANE.LAST_NUMBER, v.of(LANE.LAST_NUMBER, NumberGiven::last))
                            .set(LANE.FRESH, inline(true))
                            .set(
                                    LANE.DUE_AT,
                                    least(
                                            coalesce(
                                                    LANE.DUE_AT,
                                                    v.of(LANE.DUE_AT, NumberGiven::now)),
                                            v.of(LANE.DUE_AT, NumberGiven::now)))
                            .where(
                                    LANE.SUBSCRIPTION_ID.eq(
                                            v.of(
                                                    LANE.SUBSCRIPTION_ID,
                                                    NumberGiven::subscription))));

    private final Database database;

    public LaneStore(Database database) {
        this.database = database;
    }

    static void add(Tx tx, UUID subscription, String receiver, Instant now) {
        var _ = INSERT.start(tx, new Begun(subscription, receiver, now));
    }

    /// Has one be told at once, at the address that it has now.
    static void again(Tx tx, UUID subscription, String receiver, Instant now) {
        var _ =
                tx.start(
                        SQL.update(LANE)
                                .set(LANE.RECEIVER, receiver)
                                .set(LANE.DUE_AT, now)
                                .set(LANE.FRESH, true)
                                .setNull(LANE.BLOCKED_UNTIL)
                                .where(LANE.SUBSCRIPTION_ID.eq(subscription)));
    }

    /// The last number given to each, locked in one order until the transaction ends.
    public static Map<UUID, Long> lockLast(Tx tx, Collection<UUID> subscriptions) {
        Map<UUID, Long> last = new HashMap<>();
        for (Row row :
                tx.run(
                        SQL.select(LANE.SUBSCRIPTION_ID, LANE.LAST_NUMBER)
                                .from(LANE)
                                .where(
                                        LANE.SUBSCRIPTION_ID.eq(
                                                org.jooq.impl.DSL.any(
                                                        subscriptions.toArray(UUID[]::new))))
                                .orderBy(LANE.SUBSCRIPTION_ID)
                                .forUpdate())) {
            last.put(get(row, LANE.SUBSCRIPTION_ID), get(row, LANE.LAST_NUMBER));
        }
        return last;
    }

    /// Notes the last numbers given now: there is something to tell.
    public static void given(Tx tx, Map<UUID, Long> last, Instant now) {
        List<NumberGiven> all = new ArrayList<>();
        last.forEach((id, number) -> all.add(new NumberGiven(id, number, now)));
        GIVEN.startAll(tx, all);
    }

    /// Takes some that are due, the longest first; those that another instance takes are left to
    /// it.
    ///
    /// @param full receivers of which this instance tells as many as it may
    public List<Lane> claim(UUID instance, Collection<String> full, int most, Instant now) {
        List<Lane> claimed = new ArrayList<>();
        for (Row row :
                CLAIM.start(database, new Claiming(instance, List.copyOf(full), most, now))
                        .await()) {
            claimed.add(lane(row));
        }
        return claimed;
    }

    /// Keeps all that an instance holds.
    public void renew(UUID instance, Instant now) {
        RENEW.start(database, new Renewal(instance, now)).await();
    }

    /// Lets go of all that an instance holds: others go on at once.
    public void leaveAll(UUID instance, Instant now) {
        database.run(
                SQL.update(LANE)
                        .setNull(LANE.LEASED_BY)
                        .setNull(LANE.LEASED_UNTIL)
                        .set(LANE.DUE_AT, now)
                        .where(LANE.LEASED_BY.eq(instance)));
    }

    /// Lets go of one.
    ///
    /// @return whether there is something to do at once
    public boolean leave(UUID instance, UUID subscription, Left left, Instant now) {
        RowSet<Row> rows =
                LEAVE.start(database, new Leaving(instance, subscription, left, now)).await();
        return rows.size() > 0
                && get(rows.iterator().next(), LANE.FRESH)
                && left.blockedUntil() == null;
    }

    /// How the telling of one goes.
    Lane lane(UUID subscription) {
        return lane(
                database.run(
                                SQL.select(COLUMNS)
                                        .from(LANE)
                                        .where(LANE.SUBSCRIPTION_ID.eq(subscription)))
                        .iterator()
                        .next());
    }

    private static Lane lane(Row row) {
        return new Lane(
                get(row, LANE.SUBSCRIPTION_ID),
                get(row, LANE.RECEIVER),
                get(row, LANE.LAST_NUMBER),
                get(row, LANE.FAILURES),
                find(row, LANE.FAILING_SINCE),
                get(row, LANE.SENT_AT));
    }
}
