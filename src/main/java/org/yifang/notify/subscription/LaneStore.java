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
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.SubscriptionLane;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

    private static final Statement CLAIM =
            Statement.of(p ->
                    SQL.update(LANE)
                            .set(LANE.LEASED_BY, p.like(LANE.LEASED_BY))
                            .set(LANE.LEASED_UNTIL, p.like(LANE.LEASED_UNTIL))
                            .set(LANE.FRESH, inline(false))
                            .where(
                                    LANE.SUBSCRIPTION_ID.in(
                                            select(LANE.SUBSCRIPTION_ID)
                                                    .from(LANE)
                                                    .where(LANE.DUE_AT.le(p.like(LANE.DUE_AT)))
                                                    .and(free(LANE.BLOCKED_UNTIL, p))
                                                    .and(free(LANE.LEASED_UNTIL, p))
                                                    .and(
                                                            LANE.RECEIVER.ne(
                                                                    all(p.array(LANE.RECEIVER))))
                                                    .orderBy(LANE.DUE_AT)
                                                    .limit(p.like(LANE.LAST_NUMBER))
                                                    .forUpdate()
                                                    .skipLocked()))
                            .returning(COLUMNS));

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

    /// A moment where PostgreSQL would not know that it is one.
    private static Field<Instant> time(Statement.Parameters p) {
        return p.like(LANE.DUE_AT).cast(LANE.DUE_AT);
    }

    private static org.jooq.Condition free(Field<Instant> until, Statement.Parameters p) {
        return until.isNull().or(until.le(p.like(until)));
    }

    private static final Statement RENEW =
            Statement.of(p ->
                    SQL.update(LANE)
                            .set(LANE.LEASED_UNTIL, p.like(LANE.LEASED_UNTIL))
                            .where(LANE.LEASED_BY.eq(p.like(LANE.LEASED_BY)))
                            .and(LANE.LEASED_UNTIL.gt(p.like(LANE.LEASED_UNTIL))));

    /// What came meanwhile is due at once.
    private static final Statement LEAVE =
            Statement.of(p ->
                    SQL.update(LANE)
                            .setNull(LANE.LEASED_BY)
                            .setNull(LANE.LEASED_UNTIL)
                            .set(LANE.DUE_AT, when(LANE.FRESH.isTrue(), time(p)).otherwise(time(p)))
                            .set(LANE.FAILURES, p.like(LANE.FAILURES))
                            .set(LANE.FAILING_SINCE, p.like(LANE.FAILING_SINCE))
                            .set(LANE.BLOCKED_UNTIL, p.like(LANE.BLOCKED_UNTIL))
                            .set(LANE.SENT_AT, p.like(LANE.SENT_AT))
                            .where(LANE.SUBSCRIPTION_ID.eq(p.like(LANE.SUBSCRIPTION_ID)))
                            .and(LANE.LEASED_BY.eq(p.like(LANE.LEASED_BY)))
                            .returning(LANE.FRESH));

    private static final Statement GIVEN =
            Statement.of(p ->
                    SQL.update(LANE)
                            .set(LANE.LAST_NUMBER, p.like(LANE.LAST_NUMBER))
                            .set(LANE.FRESH, inline(true))
                            .set(
                                    LANE.DUE_AT,
                                    least(
                                            coalesce(LANE.DUE_AT, p.like(LANE.DUE_AT)),
                                            p.like(LANE.DUE_AT)))
                            .where(LANE.SUBSCRIPTION_ID.eq(p.like(LANE.SUBSCRIPTION_ID))));

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
        List<Object[]> rows = new ArrayList<>();
        last.forEach((id, number) -> rows.add(new Object[] {number, now, now, id}));
        if (!rows.isEmpty()) {
            var _ = tx.startBatch(GIVEN, rows);
        }
    }

    /// Takes some that are due, the longest first; those that another instance takes are left to
    /// it.
    ///
    /// @param full receivers of which this instance tells as many as it may
    public List<Lane> claim(UUID instance, Collection<String> full, int most, Instant now) {
        List<Lane> claimed = new ArrayList<>();
        for (Row row :
                database.run(
                        CLAIM,
                        instance,
                        now.plus(LEASE),
                        now,
                        now,
                        now,
                        full.toArray(String[]::new),
                        (long) most)) {
            claimed.add(lane(row));
        }
        return claimed;
    }

    /// Keeps all that an instance holds.
    public void renew(UUID instance, Instant now) {
        database.run(RENEW, now.plus(LEASE), instance, now);
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
                database.run(
                        LEAVE,
                        now,
                        left.due(),
                        left.failures(),
                        left.failingSince(),
                        left.blockedUntil(),
                        left.sentAt(),
                        subscription,
                        instance);
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
