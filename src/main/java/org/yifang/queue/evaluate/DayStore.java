package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE_EVENT;
import static org.yifang.generated.Tables.QUEUE_EXPECTED;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.QueueTicket;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueEvent;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketStore;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// All SQL of the tickets of a day as they were known at a moment: for a question outside of plans
/// many at once, for a plan one by one.
final class DayStore {
    private static final Field<String> VISIT_KEY = visitKey(QUEUE_TICKET);

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

    /// The waits of tickets that have all else in common travel as one array: a year of a county is
    /// five million tickets and a thousand times fewer rows.
    private static final Statement OF_DAY =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.DEPARTMENT,
                                    HOUR.as("hour"),
                                    DSL.arrayAgg(QUEUE_TICKET.WAIT_SECONDS).as("waits"),
                                    QUEUE_TICKET.FATE,
                                    QUEUE_TICKET.EXCLUSION,
                                    DSL.field(HISTORICAL).as("historical"),
                                    outside(p).as("outside"))
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

    private static final Statement CHANGED_SINCE =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.DEPARTMENT,
                                    QUEUE_TICKET.TICKET,
                                    QUEUE_TICKET.VISIT,
                                    VISIT_KEY.as("visit_key"),
                                    QUEUE_EVENT.SEQ,
                                    QUEUE_EVENT.CODE,
                                    QUEUE_EVENT.AT_SOURCE,
                                    QUEUE_EVENT.AT,
                                    QUEUE_EVENT.AT_SERVER,
                                    QUEUE_EVENT.SOURCE)
                            .from(QUEUE_TICKET)
                            .join(QUEUE_EVENT)
                            .on(
                                    QUEUE_EVENT.ORGANIZATION_ID.eq(QUEUE_TICKET.ORGANIZATION_ID),
                                    QUEUE_EVENT.QUEUE_ID.eq(QUEUE_TICKET.QUEUE_ID),
                                    QUEUE_EVENT.DAY.eq(QUEUE_TICKET.DAY),
                                    QUEUE_EVENT.TICKET.eq(QUEUE_TICKET.TICKET))
                            .where(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.UPDATED_AT.gt(p.like(QUEUE_TICKET.UPDATED_AT)))
                            .and(QUEUE_EVENT.AT_SERVER.le(p.like(QUEUE_EVENT.AT_SERVER)))
                            .orderBy(QUEUE_TICKET.QUEUE_ID, QUEUE_TICKET.TICKET));

    /// Visits of which nothing changed since; the others are folded anew.
    private static final Statement VISITS_OF_DAY =
            Statement.of(p ->
                    SQL.select(
                                    DSL.min(QUEUE_TICKET.DEPARTMENT).as("department"),
                                    DSL.min(HOUR).as("hour"),
                                    DSL.sum(QUEUE_TICKET.WAIT_SECONDS)
                                            .cast(Integer.class)
                                            .as("waited"),
                                    DSL.boolOr(QUEUE_TICKET.FATE.eq(DSL.inline("left"))).as("left"),
                                    DSL.boolAnd(QUEUE_TICKET.FATE.eq(DSL.inline("served")))
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

    /// The tickets of a day one by one, for a plan: each is linked, or struck.
    private static final Statement SINGLE =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.TICKET,
                                    QUEUE_TICKET.VISIT,
                                    QUEUE_TICKET.SOURCE,
                                    QUEUE_TICKET.DEPARTMENT,
                                    QUEUE_TICKET.JOINED,
                                    QUEUE_TICKET.SERVICE_START,
                                    QUEUE_TICKET.SERVICE_END,
                                    QUEUE_TICKET.LEFT_AT,
                                    QUEUE_TICKET.WAIT_SECONDS,
                                    QUEUE_TICKET.FATE,
                                    QUEUE_TICKET.EXCLUSION,
                                    QUEUE_TICKET.HISTORY_ID)
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.UPDATED_AT.le(p.like(QUEUE_TICKET.UPDATED_AT)))
                            .orderBy(QUEUE_TICKET.QUEUE_ID, QUEUE_TICKET.TICKET));

    private static final Statement UNITS =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_EXPECTED.ORGANIZATION,
                                    QUEUE_EXPECTED.STAGE,
                                    QUEUE_EXPECTED.UNIT,
                                    QUEUE_EXPECTED.SENDER)
                            .from(QUEUE_EXPECTED)
                            .where(QUEUE_EXPECTED.DAY.eq(p.like(QUEUE_EXPECTED.DAY)))
                            .and(QUEUE_EXPECTED.SOURCE.eq(p.like(QUEUE_EXPECTED.SOURCE)))
                            .and(QUEUE_EXPECTED.RECEIVED_AT.le(p.like(QUEUE_EXPECTED.RECEIVED_AT)))
                            .orderBy(QUEUE_EXPECTED.UNIT));

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
        return new Coming(
                day,
                database.start(
                        OF_DAY, end(day), start(day), start(day), end(day).minus(LONG), day, asOf),
                database.start(CHANGED_SINCE, day, asOf, asOf),
                withVisits ? database.start(VISITS_OF_DAY, day, asOf) : null,
                withVisits ? database.start(REST_OF_VISITS, day, asOf) : null);
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
        for (Row row : told) {
            String fate = row.getString(4);
            String exclusion = row.getString(5);
            UUID queue = row.getUUID(0);
            String department = row.getString(1);
            Integer hour = row.getInteger(2);
            Fate ended = fate == null ? null : Fate.of(fate);
            Ticket.Exclusion excluded = exclusion == null ? null : exclusion(exclusion);
            boolean historical = row.getBoolean(6);
            double sum = 0;
            for (@Nullable Integer waited : row.getArrayOfIntegers(3)) {
                taken.add(new Taken(queue, department, hour, waited, ended, excluded, historical));
                sum += waited == null ? 0 : waited;
            }
            stood.add(new Stood(queue, department, sum, row.getDouble(7)));
        }
        Map<String, List<Taken>> folded = new TreeMap<>();
        for (Folded one : changedSince(coming, asOf)) {
            Taken known = taken(one);
            taken.add(known);
            stood.add(stood(known, one.ticket, coming.day()));
            if (one.visitKey != null) {
                folded.computeIfAbsent(one.visitKey, _ -> new ArrayList<>()).add(known);
            }
        }
        return new OfDay(taken, stood, folded);
    }

    /// A ticket that changed after `asOf`, as it was known then.
    private record Folded(
            UUID queue,
            String number,
            @Nullable String visit,
            @Nullable String visitKey,
            @Nullable String department,
            String source,
            Ticket ticket) {}

    /// Tickets that changed after `asOf`, folded anew from what had been received by then.
    private static List<Folded> changedSince(Coming coming, Instant asOf) {
        Map<String, List<QueueEvent>> events = new HashMap<>();
        Map<String, Row> keys = new HashMap<>();
        for (Row row : coming.changed().await()) {
            UUID queue = Rows.get(row, QUEUE_TICKET.QUEUE_ID);
            String key = queue + "/" + Rows.get(row, QUEUE_TICKET.TICKET);
            keys.put(key, row);
            events.computeIfAbsent(key, _ -> new ArrayList<>())
                    .add(
                            new QueueEvent(
                                    Rows.get(row, QUEUE_EVENT.SEQ),
                                    QueueCode.of(Rows.get(row, QUEUE_EVENT.CODE)).orElseThrow(),
                                    Rows.get(row, QUEUE_EVENT.AT_SOURCE),
                                    Rows.get(row, QUEUE_EVENT.AT),
                                    Rows.get(row, QUEUE_EVENT.AT_SERVER),
                                    Rows.get(row, QUEUE_EVENT.SOURCE)));
        }
        boolean over = coming.day().isBefore(LocalDate.ofInstant(asOf, QueueLimits.ZONE));
        List<Folded> folded = new ArrayList<>();
        events.forEach((key, told) -> {
            Ticket ticket = TicketRules.fold(told);
            Row row = Objects.requireNonNull(keys.get(key));
            folded.add(
                    new Folded(
                            Rows.get(row, QUEUE_TICKET.QUEUE_ID),
                            Rows.get(row, QUEUE_TICKET.TICKET),
                            Rows.find(row, QUEUE_TICKET.VISIT),
                            row.getString("visit_key"),
                            Rows.find(row, QUEUE_TICKET.DEPARTMENT),
                            told.getFirst().source(),
                            over ? ticket.swept() : ticket));
        });
        return folded;
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

    private static Taken taken(Folded key) {
        Instant joined = key.ticket.joined();
        Optional<Ticket.Wait> wait = key.ticket.waiting();
        return new Taken(
                key.queue,
                key.department,
                joined == null ? null : joined.atZone(QueueLimits.ZONE).getHour(),
                wait.map(DayStore::seconds).orElse(null),
                wait.map(one -> TicketStore.fate(key.ticket, one)).orElse(null),
                key.ticket.exclusion().orElse(null),
                false);
    }

    private static int seconds(Ticket.Wait wait) {
        return (int) Math.min(wait.seconds(), Integer.MAX_VALUE);
    }

    private static Ticket.Exclusion exclusion(String code) {
        return code.equals("voided") ? Ticket.Exclusion.VOIDED : Ticket.Exclusion.START_MISSING;
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

    /// A ticket of a plan.
    ///
    /// @param end when its wait ended, in service or not
    /// @param serviceEnd when service was over, null when not told
    /// @param history the file of the past that it came from
    record Single(
            UUID queue,
            String number,
            @Nullable String visit,
            String source,
            @Nullable String department,
            @Nullable Instant joined,
            @Nullable Instant serviceEnd,
            @Nullable Integer seconds,
            @Nullable Fate fate,
            Ticket.@Nullable Exclusion exclusion,
            @Nullable UUID history) {
        @Nullable Instant end() {
            return joined == null || seconds == null ? null : joined.plusSeconds(seconds);
        }
    }

    /// A unit that was expected at a stage of an organization.
    record Unit(String organization, String stage, String unit, String sender) {}

    /// A day of a plan.
    record PlanDay(List<Single> tickets, List<Unit> units) {}

    /// The day of a plan as it was known at `asOf`. Waits.
    ///
    /// @param source of the expected units, null for none
    PlanDay planDay(LocalDate day, @Nullable String source, Instant asOf) {
        Future<RowSet<Row>> told = database.start(SINGLE, day, asOf);
        Future<RowSet<Row>> changed = database.start(CHANGED_SINCE, day, asOf, asOf);
        Future<RowSet<Row>> units =
                source == null ? null : database.start(UNITS, day, source, asOf);
        List<Single> tickets = new ArrayList<>();
        for (Row row : told.await()) {
            String fate = Rows.find(row, QUEUE_TICKET.FATE);
            String exclusion = Rows.find(row, QUEUE_TICKET.EXCLUSION);
            tickets.add(
                    new Single(
                            Rows.get(row, QUEUE_TICKET.QUEUE_ID),
                            Rows.get(row, QUEUE_TICKET.TICKET),
                            Rows.find(row, QUEUE_TICKET.VISIT),
                            Rows.get(row, QUEUE_TICKET.SOURCE),
                            Rows.find(row, QUEUE_TICKET.DEPARTMENT),
                            Rows.find(row, QUEUE_TICKET.JOINED),
                            Rows.find(row, QUEUE_TICKET.SERVICE_END),
                            Rows.find(row, QUEUE_TICKET.WAIT_SECONDS),
                            fate == null ? null : Fate.of(fate),
                            exclusion == null ? null : exclusion(exclusion),
                            Rows.find(row, QUEUE_TICKET.HISTORY_ID)));
        }
        for (Folded one : changedSince(new Coming(day, told, changed, null, null), asOf)) {
            Taken known = taken(one);
            tickets.add(
                    new Single(
                            one.queue,
                            one.number,
                            one.visit,
                            one.source,
                            one.department,
                            one.ticket.joined(),
                            one.ticket.serviceEnd(),
                            known.seconds(),
                            known.fate(),
                            known.exclusion(),
                            null));
        }
        List<Unit> expected = new ArrayList<>();
        if (units != null) {
            for (Row row : units.await()) {
                expected.add(
                        new Unit(
                                Rows.get(row, QUEUE_EXPECTED.ORGANIZATION),
                                Rows.get(row, QUEUE_EXPECTED.STAGE),
                                Rows.get(row, QUEUE_EXPECTED.UNIT),
                                Rows.get(row, QUEUE_EXPECTED.SENDER)));
            }
        }
        return new PlanDay(tickets, expected);
    }
}
