package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.QueueTicket;
import org.yifang.platform.data.ColumnPlace;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;
import org.yifang.queue.evaluate.ChangedStore.Changed;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.Ticket;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// All SQL of the tickets of a day as they were known at a moment, many at once: for a question
/// outside of plans.
final class DayStore {
    static final Field<String> VISIT_KEY = visitKey(QUEUE_TICKET);

    /// A visit by its organization, unless it names one itself.
    private static Field<String> visitKey(QueueTicket ticket) {
        return DSL.field(
                "CASE WHEN {0} LIKE '%/%' THEN {0} ELSE {1} || '/' || {0} END",
                String.class, ticket.VISIT, ticket.ORGANIZATION);
    }

    private static final Field<Integer> HOUR =
            DSL.field(
                    "extract(hour from {0} at time zone 'Asia/Shanghai')::integer",
                    Integer.class, QUEUE_TICKET.JOINED);

    private static final Field<Boolean> HISTORICAL = QUEUE_TICKET.HISTORY_ID.isNotNull();

    // How what is reckoned is called in the rows.
    private static final Field<Integer> AT_HOUR = DSL.field("hour", Integer.class);
    private static final Field<Integer[]> WAITS =
            DSL.arrayAgg(QUEUE_TICKET.WAIT_SECONDS).as("waits");
    private static final Field<Boolean> OLD = DSL.field("historical", Boolean.class);
    private static final Field<Double> OUTSIDE = DSL.field("outside", Double.class);

