package org.yifang.queue.quality;

import static org.yifang.generated.Tables.QUEUE_CLOCK;
import static org.yifang.generated.Tables.QUEUE_SOURCE_DAY;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketState;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// How well each source reports its queues: what is missing, late, ahead, doubled or contradictory.
public final class QueueQualityStore {
    /// Beyond this gap of Little's law a start or an end is wrong somewhere (METHODS B3).
    public static final double LITTLE_MOST = 0.02;

    /// The answer for one source and period.
    ///
    /// @param organization id of the Organization
    /// @param source the client, or `platform`
    /// @param tickets that it told of first
    /// @param startMissing without their beginning
    /// @param autoClosed of a past day without an end of the wait: closed as unknown
    /// @param serviceEndMissing served, and nobody told until when
    /// @param uploads calls that brought events
    /// @param events taken in
    /// @param late of those, received more than an hour after they happened
    /// @param repeated sent again
    /// @param refused contradictory, or under a number already used
    /// @param quarantined claimed to lie ahead
    /// @param clockSeconds latest measured offset of its clock, null when it never told its time
    /// @param clockLeastSeconds smallest in the period
    /// @param clockMostSeconds largest in the period
    /// @param clockJumps how often the clock moved by more than thirty seconds
    /// @param littleGap worst gap of Little's law of any day
    /// @param littleDay that day, null when no day had a wait
    public record Report(
            UUID organization,
            String source,
            long tickets,
            long startMissing,
            long autoClosed,
            long serviceEndMissing,
            long uploads,
            long events,
            long late,
            long repeated,
            long refused,
            long quarantined,
            @Nullable Double clockSeconds,
            @Nullable Double clockLeastSeconds,
            @Nullable Double clockMostSeconds,
            long clockJumps,
            double littleGap,
            @Nullable LocalDate littleDay) {
        /// Whether some start or end of a wait must be wrong.
        public boolean isAlarming() {
            return littleGap > LITTLE_MOST;
        }

        /// The share of tickets that nobody ended.
        public double autoClosedShare() {
            return tickets == 0 ? 0 : (double) autoClosed / tickets;
        }
    }

    private record Key(UUID organization, String source) {}

    /// One source while its parts are gathered.
    private static final class Draft {
        @Nullable Row tickets;
        @Nullable Row sent;
        @Nullable Row clock;
        double gap;
        @Nullable LocalDate gapDay;

        Report report(Key key) {
            return new Report(
                    key.organization(),
                    key.source(),
                    number(tickets, "all"),
                    number(tickets, "start_missing"),
                    number(tickets, "auto_closed"),
                    number(tickets, "service_end_missing"),
                    number(sent, "uploads"),
                    number(sent, "events"),
                    number(sent, "late"),
                    number(sent, "repeated"),
                    number(sent, "refused"),
                    number(sent, "quarantined"),
                    seconds(clock, "last"),
                    seconds(clock, "least"),
                    seconds(clock, "most"),
                    number(clock, "jumps"),
                    gap,
                    gapDay);
        }

        private static long number(@Nullable Row row, String column) {
            return row == null ? 0 : row.getLong(column);
        }

        private static @Nullable Double seconds(@Nullable Row row, String column) {
            return row == null ? null : row.getLong(column) / 1000.0;
        }
    }

    private final Database database;

    public QueueQualityStore(Database database) {
        this.database = database;
    }

