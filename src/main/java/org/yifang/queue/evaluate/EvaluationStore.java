package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_AGGREGATE;
import static org.yifang.generated.Tables.QUEUE_EVALUATION;
import static org.yifang.generated.Tables.QUEUE_EVENT;
import static org.yifang.generated.Tables.QUEUE_HISTORY;
import static org.yifang.generated.Tables.QUEUE_HOURS;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueEvent;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketStore;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// All SQL of evaluations: tickets day by day as they were known at a moment, what was expected,
/// and reports once given.
public final class EvaluationStore {
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

    private static final Field<String> VISIT_KEY =
            DSL.field(
                    "CASE WHEN {0} LIKE '%/%' THEN {0} ELSE {1} || '/' || {0} END",
                    String.class, QUEUE_TICKET.VISIT, QUEUE_TICKET.ORGANIZATION);

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
                            .and(QUEUE_TICKET.UPDATED_AT.le(p.like(QUEUE_TICKET.UPDATED_AT)))
                            .and(QUEUE_TICKET.VISIT.isNotNull())
                            .and(QUEUE_TICKET.FATE.isNotNull())
                            .groupBy(VISIT_KEY));

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(QUEUE_EVALUATION.REPORT)
                            .from(QUEUE_EVALUATION)
                            .where(
                                    QUEUE_EVALUATION.PARAMETERS.eq(
                                            p.like(QUEUE_EVALUATION.PARAMETERS)))
                            .and(QUEUE_EVALUATION.AS_OF.eq(p.like(QUEUE_EVALUATION.AS_OF)))
                            .orderBy(QUEUE_EVALUATION.CREATED_AT)
                            .limit(DSL.inline(1)));

    private final Database database;
    private final String region;

    public EvaluationStore(Database database, String region) {
        this.database = database;
        this.region = region;
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
            @Nullable Future<RowSet<Row>> visits) {}

    /// Starts to read a day as it was known at `asOf`.
    Coming start(LocalDate day, Instant asOf, boolean withVisits) {
        return new Coming(
                day,
                database.start(
                        OF_DAY, end(day), start(day), start(day), end(day).minus(LONG), day, asOf),
                database.start(CHANGED_SINCE, day, asOf, asOf),
                withVisits ? database.start(VISITS_OF_DAY, day, asOf) : null);
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
    record OfDay(List<Taken> tickets, List<Stood> stood) {}

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
        changedSince(coming, asOf, taken, stood);
        return new OfDay(taken, stood);
    }

    /// Tickets that changed after `asOf`, folded anew from what had been received by then.
    private static void changedSince(
            Coming coming, Instant asOf, List<Taken> taken, List<Stood> stood) {
        Map<String, List<QueueEvent>> events = new HashMap<>();
        Map<String, Taken> keys = new HashMap<>();
        for (Row row : coming.changed().await()) {
            UUID queue = Rows.get(row, QUEUE_TICKET.QUEUE_ID);
            String key = queue + "/" + Rows.get(row, QUEUE_TICKET.TICKET);
            String department = Rows.find(row, QUEUE_TICKET.DEPARTMENT);
            keys.put(key, new Taken(queue, department, null, null, null, null, false));
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
        events.forEach((key, told) -> {
            Ticket ticket = TicketRules.fold(told);
            Taken named = Objects.requireNonNull(keys.get(key));
            Ticket known = over ? ticket.swept() : ticket;
            taken.add(taken(named, known));
            stood.add(stood(named, known, coming.day()));
        });
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

    private static Taken taken(Taken key, Ticket ticket) {
        Instant joined = ticket.joined();
        Optional<Ticket.Wait> wait = ticket.waiting();
        return new Taken(
                key.queue(),
                key.department(),
                joined == null ? null : joined.atZone(QueueLimits.ZONE).getHour(),
                wait.map(one -> (int) Math.min(one.seconds(), Integer.MAX_VALUE)).orElse(null),
                wait.map(one -> TicketStore.fate(ticket, one)).orElse(null),
                ticket.exclusion().orElse(null),
                false);
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
    static List<Visit> visits(Coming coming) {
        List<Visit> visits = new ArrayList<>();
        if (coming.visits() == null) {
            return visits;
        }
        for (Row row : coming.visits().await()) {
            Fate fate =
                    row.getBoolean("left")
                            ? Fate.LEFT
                            : row.getBoolean("served") ? Fate.SERVED : Fate.UNKNOWN;
            visits.add(
                    new Visit(
                            row.getString("department"),
                            row.getInteger("hour"),
                            row.getInteger("waited"),
                            fate,
                            row.getBoolean("historical")));
        }
        return visits;
    }

    /// Every registered queue and whether its opening hours are known.
    public Map<QueueRow, Boolean> queues(Instant asOf) {
        Map<QueueRow, Boolean> queues = new HashMap<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        QUEUE.ID,
                                        QUEUE.ORGANIZATION_ID,
                                        QUEUE.ORGANIZATION,
                                        QUEUE.CODE,
                                        QUEUE.STAGE,
                                        QUEUE.DEPARTMENT,
                                        DSL.field(QUEUE_HOURS.HOURS.isNotNull()).as("known"))
                                .from(QUEUE)
                                .leftJoin(QUEUE_HOURS)
                                .on(QUEUE_HOURS.ORGANIZATION_ID.eq(QUEUE.ORGANIZATION_ID))
                                .where(QUEUE.CREATED_AT.le(asOf))
                                .limit(100_000))) {
            queues.put(QueueStore.queue(row), row.getBoolean("known"));
        }
        return queues;
    }

    /// What was expected of an organization in a period: of a month that reaches out of it, the
    /// share of its days inside.
    record Expected(
            String organization, @Nullable Long registrations, @Nullable Long prescriptions) {}

    List<Expected> expected(LocalDate start, LocalDate end, Instant asOf) {
        List<Expected> expected = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        QUEUE_AGGREGATE.ORGANIZATION,
                                        inside(QUEUE_AGGREGATE.REGISTRATIONS, start, end)
                                                .as("registrations"),
                                        inside(QUEUE_AGGREGATE.PRESCRIPTIONS, start, end)
                                                .as("prescriptions"))
                                .from(QUEUE_AGGREGATE)
                                .where(QUEUE_AGGREGATE.MONTH.le(end))
                                .and(QUEUE_AGGREGATE.MONTH.ge(start.withDayOfMonth(1)))
                                .and(QUEUE_AGGREGATE.RECEIVED_AT.le(asOf))
                                .groupBy(QUEUE_AGGREGATE.ORGANIZATION)
                                .limit(100_000))) {
            expected.add(
                    new Expected(
                            row.getString(0),
                            row.getLong("registrations"),
                            row.getLong("prescriptions")));
        }
        return expected;
    }

    /// A month as a file of the past tells it; shown beside the tickets, and never the ground of a
    /// claim.
    record ImportedMonth(
            String organization,
            String queue,
            String department,
            LocalDate month,
            @Nullable Long tickets,
            @Nullable Integer medianSeconds,
            @Nullable Integer p90Seconds,
            @Nullable Long registrations,
            @Nullable Long prescriptions) {
        /// Whether it tells of waits, not only of how many there were.
        boolean tellsOfWaits() {
            return medianSeconds != null || p90Seconds != null;
        }
    }

    /// The imported months from a year before the baseline to the end of the period.
    List<ImportedMonth> months(EvaluationQuestion question) {
        List<ImportedMonth> months = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        QUEUE_AGGREGATE.ORGANIZATION,
                                        QUEUE_AGGREGATE.QUEUE,
                                        QUEUE_AGGREGATE.DEPARTMENT,
                                        QUEUE_AGGREGATE.MONTH,
                                        QUEUE_AGGREGATE.TICKETS,
                                        QUEUE_AGGREGATE.MEDIAN_SECONDS,
                                        QUEUE_AGGREGATE.P90_SECONDS,
                                        QUEUE_AGGREGATE.REGISTRATIONS,
                                        QUEUE_AGGREGATE.PRESCRIPTIONS)
                                .from(QUEUE_AGGREGATE)
                                .where(
                                        QUEUE_AGGREGATE.MONTH.ge(
                                                question.baselineStart()
                                                        .withDayOfMonth(1)
                                                        .minusYears(1)))
                                .and(QUEUE_AGGREGATE.MONTH.le(question.periodEnd()))
                                .and(QUEUE_AGGREGATE.RECEIVED_AT.le(question.asOf()))
                                .and(asked(question))
                                .orderBy(
                                        QUEUE_AGGREGATE.ORGANIZATION,
                                        QUEUE_AGGREGATE.QUEUE,
                                        QUEUE_AGGREGATE.DEPARTMENT,
                                        QUEUE_AGGREGATE.MONTH)
                                .limit(QueueLimits.MONTHS_TOLD))) {
            months.add(
                    new ImportedMonth(
                            Rows.get(row, QUEUE_AGGREGATE.ORGANIZATION),
                            Rows.get(row, QUEUE_AGGREGATE.QUEUE),
                            Rows.get(row, QUEUE_AGGREGATE.DEPARTMENT),
                            Rows.get(row, QUEUE_AGGREGATE.MONTH),
                            Rows.find(row, QUEUE_AGGREGATE.TICKETS),
                            Rows.find(row, QUEUE_AGGREGATE.MEDIAN_SECONDS),
                            Rows.find(row, QUEUE_AGGREGATE.P90_SECONDS),
                            Rows.find(row, QUEUE_AGGREGATE.REGISTRATIONS),
                            Rows.find(row, QUEUE_AGGREGATE.PRESCRIPTIONS)));
        }
        return months;
    }

    /// What belongs to the question; a figure for all queues or departments belongs to each.
    private static Condition asked(EvaluationQuestion question) {
        Condition asked = DSL.noCondition();
        if (!question.organizations().isEmpty()) {
            List<String> named = new ArrayList<>(question.organizations());
            named.addAll(question.controls());
            asked = asked.and(QUEUE_AGGREGATE.ORGANIZATION.in(named));
        }
        if (question.queue() != null) {
            asked = asked.and(QUEUE_AGGREGATE.QUEUE.in("", question.queue()));
        }
        if (question.department() != null) {
            asked = asked.and(QUEUE_AGGREGATE.DEPARTMENT.in("", question.department()));
        }
        return asked;
    }

    private static Field<Long> inside(Field<Long> count, LocalDate start, LocalDate end) {
        return DSL.field(
                "round(sum({0} * (least({1}::date, ({2} + interval '1 month')::date - 1)"
                        + " - greatest({3}::date, {2}) + 1)::numeric"
                        + " / (({2} + interval '1 month')::date - {2})))::bigint",
                Long.class, count, DSL.val(end), QUEUE_AGGREGATE.MONTH, DSL.val(start));
    }

    /// Hashes of the files of the past that were known at `asOf`, for the report to name them.
    List<String> files(Instant asOf) {
        List<String> hashes = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(QUEUE_HISTORY.FILE_HASH)
                                .from(QUEUE_HISTORY)
                                .where(QUEUE_HISTORY.RECEIVED_AT.le(asOf))
                                .orderBy(QUEUE_HISTORY.RECEIVED_AT)
                                .limit(1000))) {
            hashes.add(HexFormat.of().formatHex(Rows.get(row, QUEUE_HISTORY.FILE_HASH)));
        }
        return hashes;
    }

    /// A report given before, by whatever method: what was said as of a moment stays said.
    Optional<byte[]> find(String parameters, Instant asOf) {
        for (Row row : database.run(FIND, parameters, asOf)) {
            return Optional.of(Rows.get(row, QUEUE_EVALUATION.REPORT));
        }
        return Optional.empty();
    }

    /// Keeps a report; the one of two at once that came first stays.
    void keep(UUID id, String parameters, Instant asOf, long seed, byte[] report, Instant now) {
        database.run(
                SQL.insertInto(
                                QUEUE_EVALUATION,
                                QUEUE_EVALUATION.ID,
                                QUEUE_EVALUATION.REGION,
                                QUEUE_EVALUATION.PARAMETERS,
                                QUEUE_EVALUATION.AS_OF,
                                QUEUE_EVALUATION.METHOD_VERSION,
                                QUEUE_EVALUATION.SEED,
                                QUEUE_EVALUATION.REPORT,
                                QUEUE_EVALUATION.CREATED_AT)
                        .values(
                                id,
                                region,
                                parameters,
                                asOf,
                                ReductionMethod.VERSION,
                                seed,
                                report,
                                now)
                        .onConflictDoNothing());
    }
}
