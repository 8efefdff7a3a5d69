package org.yifang.platform.data;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.operate.Readiness;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// A standby on which reports of bureau and auditors are read: never anything older than what the
/// primary had when the report was asked for, and never what anything is decided by. While it is
/// away or too far behind, the primary answers.
public final class Replica implements Readiness.Check, MeterBinder {
    /// How long a report waits for the standby to get to where the primary is.
    private static final Duration CATCH_UP = Duration.ofMillis(500);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /// Behind so far it is told, though nobody reads anything old.
    private static final Duration BEHIND = Duration.ofSeconds(30);

    /// The timeline that a primary writes, as the first eight hexadecimal digits of its file have
    /// it. A standby knows its own from what it has flushed: up to a few minutes after a failover
    /// it is not read.
    private static final String TIMELINE_WRITTEN =
            "cast(cast(cast('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)"
                    + " as bit(32)) as int) as text)";

    /// Which database this is, which of its histories, and up to where it is durable.
    private static final Statement HERE =
            Statement.of(_ ->
                    Database.SQL.resultQuery(
                            "select cast(pg_current_wal_flush_lsn() as text) as place,"
                                    + " cast(system_identifier as text) || '/' || "
                                    + TIMELINE_WRITTEN
                                    + " as history from pg_control_system()"));

    /// Whether a standby, or another way to the primary, has got to a place of a history.
    private static final String LOOK =
            "select coalesce(at >= cast(cast($1 as text) as pg_lsn), false) as there,"
                    + " cast($2 as text) = history as same, applied from"
                    + " (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()"
                    + " else pg_current_wal_flush_lsn() end as at,"
                    + " cast(s.system_identifier as text) || '/' || case when"
                    + " pg_is_in_recovery() then cast(greatest(c.timeline_id,"
                    + " r.min_recovery_end_timeline) as text) else "
                    + TIMELINE_WRITTEN
                    + " end as history, cast(coalesce(extract(epoch from clock_timestamp() -"
                    + " pg_last_xact_replay_timestamp()), 0) as float8) as applied"
                    + " from pg_control_system() s, pg_control_checkpoint() c,"
                    + " pg_control_recovery() r) as x";

    private final Vertx vertx;
    private final Database primary;
    private final Database copy;
    private final LongAdder taken = new LongAdder();
    private final LongAdder notTaken = new LongAdder();
    private volatile boolean well;
    private volatile double behind;

    Replica(Vertx vertx, Database primary, DatabaseAddress address, int connections) {
        this.vertx = vertx;
        this.primary = primary;
        this.copy = Database.copyOf(vertx, address, connections);
    }

    /// How a standby stands to a place of the primary.
    ///
    /// @param same whether it has the same history
    /// @param behind seconds since what it applied last; 0 when it is there
    private record Look(boolean there, boolean same, double behind) {
        static Look of(RowSet<Row> rows) {
            Row row = rows.iterator().next();
            boolean there = row.getBoolean("there");
            return new Look(there, row.getBoolean("same"), there ? 0 : row.getDouble("applied"));
        }
    }

    /// A report that is read on standbys. Behind one address there may be several, so that each
    /// statement asks the one it is sent to whether it is there.
    ///
    /// @param place of the primary when the report was asked for
    /// @param history of the primary
    record Reading(Database primary, String place, String history) {
        Future<RowSet<Row>> ask(Pool pool, String sql, Tuple values) {
            return pool.getConnection()
                    .compose(one -> {
                        // Both travel at once; what is there stays there.
                        Future<RowSet<Row>> look = look(one, place, history);
                        Future<RowSet<Row>> rows = one.preparedQuery(sql).execute(values);
                        return look.compose(told -> isThere(told) ? rows : behind())
                                .eventually(one::close);
                    })
                    .recover(why ->
                            isOfStandby(why) ? primary.ask(sql, values) : Future.failedFuture(why));
        }

        private static boolean isThere(RowSet<Row> told) {
            Look look = Look.of(told);
            return look.there() && look.same();
        }

        private static <T> Future<T> behind() {
            return Future.failedFuture(new IOException("the replica is behind"));
        }
    }

    /// What a standby fails with though nothing is wrong with the question: it is away, or had to
    /// apply what the question stood in the way of (40001).
    private static boolean isOfStandby(Throwable why) {
        return Database.isAway(why)
                || (why instanceof PgException pg && "40001".equals(pg.getSqlState()));
    }

    private static Future<RowSet<Row>> look(SqlClient at, String place, String history) {
        return at.preparedQuery(LOOK).execute(Tuple.of(place, history));
    }

    private Look look(String place, String history) {
        return Look.of(copy.ask(LOOK, Tuple.of(place, history)).await());
    }

    /// Where a report is read that is asked for now. Waits.
    Database choose() {
        if (well) {
            Row here = primary.run(HERE).iterator().next();
            long until = System.nanoTime() + CATCH_UP.toNanos();
            try {
                Look look = look(here.getString("place"), here.getString("history"));
                while (look.same() && !look.there() && System.nanoTime() < until) {
                    vertx.timer(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS).await();
                    look = look(here.getString("place"), here.getString("history"));
                }
                if (look.same() && look.there()) {
                    taken.increment();
                    return new Database(
                            copy,
                            new Reading(
                                    primary, here.getString("place"), here.getString("history")));
                }
            } catch (Exception away) {
                // `await` throws what the client failed with; the next look tells of it.
                well = false;
            }
        }
        notTaken.increment();
        return primary;
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public @Nullable String unwell() {
        Row here = primary.run(HERE).iterator().next();
        try {
            Look look = look(here.getString("place"), here.getString("history"));
            behind = look.behind();
            well = look.same();
            if (!look.same()) {
                return "the replica does not follow this primary, or not yet;"
                        + " reports are read from the primary";
            }
            return look.behind() <= BEHIND.toMillis() / 1000.0
                    ? null
                    : "the replica is %d s behind; reports are read from the primary"
                            .formatted(Math.round(look.behind()));
        } catch (Exception away) {
            well = false;
            return "the replica does not answer; reports are read from the primary";
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("yifang.replica.behind", this, one -> one.behind)
                .description("How far the standby for reports is behind the primary")
                .baseUnit("seconds")
                .register(registry);
        FunctionCounter.builder("yifang.replica.reports", taken, LongAdder::sum)
                .description("Reports by where they were read")
                .tag("from", "replica")
                .register(registry);
        FunctionCounter.builder("yifang.replica.reports", notTaken, LongAdder::sum)
                .description("Reports by where they were read")
                .tag("from", "primary")
                .register(registry);
    }

    Future<Void> close() {
        return copy.close();
    }
}