    /// Every source that told something in the days `from` to `to`, both included. Waits.
    ///
    /// @param organization id of the Organization, null for all
    public List<Report> report(@Nullable UUID organization, LocalDate from, LocalDate to) {
        Map<Key, Draft> drafts =
                new TreeMap<>(
                        java.util.Comparator.comparing(Key::organization)
                                .thenComparing(Key::source));
        for (Row row : tickets(organization, from, to)) {
            draft(drafts, row).tickets = row;
        }
        for (Row row : sent(organization, from, to)) {
            draft(drafts, row).sent = row;
        }
        for (Row row : clocks(organization, from, to)) {
            draft(drafts, row).clock = row;
        }
        for (Row row : littleDays(organization, from, to)) {
            Draft draft = draft(drafts, row);
            double gap = gap(row.getDouble("inside"), row.getDouble("waited"));
            if (draft.gapDay == null || gap > draft.gap) {
                draft.gap = gap;
                draft.gapDay = row.getLocalDate("day");
            }
        }
        return drafts.entrySet().stream().map(one -> one.getValue().report(one.getKey())).toList();
    }

    private static Draft draft(Map<Key, Draft> drafts, Row row) {
        Key key = new Key(row.getUUID("organization"), row.getString("source"));
        return drafts.computeIfAbsent(key, _ -> new Draft());
    }

    private Iterable<Row> tickets(@Nullable UUID organization, LocalDate from, LocalDate to) {
        Condition served = QUEUE_TICKET.FATE.eq(DSL.inline(Fate.SERVED.code()));
        return database.forReports()
                .run(
                        SQL.select(
                                        QUEUE_TICKET.ORGANIZATION_ID.as("organization"),
                                        QUEUE_TICKET.SOURCE.as("source"),
                                        DSL.count().as("all"),
                                        when(QUEUE_TICKET.EXCLUSION.eq(
                                                        DSL.inline(
                                                                Ticket.Exclusion.START_MISSING
                                                                        .code())))
                                                .as("start_missing"),
                                        when(QUEUE_TICKET.STATE.eq(
                                                        DSL.inline(TicketState.UNKNOWN.code())))
                                                .as("auto_closed"),
                                        when(served.and(QUEUE_TICKET.SERVICE_END.isNull()))
                                                .as("service_end_missing"))
                                .from(QUEUE_TICKET)
                                .where(of(QUEUE_TICKET.ORGANIZATION_ID, organization))
                                .and(QUEUE_TICKET.DAY.between(from, to))
                                .groupBy(QUEUE_TICKET.ORGANIZATION_ID, QUEUE_TICKET.SOURCE)
                                .limit(SOURCES_MOST));
    }

    private Iterable<Row> sent(@Nullable UUID organization, LocalDate from, LocalDate to) {
        return database.forReports()
                .run(
                        SQL.select(
                                        QUEUE_SOURCE_DAY.ORGANIZATION_ID.as("organization"),
                                        QUEUE_SOURCE_DAY.SOURCE.as("source"),
                                        sum(QUEUE_SOURCE_DAY.UPLOADS).as("uploads"),
                                        sum(QUEUE_SOURCE_DAY.EVENTS).as("events"),
                                        sum(QUEUE_SOURCE_DAY.LATE).as("late"),
                                        sum(QUEUE_SOURCE_DAY.REPEATED).as("repeated"),
                                        sum(QUEUE_SOURCE_DAY.REFUSED).as("refused"),
                                        sum(QUEUE_SOURCE_DAY.QUARANTINED).as("quarantined"))
                                .from(QUEUE_SOURCE_DAY)
                                .where(of(QUEUE_SOURCE_DAY.ORGANIZATION_ID, organization))
                                .and(QUEUE_SOURCE_DAY.DAY.between(from, to))
                                .groupBy(QUEUE_SOURCE_DAY.ORGANIZATION_ID, QUEUE_SOURCE_DAY.SOURCE)
                                .limit(SOURCES_MOST));
    }

