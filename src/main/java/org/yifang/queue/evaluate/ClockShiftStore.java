package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_CLOCK;
import static org.yifang.generated.Tables.QUEUE_SOURCE_DAY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.ticket.QueueLimits;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// All SQL about whether the clocks of a plan's sources moved between its periods.
final class ClockShiftStore {
    /// A clock that moved by more than this between the periods is named.
    private static final long SHIFT_MILLIS = 60_000;

    /// Of the days on which a source told something, this share must have told its time, too.
    private static final double TOLD_LEAST = 0.9;

    /// The platform tells by its own clock.
    private static final String PLATFORM = "platform";

    private static final int SOURCES_MOST = 10_000;

    private final Database database;

    ClockShiftStore(Database database) {
        this.database = database;
    }

    private record Source(UUID organization, String name) implements Comparable<Source> {
        @Override
        public int compareTo(Source other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : organization.compareTo(other.organization);
        }
    }

    /// Days on which a source told something, and days on which it told its time.
    private static final class Days {
        long before;
        long after;
        long timedBefore;
        long timedAfter;
        @Nullable Double offsetBefore;
        @Nullable Double offsetAfter;
    }

    /// What is known of the clocks. Waits.
    Clocks clocks(EvaluationQuestion question) {
        Map<Source, Days> sources = new TreeMap<>();
        events(question, sources);
        offsets(question, sources);
        List<Clocks.Shift> shifted = new ArrayList<>();
        List<String> untold = new ArrayList<>();
        List<String> unmeasured = new ArrayList<>();
        sources.forEach((source, days) -> {
            boolean was = days.timedBefore >= TOLD_LEAST * days.before;
            boolean is = days.timedAfter >= TOLD_LEAST * days.after;
            Double before = days.offsetBefore;
            Double after = days.offsetAfter;
            if (before != null && after != null && Math.abs(after - before) > SHIFT_MILLIS) {
                shifted.add(
                        new Clocks.Shift(source.name, Math.round(Math.abs(after - before) / 1000)));
            }
            if (days.before > 0 && days.after > 0) {
                if (was != is) {
                    untold.add(source.name);
                } else if (!was) {
                    unmeasured.add(source.name);
                }
            }
        });
        return new Clocks(shifted, untold, unmeasured);
    }

    private static Select<Record1<UUID>> sites(EvaluationQuestion question) {
        return SQL.select(QUEUE.ORGANIZATION_ID)
                .from(QUEUE)
                .where(QUEUE.ORGANIZATION.in(question.organizations()));
    }

    private static Condition before(Field<LocalDate> day, EvaluationQuestion question) {
        return day.between(question.baselineStart(), question.baselineEnd());
    }

    private static Condition after(Field<LocalDate> day, EvaluationQuestion question) {
        return day.between(question.periodStart(), question.periodEnd());
    }

    private void events(EvaluationQuestion question, Map<Source, Days> sources) {
        Field<LocalDate> day = QUEUE_SOURCE_DAY.DAY;
        for (Row row :
                database.run(
                        SQL.select(
                                        QUEUE_SOURCE_DAY.ORGANIZATION_ID,
                                        QUEUE_SOURCE_DAY.SOURCE,
                                        DSL.count().filterWhere(before(day, question)).as("was"),
                                        DSL.count().filterWhere(after(day, question)).as("is"))
                                .from(QUEUE_SOURCE_DAY)
                                .where(QUEUE_SOURCE_DAY.ORGANIZATION_ID.in(sites(question)))
                                .and(QUEUE_SOURCE_DAY.SOURCE.ne(PLATFORM))
                                .and(QUEUE_SOURCE_DAY.EVENTS.gt(0L))
                                .groupBy(QUEUE_SOURCE_DAY.ORGANIZATION_ID, QUEUE_SOURCE_DAY.SOURCE)
                                .limit(SOURCES_MOST))) {
            Days days = new Days();
            days.before = row.getLong("was");
            days.after = row.getLong("is");
            sources.put(
                    new Source(
                            Rows.get(row, QUEUE_SOURCE_DAY.ORGANIZATION_ID),
                            Rows.get(row, QUEUE_SOURCE_DAY.SOURCE)),
                    days);
        }
    }

