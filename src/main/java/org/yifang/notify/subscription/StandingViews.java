package org.yifang.notify.subscription;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;
import static org.yifang.generated.Tables.SUBSCRIPTION;
import static org.yifang.generated.Tables.SUBSCRIPTION_EVENT;
import static org.yifang.generated.Tables.SUBSCRIPTION_LANE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// How the telling stands, for those who run the service: nothing of what is told.
public final class StandingViews {
    /// Counted no further: beyond it the number says nothing more.
    private static final int COUNTED = 100_000;

    /// What waits in all.
    ///
    /// @param lateSeconds how long the oldest waits whose address does not fail
    /// @param oldestSeconds how long the oldest waits
    /// @param failing Subscriptions whose address fails
    public record Waiting(
            double lateSeconds, double oldestSeconds, int waiting, int parked, int failing) {
        public static final Waiting NONE = new Waiting(0, 0, 0, 0, 0);
    }

    /// How one receiver stands.
    ///
    /// @param receiver the client and the origin of its address
    /// @param oldest since when its oldest event waits, or null
    /// @param error what went wrong last, or null
    public record Receiver(
            UUID subscription,
            String client,
            String organization,
            String receiver,
            String topic,
            String status,
            int waiting,
            int parked,
            int failures,
            @Nullable Instant oldest,
            @Nullable String error) {}

    private static final Field<Instant> OLDEST = field("oldest", Instant.class);

    private static final Condition WAITS = SUBSCRIPTION_EVENT.STATE.eq(inline(EventStore.WAITING));
    private static final Condition PARKED = SUBSCRIPTION_EVENT.STATE.eq(inline(EventStore.PARKED));

    private static final Statement STANDING =
            Statement.of(_ ->
                    SQL.select(
                            field(
                                            select(SUBSCRIPTION_EVENT.SINCE)
                                                    .from(SUBSCRIPTION_EVENT)
                                                    .join(SUBSCRIPTION_LANE)
                                                    .on(
                                                            SUBSCRIPTION_LANE.SUBSCRIPTION_ID.eq(
                                                                    SUBSCRIPTION_EVENT
                                                                            .SUBSCRIPTION_ID))
                                                    .where(WAITS)
                                                    .and(SUBSCRIPTION_EVENT.ATTEMPTS.eq(inline(0)))
                                                    .and(SUBSCRIPTION_LANE.FAILURES.eq(inline(0)))
                                                    .orderBy(SUBSCRIPTION_EVENT.SINCE)
                                                    .limit(inline(1)))
                                    .as("late"),
                            field(
                                            select(min(SUBSCRIPTION_EVENT.SINCE))
                                                    .from(SUBSCRIPTION_EVENT)
                                                    .where(WAITS))
                                    .as("oldest"),
                            counted(WAITS).as("waiting"),
                            counted(PARKED).as("parked"),
                            field(
                                            select(count())
                                                    .from(SUBSCRIPTION_LANE)
                                                    .where(
                                                            SUBSCRIPTION_LANE.FAILURES.gt(
                                                                    inline(0))))
                                    .as("failing")));

    private static Field<Integer> counted(Condition which) {
        return field(
                select(count())
                        .from(
                                select(inline(1).as("one"))
                                        .from(SUBSCRIPTION_EVENT)
                                        .where(which)
                                        .limit(inline(COUNTED))));
    }

    private final Database database;

    public StandingViews(Database database) {
        this.database = database;
    }

    /// What waits in all. Waits for the database.
    public Waiting waiting(Instant now) {
        Row row = database.run(STANDING).iterator().next();
        return new Waiting(
                seconds(find(row, field("late", Instant.class)), now),
                seconds(find(row, OLDEST), now),
                row.getInteger("waiting"),
                row.getInteger("parked"),
                row.getInteger("failing"));
    }

    private static double seconds(@Nullable Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
    }

    /// All receivers, those that fail first, then those with most to tell.
    public List<Receiver> receivers(int most) {
        Field<Integer> waiting = count().filterWhere(WAITS).as("waiting");
        Field<Integer> parked = count().filterWhere(PARKED).as("parked");
        Field<Instant> oldest =
                min(SUBSCRIPTION_EVENT.SINCE).filterWhere(WAITS).as(OLDEST.getName());
        List<Receiver> all = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        SUBSCRIPTION.ID,
                                        SUBSCRIPTION.CLIENT_ID,
                                        SUBSCRIPTION.ORGANIZATION,
                                        SUBSCRIPTION_LANE.RECEIVER,
                                        SUBSCRIPTION.TOPIC,
                                        SUBSCRIPTION.STATUS,
                                        SUBSCRIPTION.ERROR,
                                        SUBSCRIPTION_LANE.FAILURES,
                                        waiting,
                                        parked,
                                        oldest)
                                .from(SUBSCRIPTION)
                                .join(SUBSCRIPTION_LANE)
                                .on(SUBSCRIPTION_LANE.SUBSCRIPTION_ID.eq(SUBSCRIPTION.ID))
                                .leftJoin(SUBSCRIPTION_EVENT)
                                .on(SUBSCRIPTION_EVENT.SUBSCRIPTION_ID.eq(SUBSCRIPTION.ID))
                                .and(WAITS.or(PARKED))
                                .groupBy(SUBSCRIPTION.ID, SUBSCRIPTION_LANE.SUBSCRIPTION_ID)
                                .orderBy(
                                        SUBSCRIPTION_LANE.FAILURES.desc(),
                                        field("parked").desc(),
                                        field("waiting").desc(),
                                        SUBSCRIPTION.ID)
                                .limit(most))) {
            all.add(receiver(row));
        }
        return all;
    }

    private static Receiver receiver(Row row) {
        String receiver = get(row, SUBSCRIPTION_LANE.RECEIVER);
        return new Receiver(
                get(row, SUBSCRIPTION.ID),
                get(row, SUBSCRIPTION.CLIENT_ID),
                get(row, SUBSCRIPTION.ORGANIZATION),
                receiver.substring(receiver.indexOf(' ') + 1),
                get(row, SUBSCRIPTION.TOPIC),
                get(row, SUBSCRIPTION.STATUS),
                row.getInteger("waiting"),
                row.getInteger("parked"),
                get(row, SUBSCRIPTION_LANE.FAILURES),
                find(row, OLDEST),
                find(row, SUBSCRIPTION.ERROR));
    }
}