    private Iterable<Row> clocks(@Nullable UUID organization, LocalDate from, LocalDate to) {
        Instant start = from.atStartOfDay(QueueLimits.ZONE).toInstant();
        Instant end = to.plusDays(1).atStartOfDay(QueueLimits.ZONE).toInstant();
        return database.forReports()
                .run(
                        SQL.select(
                                        QUEUE_CLOCK.ORGANIZATION_ID.as("organization"),
                                        QUEUE_CLOCK.SOURCE.as("source"),
                                        DSL.field(
                                                        "(array_agg({0} ORDER BY {1} DESC))[1]",
                                                        Long.class,
                                                        QUEUE_CLOCK.OFFSET_MS,
                                                        QUEUE_CLOCK.MEASURED_AT)
                                                .as("last"),
                                        DSL.min(QUEUE_CLOCK.OFFSET_MS).as("least"),
                                        DSL.max(QUEUE_CLOCK.OFFSET_MS).as("most"),
                                        when(QUEUE_CLOCK.JUMPED.isTrue()).as("jumps"))
                                .from(QUEUE_CLOCK)
                                .where(of(QUEUE_CLOCK.ORGANIZATION_ID, organization))
                                .and(QUEUE_CLOCK.MEASURED_AT.ge(start))
                                .and(QUEUE_CLOCK.MEASURED_AT.lt(end))
                                .groupBy(QUEUE_CLOCK.ORGANIZATION_ID, QUEUE_CLOCK.SOURCE)
                                .limit(SOURCES_MOST));
    }

    /// Both sides of Little's law for each day: the seconds stood in line within the day, which is
    /// the mean length of the line times the day; and the waits as reported, which is arrivals
    /// times mean wait. They differ where a wait reaches out of its day, or is not end less start.
    private Iterable<Row> littleDays(@Nullable UUID organization, LocalDate from, LocalDate to) {
        Field<Instant> gone =
                DSL.when(
                                QUEUE_TICKET.STATE.eq(DSL.inline(TicketState.NO_SHOW.code())),
                                QUEUE_TICKET.LAST_KNOWN)
                        .otherwise(
                                DSL.coalesce(
                                        QUEUE_TICKET.SERVICE_START,
                                        QUEUE_TICKET.LEFT_AT,
                                        QUEUE_TICKET.LAST_KNOWN));
        Field<Double> inside =
                DSL.field(
                        "sum(greatest(extract(epoch from"
                                + " least({0}, ({1} + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')"
                                + " - greatest({2}, {1}::timestamp AT TIME ZONE 'Asia/Shanghai')),"
                                + " 0))::double precision",
                        Double.class, gone, QUEUE_TICKET.DAY, QUEUE_TICKET.JOINED);
        return database.forReports()
                .run(
                        SQL.select(
                                        QUEUE_TICKET.ORGANIZATION_ID.as("organization"),
                                        QUEUE_TICKET.SOURCE.as("source"),
                                        QUEUE_TICKET.DAY.as("day"),
                                        inside.as("inside"),
                                        DSL.sum(QUEUE_TICKET.WAIT_SECONDS)
                                                .cast(Double.class)
                                                .as("waited"))
                                .from(QUEUE_TICKET)
                                .where(of(QUEUE_TICKET.ORGANIZATION_ID, organization))
                                .and(QUEUE_TICKET.DAY.between(from, to))
                                .and(QUEUE_TICKET.WAIT_SECONDS.isNotNull())
                                .groupBy(
                                        QUEUE_TICKET.ORGANIZATION_ID,
                                        QUEUE_TICKET.SOURCE,
                                        QUEUE_TICKET.DAY)
                                .limit(SOURCES_MOST * 800));
    }

    private static double gap(double inside, double waited) {
        double larger = Math.max(inside, waited);
        return larger == 0 ? 0 : Math.abs(inside - waited) / larger;
    }

    private static final int SOURCES_MOST = 10_000;

    private static Condition of(Field<UUID> column, @Nullable UUID organization) {
        return organization == null ? DSL.noCondition() : column.eq(organization);
    }

    private static Field<Integer> when(Condition condition) {
        return DSL.count().filterWhere(condition);
    }

    private static Field<Long> sum(Field<Long> column) {
        return DSL.sum(column).cast(Long.class);
    }
}