    /// The offset that was in force in each period: one that was measured before a period counts in
    /// it until the next is measured.
    private void offsets(EvaluationQuestion question, Map<Source, Days> sources) {
        Field<Instant> next =
                DSL.lead(QUEUE_CLOCK.MEASURED_AT)
                        .over(
                                DSL.partitionBy(QUEUE_CLOCK.ORGANIZATION_ID, QUEUE_CLOCK.SOURCE)
                                        .orderBy(QUEUE_CLOCK.MEASURED_AT))
                        .as("next");
        Table<?> told =
                SQL.select(
                                QUEUE_CLOCK.ORGANIZATION_ID,
                                QUEUE_CLOCK.SOURCE,
                                QUEUE_CLOCK.MEASURED_AT,
                                QUEUE_CLOCK.OFFSET_MS,
                                next)
                        .from(QUEUE_CLOCK)
                        .where(QUEUE_CLOCK.ORGANIZATION_ID.in(sites(question)))
                        .and(QUEUE_CLOCK.MEASURED_AT.le(question.asOf()))
                        .asTable("told");
        Period was = new Period(question.baselineStart(), question.baselineEnd());
        Period is = new Period(question.periodStart(), question.periodEnd());
        Field<UUID> organization = told.field(QUEUE_CLOCK.ORGANIZATION_ID);
        Field<String> source = told.field(QUEUE_CLOCK.SOURCE);
        for (Row row :
                database.run(
                        SQL.select(
                                        organization,
                                        source,
                                        was.days(told).as("days_was"),
                                        is.days(told).as("days_is"),
                                        was.offset(told).as("was"),
                                        is.offset(told).as("is"))
                                .from(told)
                                .groupBy(organization, source)
                                .limit(SOURCES_MOST))) {
            Days days =
                    sources.get(
                            new Source(
                                    Rows.get(row, QUEUE_CLOCK.ORGANIZATION_ID),
                                    Rows.get(row, QUEUE_CLOCK.SOURCE)));
            if (days != null) {
                days.timedBefore = row.getLong("days_was");
                days.timedAfter = row.getLong("days_is");
                days.offsetBefore = row.getDouble("was");
                days.offsetAfter = row.getDouble("is");
            }
        }
    }

    /// The days of one of the two periods.
    private record Period(LocalDate first, LocalDate last) {
        private Field<Instant> start() {
            return DSL.val(first.atStartOfDay(QueueLimits.ZONE).toInstant());
        }

        private Field<Instant> end() {
            return DSL.val(last.plusDays(1).atStartOfDay(QueueLimits.ZONE).toInstant());
        }

        /// Days on which the time was told.
        Field<Long> days(Table<?> told) {
            Field<Instant> at = told.field(QUEUE_CLOCK.MEASURED_AT);
            return DSL.field(
                    "count(DISTINCT ({0} AT TIME ZONE {1})::date)"
                            + " FILTER (WHERE {0} >= {2} AND {0} < {3})",
                    Long.class, at, DSL.inline(QueueLimits.ZONE.getId()), start(), end());
        }

        /// Mean of the offsets in force, milliseconds, each by how long it was.
        Field<Double> offset(Table<?> told) {
            Field<Double> share =
                    DSL.field(
                            "greatest(extract(epoch FROM least(coalesce({1}, {3}), {3})"
                                    + " - greatest({0}, {2})), 0)::double precision",
                            Double.class,
                            told.field(QUEUE_CLOCK.MEASURED_AT),
                            told.field("next"),
                            start(),
                            end());
            return DSL.field(
                    "sum({0} * {1}) / nullif(sum({1}), 0)",
                    Double.class, told.field(QUEUE_CLOCK.OFFSET_MS), share);
        }
    }
}
