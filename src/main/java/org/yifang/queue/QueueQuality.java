package org.yifang.queue;

import static org.yifang.generated.Tables.QUEUE_CLOCK;
import static org.yifang.generated.Tables.QUEUE_EVENT;
import static org.yifang.generated.Tables.QUEUE_QUARANTINE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.platform.Database;
import org.yifang.statistics.QueueTheory;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// How well an organization reports its queues: what is missing, late, ahead or contradictory.
public final class QueueQuality {
    /// The answer for one organization and period.
    ///
    /// @param tickets all of them
    /// @param startMissing without their beginning
    /// @param endMissing of a past day without an end of the wait: closed as unknown
    /// @param serviceEndMissing served, and nobody told until when
    /// @param lateEvents events received more than an hour after they happened
    /// @param quarantined events that claimed to lie ahead
    /// @param clockOffsetSeconds the latest measured offset, the largest of its sources
    /// @param clockJumps how often a source's clock moved by more than thirty seconds
    /// @param littleGap the worst gap of Little's law of any closed day, as a share; above 0.02 a
    ///   start or an end is wrong
    public record Report(
            long tickets,
            long startMissing,
            long endMissing,
            long serviceEndMissing,
            long events,
            long lateEvents,
            long quarantined,
            double clockOffsetSeconds,
            long clockJumps,
            double littleGap) {}

    private final Database database;

    public QueueQuality(Database database) {
        this.database = database;
    }

    /// Reads the days `from` to `to`, both included. Waits.
    ///
    /// @param organization id of the Organization
    public Report report(UUID organization, LocalDate from, LocalDate to) {
        Row tickets = tickets(organization, from, to);
        Row events =
                one(
                        SQL.select(
                                        DSL.count().as("all"),
                                        when(DSL.condition(
                                                        "{0} > {1} + interval '1 hour'",
                                                        QUEUE_EVENT.AT_SERVER, QUEUE_EVENT.AT))
                                                .as("late"))
                                .from(QUEUE_EVENT)
                                .where(QUEUE_EVENT.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_EVENT.DAY.between(from, to)));
        Instant start = from.atStartOfDay(QueueLimits.ZONE).toInstant();
        Instant end = to.plusDays(1).atStartOfDay(QueueLimits.ZONE).toInstant();
        Row ahead =
                one(
                        SQL.select(DSL.count().as("all"))
                                .from(QUEUE_QUARANTINE)
                                .where(QUEUE_QUARANTINE.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_QUARANTINE.AT_SERVER.ge(start))
                                .and(QUEUE_QUARANTINE.AT_SERVER.lt(end)));
        Row clocks =
                one(
                        SQL.select(
                                        DSL.coalesce(
                                                        DSL.max(DSL.abs(QUEUE_CLOCK.OFFSET_MS)),
                                                        DSL.inline(0L))
                                                .as("most"),
                                        when(QUEUE_CLOCK.JUMPED.isTrue()).as("jumps"))
                                .from(QUEUE_CLOCK)
                                .where(QUEUE_CLOCK.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_CLOCK.MEASURED_AT.ge(start))
                                .and(QUEUE_CLOCK.MEASURED_AT.lt(end)));
        return new Report(
                tickets.getLong("all"),
                tickets.getLong("start_missing"),
                tickets.getLong("end_missing"),
                tickets.getLong("service_end_missing"),
                events.getLong("all"),
                events.getLong("late"),
                ahead.getLong("all"),
                clocks.getLong("most") / 1000.0,
                clocks.getLong("jumps"),
                littleGap(organization, from, to));
    }

    private Row tickets(UUID organization, LocalDate from, LocalDate to) {
        Condition served = QUEUE_TICKET.FATE.eq(DSL.inline("served"));
        return one(
                SQL.select(
                                DSL.count().as("all"),
                                when(QUEUE_TICKET.EXCLUSION.eq(DSL.inline("start-missing")))
                                        .as("start_missing"),
                                when(QUEUE_TICKET.STATE.eq(DSL.inline("unknown")))
                                        .as("end_missing"),
                                when(served.and(QUEUE_TICKET.SERVICE_END.isNull()))
                                        .as("service_end_missing"))
                        .from(QUEUE_TICKET)
                        .where(QUEUE_TICKET.ORGANIZATION_ID.eq(organization))
                        .and(QUEUE_TICKET.DAY.between(from, to)));
    }

    private static Field<Integer> when(Condition condition) {
        return DSL.count().filterWhere(condition);
    }

    private Row one(org.jooq.Query query) {
        return database.run(query).iterator().next();
    }

    /// The worst of the period's days; each day is read by itself.
    private double littleGap(UUID organization, LocalDate from, LocalDate to) {
        double worst = 0;
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            worst = Math.max(worst, littleGap(organization, day));
        }
        return worst;
    }

    private double littleGap(UUID organization, LocalDate day) {
        Field<Double> joined = seconds(QUEUE_TICKET.JOINED);
        Field<Double> gone =
                seconds(
                        DSL.coalesce(
                                QUEUE_TICKET.SERVICE_START,
                                QUEUE_TICKET.LEFT_AT,
                                QUEUE_TICKET.LAST_KNOWN));
        List<double[]> waits = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        joined.as("joined"),
                                        gone.as("gone"),
                                        QUEUE_TICKET.WAIT_SECONDS.as("waited"))
                                .from(QUEUE_TICKET)
                                .where(QUEUE_TICKET.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_TICKET.DAY.eq(day))
                                .and(QUEUE_TICKET.WAIT_SECONDS.isNotNull())
                                .limit(200_000))) {
            waits.add(
                    new double[] {
                        row.getDouble("joined"), row.getDouble("gone"), row.getInteger("waited")
                    });
        }
        double start = day.atStartOfDay(QueueLimits.ZONE).toEpochSecond();
        return QueueTheory.little(
                        waits.stream().mapToDouble(one -> one[0]).toArray(),
                        waits.stream().mapToDouble(one -> one[1]).toArray(),
                        waits.stream().mapToDouble(one -> one[2]).toArray(),
                        start,
                        start + 86_400)
                .gap();
    }

    private static Field<Double> seconds(Field<Instant> at) {
        return DSL.field("extract(epoch from {0})::double precision", Double.class, at);
    }
}
