package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_AGGREGATE_TOLD;
import static org.yifang.generated.Tables.QUEUE_EVALUATION;
import static org.yifang.generated.Tables.QUEUE_HISTORY;
import static org.yifang.generated.Tables.QUEUE_HOURS;
import static org.yifang.generated.Tables.QUEUE_PLACE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Altered;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.queue.history.DemonstrationTickets;
import org.yifang.queue.history.HistoryKind;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStore;

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

/// All SQL of evaluations beside the tickets: queues, what was expected, what files told, and
/// reports once given.
public final class EvaluationStore {
    private static final Field<Boolean> INTACT =
            DSL.function(
                            "audit_row_intact",
                            Boolean.class,
                            DSL.inline("queue_evaluation"),
                            QUEUE_EVALUATION.ID.cast(String.class))
                    .as("intact");

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(QUEUE_EVALUATION.ID, QUEUE_EVALUATION.REPORT, INTACT)
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

    /// Every registered queue and whether its opening hours are known.
    Map<QueueRow, Boolean> queues(Instant asOf) {
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

    /// Of figures that were corrected the largest: a claim must not be made easier by telling fewer
    /// later.
    List<Expected> expected(LocalDate start, LocalDate end, Instant asOf) {
        Field<Long> registrations = DSL.max(QUEUE_AGGREGATE_TOLD.REGISTRATIONS).as("registrations");
        Field<Long> prescriptions = DSL.max(QUEUE_AGGREGATE_TOLD.PRESCRIPTIONS).as("prescriptions");
        var most =
                SQL.select(
                                QUEUE_AGGREGATE_TOLD.ORGANIZATION,
                                QUEUE_AGGREGATE_TOLD.MONTH,
                                registrations,
                                prescriptions)
                        .from(QUEUE_AGGREGATE_TOLD)
                        .where(QUEUE_AGGREGATE_TOLD.MONTH.le(end))
                        .and(QUEUE_AGGREGATE_TOLD.MONTH.ge(start.withDayOfMonth(1)))
                        .and(QUEUE_AGGREGATE_TOLD.RECEIVED_AT.le(asOf))
                        .groupBy(
                                QUEUE_AGGREGATE_TOLD.ORGANIZATION,
                                QUEUE_AGGREGATE_TOLD.QUEUE,
                                QUEUE_AGGREGATE_TOLD.DEPARTMENT,
                                QUEUE_AGGREGATE_TOLD.MONTH)
                        .asTable("most");
        Field<String> organization =
                Objects.requireNonNull(most.field(QUEUE_AGGREGATE_TOLD.ORGANIZATION));
        Field<LocalDate> month = Objects.requireNonNull(most.field(QUEUE_AGGREGATE_TOLD.MONTH));
        List<Expected> expected = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        organization,
                                        inside(most.field(registrations), month, start, end)
                                                .as("registrations"),
                                        inside(most.field(prescriptions), month, start, end)
                                                .as("prescriptions"))
                                .from(most)
                                .groupBy(organization)
                                .limit(100_000))) {
            expected.add(
                    new Expected(
                            Rows.get(row, organization),
                            row.getLong("registrations"),
                            row.getLong("prescriptions")));
        }
        return expected;
    }

    /// A month as a file of the past tells it; shown beside the tickets, and never the ground of a
    /// claim.
    ///
    /// @param isCorrected whether an earlier file told other figures
    record ImportedMonth(
            String organization,
            String queue,
            String department,
            LocalDate month,
            @Nullable Long tickets,
            @Nullable Integer medianSeconds,
            @Nullable Integer p90Seconds,
            @Nullable Long registrations,
            @Nullable Long prescriptions,
            boolean isCorrected) {
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
                                        QUEUE_AGGREGATE_TOLD.ORGANIZATION,
                                        QUEUE_AGGREGATE_TOLD.QUEUE,
                                        QUEUE_AGGREGATE_TOLD.DEPARTMENT,
                                        QUEUE_AGGREGATE_TOLD.MONTH,
                                        QUEUE_AGGREGATE_TOLD.TICKETS,
                                        QUEUE_AGGREGATE_TOLD.MEDIAN_SECONDS,
                                        QUEUE_AGGREGATE_TOLD.P90_SECONDS,
                                        QUEUE_AGGREGATE_TOLD.REGISTRATIONS,
                                        QUEUE_AGGREGATE_TOLD.PRESCRIPTIONS,
                                        QUEUE_AGGREGATE_TOLD.CORRECTED)
                                .from(QUEUE_AGGREGATE_TOLD)
                                .where(
                                        QUEUE_AGGREGATE_TOLD.MONTH.ge(
                                                question.baselineStart()
                                                        .withDayOfMonth(1)
                                                        .minusYears(1)))
                                .and(QUEUE_AGGREGATE_TOLD.MONTH.le(question.periodEnd()))
                                .and(QUEUE_AGGREGATE_TOLD.RECEIVED_AT.le(question.asOf()))
                                .and(QUEUE_AGGREGATE_TOLD.SUPERSEDED_AT.gt(question.asOf()))
                                .and(asked(question))
                                .orderBy(
                                        QUEUE_AGGREGATE_TOLD.ORGANIZATION,
                                        QUEUE_AGGREGATE_TOLD.QUEUE,
                                        QUEUE_AGGREGATE_TOLD.DEPARTMENT,
                                        QUEUE_AGGREGATE_TOLD.MONTH)
                                .limit(QueueLimits.MONTHS_TOLD))) {
            months.add(
                    new ImportedMonth(
                            Rows.get(row, QUEUE_AGGREGATE_TOLD.ORGANIZATION),
                            Rows.get(row, QUEUE_AGGREGATE_TOLD.QUEUE),
                            Rows.get(row, QUEUE_AGGREGATE_TOLD.DEPARTMENT),
                            Rows.get(row, QUEUE_AGGREGATE_TOLD.MONTH),
                            Rows.find(row, QUEUE_AGGREGATE_TOLD.TICKETS),
                            Rows.find(row, QUEUE_AGGREGATE_TOLD.MEDIAN_SECONDS),
                            Rows.find(row, QUEUE_AGGREGATE_TOLD.P90_SECONDS),
                            Rows.find(row, QUEUE_AGGREGATE_TOLD.REGISTRATIONS),
                            Rows.find(row, QUEUE_AGGREGATE_TOLD.PRESCRIPTIONS),
                            Rows.get(row, QUEUE_AGGREGATE_TOLD.CORRECTED)));
        }
        return months;
    }

    /// What belongs to the question; a figure for all queues or departments belongs to each.
    private static Condition asked(EvaluationQuestion question) {
        Condition asked = DSL.noCondition();
        if (!question.organizations().isEmpty()) {
            List<String> named = new ArrayList<>(question.organizations());
            named.addAll(question.controls());
            asked = asked.and(QUEUE_AGGREGATE_TOLD.ORGANIZATION.in(named));
        }
        if (question.queue() != null) {
            asked = asked.and(QUEUE_AGGREGATE_TOLD.QUEUE.in("", question.queue()));
        }
        if (question.department() != null) {
            asked = asked.and(QUEUE_AGGREGATE_TOLD.DEPARTMENT.in("", question.department()));
        }
        return asked;
    }

    private static Field<Long> inside(
            @Nullable Field<Long> count, Field<LocalDate> month, LocalDate start, LocalDate end) {
        return DSL.field(
                "round(sum({0} * (least({1}::date, ({2} + interval '1 month')::date - 1)"
                        + " - greatest({3}::date, {2}) + 1)::numeric"
                        + " / (({2} + interval '1 month')::date - {2})))::bigint",
                Long.class, count, DSL.val(end), month, DSL.val(start));
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

    /// Digits of a hash in a sentence; the report names it whole.
    private static final int HASH_DIGITS = 12;

    /// Who imported each file of tickets, and its hash.
    Map<UUID, String> importers() {
        Map<UUID, String> importers = new HashMap<>();
        for (Row row :
                database.run(
                        SQL.select(QUEUE_HISTORY.ID, QUEUE_HISTORY.SOURCE, QUEUE_HISTORY.FILE_HASH)
                                .from(QUEUE_HISTORY)
                                .where(QUEUE_HISTORY.KIND.eq(HistoryKind.TICKETS.code()))
                                .limit(100_000))) {
            String hash =
                    HexFormat.of()
                            .formatHex(Rows.get(row, QUEUE_HISTORY.FILE_HASH))
                            .substring(0, HASH_DIGITS);
            importers.put(
                    Rows.get(row, QUEUE_HISTORY.ID),
                    Rows.get(row, QUEUE_HISTORY.SOURCE) + " sha-256 " + hash);
        }
        return importers;
    }

    /// Whether any ticket of the periods belongs to the demonstration.
    boolean isMadeUp(EvaluationQuestion question) {
        Condition within =
                QUEUE_TICKET
                        .DAY
                        .between(question.baselineStart(), question.periodEnd())
                        .and(QUEUE_TICKET.HISTORY_ID.eq(QUEUE_HISTORY.ID));
        var some =
                SQL.select(QUEUE_TICKET.ID).from(QUEUE_TICKET).where(within).limit(1).asTable("a");
        return database.run(
                                SQL.select(QUEUE_HISTORY.ID)
                                        .from(QUEUE_HISTORY)
                                        .join(DSL.lateral(some))
                                        .on(DSL.trueCondition())
                                        .where(QUEUE_HISTORY.SOURCE.eq(DemonstrationTickets.SOURCE))
                                        .limit(1))
                        .rowCount()
                > 0;
    }

    /// What organizations are called, in the order of their numbers; the number of one that the
    /// registry does not know.
    List<String> names(List<String> numbers) {
        Map<String, String> names = new HashMap<>();
        for (Row row :
                database.run(
                        SQL.select(QUEUE_PLACE.NUMBER, QUEUE_PLACE.NAME)
                                .from(QUEUE_PLACE)
                                .where(QUEUE_PLACE.NUMBER.in(numbers))
                                .limit(1000))) {
            names.put(Rows.get(row, QUEUE_PLACE.NUMBER), Rows.get(row, QUEUE_PLACE.NAME));
        }
        return numbers.stream().map(one -> names.getOrDefault(one, one)).toList();
    }

    /// A report given before, by whatever method: what was said as of a moment stays said.
    Optional<byte[]> find(String parameters, Instant asOf) {
        for (Row row : database.run(FIND, parameters, asOf)) {
            if (!Rows.get(row, INTACT)) {
                throw new Altered("The report `" + Rows.get(row, QUEUE_EVALUATION.ID) + "`");
            }
            return Optional.of(Rows.get(row, QUEUE_EVALUATION.REPORT));
        }
        return Optional.empty();
    }

    /// Keeps a report; the one of two at once that came first stays.
    void keep(UUID id, String parameters, Instant asOf, byte[] report, Instant now) {
        database.change(
                SQL.insertInto(QUEUE_EVALUATION)
                        .set(QUEUE_EVALUATION.ID, id)
                        .set(QUEUE_EVALUATION.REGION, region)
                        .set(QUEUE_EVALUATION.PARAMETERS, parameters)
                        .set(QUEUE_EVALUATION.AS_OF, asOf)
                        .set(QUEUE_EVALUATION.METHOD_VERSION, ReductionMethod.VERSION)
                        .set(QUEUE_EVALUATION.SEED, 0L)
                        .set(QUEUE_EVALUATION.REPORT, report)
                        .set(QUEUE_EVALUATION.CREATED_AT, now)
                        .onConflictDoNothing());
    }
}