    /// The waits of tickets that have all else in common travel as one array: a year of a county is
    /// five million tickets and a thousand times fewer rows.
    private static final Statement OF_DAY =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.DEPARTMENT,
                                    HOUR.as(AT_HOUR),
                                    WAITS,
                                    QUEUE_TICKET.FATE,
                                    QUEUE_TICKET.EXCLUSION,
                                    DSL.field(HISTORICAL).as(OLD),
                                    outside(p).as(OUTSIDE))
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.UPDATED_AT.le(p.like(QUEUE_TICKET.UPDATED_AT)))
                            .groupBy(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.DEPARTMENT,
                                    HOUR,
                                    QUEUE_TICKET.FATE,
                                    QUEUE_TICKET.EXCLUSION,
                                    DSL.field(HISTORICAL)));

    /// Seconds of waits that lie outside their day. Hardly any do: what ends within eight hours of
    /// a beginning far from midnight is not looked at twice.
    private static Field<Double> outside(Statement.Parameters p) {
        return DSL.field(
                "coalesce(sum({0} - greatest(extract(epoch from least({1} + {0} * interval '1"
                        + " second', {2}) - greatest({1}, {3})), 0)) FILTER (WHERE {1} < {4} OR {1}"
                        + " > {5} OR {0} > 28800), 0)::double precision",
                Double.class,
                QUEUE_TICKET.WAIT_SECONDS,
                QUEUE_TICKET.JOINED,
                p.like(QUEUE_TICKET.JOINED),
                p.like(QUEUE_TICKET.JOINED),
                p.like(QUEUE_TICKET.JOINED),
                p.like(QUEUE_TICKET.JOINED));
    }

    private static final Duration LONG = Duration.ofHours(8);

    /// Visits of which nothing changed since; the others are folded anew.
    private static final Statement VISITS_OF_DAY =
            Statement.of(p ->
                    SQL.select(
                                    DSL.min(QUEUE_TICKET.DEPARTMENT).as("department"),
                                    DSL.min(HOUR).as("hour"),
                                    DSL.sum(QUEUE_TICKET.WAIT_SECONDS)
                                            .cast(Integer.class)
                                            .as("waited"),
                                    DSL.boolOr(QUEUE_TICKET.FATE.eq(DSL.inline(Fate.LEFT.code())))
                                            .as("left"),
                                    DSL.boolAnd(
                                                    QUEUE_TICKET.FATE.eq(
                                                            DSL.inline(Fate.SERVED.code())))
                                            .as("served"),
                                    DSL.boolOr(HISTORICAL).as("historical"))
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.VISIT.isNotNull())
                            .groupBy(VISIT_KEY)
                            .having(
                                    DSL.max(QUEUE_TICKET.UPDATED_AT)
                                            .le(p.like(QUEUE_TICKET.UPDATED_AT))));

    /// What was known already of the visits of which something changed since.
    private static final Statement REST_OF_VISITS =
            Statement.of(p -> {
                var day = p.like(QUEUE_TICKET.DAY);
                var asOf = p.like(QUEUE_TICKET.UPDATED_AT);
                var later = QUEUE_TICKET.as("later");
                return SQL.select(
                                VISIT_KEY.as("visit_key"),
                                QUEUE_TICKET.DEPARTMENT,
                                HOUR.as("hour"),
                                QUEUE_TICKET.WAIT_SECONDS,
                                QUEUE_TICKET.FATE,
                                DSL.field(HISTORICAL).as("historical"))
                        .from(QUEUE_TICKET)
                        .where(QUEUE_TICKET.DAY.eq(day))
                        .and(QUEUE_TICKET.UPDATED_AT.le(asOf))
                        .and(QUEUE_TICKET.FATE.isNotNull())
                        .and(
                                VISIT_KEY.in(
                                        SQL.select(visitKey(later))
                                                .from(later)
                                                .where(later.DAY.eq(day))
                                                .and(later.UPDATED_AT.gt(asOf))
                                                .and(later.VISIT.isNotNull())));
            });

    private final Database database;

    DayStore(Database database) {
        this.database = database;
    }

    /// One ticket as an evaluation needs it.
    ///
    /// @param hour of joining in Asia/Shanghai, null when the beginning is not known
    record Taken(
            UUID queue,
            @Nullable String department,
            @Nullable Integer hour,
            @Nullable Integer seconds,
            @Nullable Fate fate,
            Ticket.@Nullable Exclusion exclusion,
            boolean historical) {}

    /// A day on its way: the database reads the next one while this one is counted.
    record Coming(
            LocalDate day,
            Future<RowSet<Row>> told,
            Future<RowSet<Row>> changed,
            @Nullable Future<RowSet<Row>> visits,
            @Nullable Future<RowSet<Row>> rest) {}

    /// Starts to read a day as it was known at `asOf`.
    Coming start(LocalDate day, Instant asOf, boolean withVisits) {
        Database at = database.forReports();
        return new Coming(
                day,
                at.start(OF_DAY, end(day), start(day), start(day), end(day).minus(LONG), day, asOf),
                ChangedStore.start(at, day, asOf),
                withVisits ? at.start(VISITS_OF_DAY, day, asOf) : null,
                withVisits ? at.start(REST_OF_VISITS, day, asOf) : null);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(QueueLimits.ZONE).toInstant();
    }

    private static Instant end(LocalDate day) {
        return start(day.plusDays(1));
    }

    /// What was stood in a queue for, as far as Little's law needs it.
    record Stood(UUID queue, @Nullable String department, double waited, double outside) {}

    /// The tickets of a day, and what was stood on it.
    ///
    /// @param folded by their visit, those that were folded anew
    record OfDay(List<Taken> tickets, List<Stood> stood, Map<String, List<Taken>> folded) {}

    /// Everything of a day. Waits.
    OfDay tickets(Coming coming, Instant asOf) {
        RowSet<Row> told = coming.told().await();
        List<Taken> taken = new ArrayList<>();
        List<Stood> stood = new ArrayList<>();
        var queues = ColumnPlace.of(told, QUEUE_TICKET.QUEUE_ID);
        var departments = ColumnPlace.of(told, QUEUE_TICKET.DEPARTMENT);
        var hours = ColumnPlace.of(told, AT_HOUR);
        var waits = ColumnPlace.of(told, WAITS);
        var fates = ColumnPlace.of(told, QUEUE_TICKET.FATE);
        var exclusions = ColumnPlace.of(told, QUEUE_TICKET.EXCLUSION);
        var historicals = ColumnPlace.of(told, OLD);
        var outsides = ColumnPlace.of(told, OUTSIDE);
        for (Row row : told) {
            String fate = fates.find(row);
            String exclusion = exclusions.find(row);
            UUID queue = queues.get(row);
            String department = departments.find(row);
            Integer hour = hours.find(row);
            Fate ended = fate == null ? null : Fate.of(fate);
            Ticket.Exclusion excluded = exclusion == null ? null : Ticket.Exclusion.of(exclusion);
            boolean historical = historicals.get(row);
            double sum = 0;
            for (@Nullable Integer waited : waits.get(row)) {
                taken.add(new Taken(queue, department, hour, waited, ended, excluded, historical));
                sum += waited == null ? 0 : waited;
            }
            stood.add(new Stood(queue, department, sum, outsides.get(row)));
        }
        Map<String, List<Taken>> folded = new TreeMap<>();
        for (Changed one : ChangedStore.read(coming.changed(), coming.day(), asOf)) {
            Taken known = taken(one);
            taken.add(known);
            stood.add(stood(known, one.ticket(), coming.day()));
            if (one.visitKey() != null) {
                folded.computeIfAbsent(one.visitKey(), _ -> new ArrayList<>()).add(known);
            }
        }
        return new OfDay(taken, stood, folded);
    }

    private static Stood stood(Taken key, Ticket ticket, LocalDate day) {
        Instant joined = ticket.joined();
        long waited = ticket.waiting().map(Ticket.Wait::seconds).orElse(0L);
        if (joined == null) {
            return new Stood(key.queue(), key.department(), 0, 0);
        }
        Instant from = joined.isBefore(start(day)) ? start(day) : joined;
        Instant gone = joined.plusSeconds(waited);
        Instant to = gone.isAfter(end(day)) ? end(day) : gone;
        long inside = Math.max(Duration.between(from, to).toSeconds(), 0);
        return new Stood(key.queue(), key.department(), waited, waited - inside);
    }

    private static Taken taken(Changed one) {
        Instant joined = one.ticket().joined();
        return new Taken(
                one.queue(),
                one.department(),
                joined == null ? null : joined.atZone(QueueLimits.ZONE).getHour(),
                one.seconds(),
                one.fate(),
                one.ticket().exclusion().orElse(null),
                false);
    }

    /// A visit with its waits at all stages added up, the outside pharmacy's included.
    record Visit(
            @Nullable String department,
            @Nullable Integer hour,
            int seconds,
            Fate fate,
            boolean historical) {}

    /// The visits of a day as their tickets were known then. Waits.
    List<Visit> visits(Coming coming, OfDay day) {
        List<Visit> visits = new ArrayList<>();
        if (coming.visits() == null || coming.rest() == null) {
            return visits;
        }
        for (Row row : coming.visits().await()) {
            if (row.getInteger("waited") != null) {
                visits.add(
                        new Visit(
                                row.getString("department"),
                                row.getInteger("hour"),
                                row.getInteger("waited"),
                                fate(row.getBoolean("left"), row.getBoolean("served")),
                                row.getBoolean("historical")));
            }
        }
        Map<String, List<Taken>> folded = new TreeMap<>();
        day.folded().forEach((key, tickets) -> folded.put(key, new ArrayList<>(tickets)));
        for (Row row : coming.rest().await()) {
            folded.computeIfAbsent(row.getString("visit_key"), _ -> new ArrayList<>())
                    .add(
                            new Taken(
                                    UUID.randomUUID(),
                                    row.getString("department"),
                                    row.getInteger("hour"),
                                    row.getInteger("wait_seconds"),
                                    Fate.of(row.getString("fate")),
                                    null,
                                    row.getBoolean("historical")));
        }
        folded.values().forEach(tickets -> visit(tickets).ifPresent(visits::add));
        return visits;
    }

    private static Fate fate(boolean left, boolean served) {
        if (left) {
            return Fate.LEFT;
        }
        return served ? Fate.SERVED : Fate.UNKNOWN;
    }

    private static Optional<Visit> visit(List<Taken> tickets) {
        List<Taken> told = tickets.stream().filter(one -> one.fate() != null).toList();
        if (told.isEmpty()) {
            return Optional.empty();
        }
        int waited = 0;
        for (Taken one : told) {
            waited += one.seconds() == null ? 0 : one.seconds();
        }
        return Optional.of(
                new Visit(
                        told.stream()
                                .map(Taken::department)
                                .filter(Objects::nonNull)
                                .min(String::compareTo)
                                .orElse(null),
                        told.stream()
                                .map(Taken::hour)
                                .filter(Objects::nonNull)
                                .min(Integer::compareTo)
                                .orElse(null),
                        waited,
                        fate(
                                told.stream().anyMatch(one -> one.fate() == Fate.LEFT),
                                told.stream().allMatch(one -> one.fate() == Fate.SERVED)),
                        told.stream().anyMatch(Taken::historical)));
    }
}
