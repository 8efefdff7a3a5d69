package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.DayStore.Taken;
import org.yifang.queue.evaluate.EvaluationStore.Expected;
import org.yifang.queue.evaluate.PeriodTally.Strata;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.queue.ticket.Ticket;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Reads the tickets of both periods and sorts them by stage, with what was expected of each.
final class EvaluationData {
    /// Both periods of one stage, or of whole visits.
    ///
    /// @param stage null for whole visits
    /// @param facts of a plan's tickets, null for a question outside of plans
    record Group(
            @Nullable QueueStage stage, Reduction.StageTallies told, @Nullable PlanFacts facts) {}

    private static final class Tallies {
        final PeriodTally before;
        final PeriodTally after;

        /// Days between the periods that are more than a wash-in; they tell of the trend.
        final @Nullable PeriodTally between;

        Tallies(EvaluationQuestion question) {
            Strata strata = new Strata();
            before =
                    new PeriodTally(question.baselineStart(), question.baselineEnd(), strata, 1024);
            after = new PeriodTally(question.periodStart(), question.periodEnd(), strata, 1024);
            between =
                    question.hasBetween()
                            ? new PeriodTally(
                                    question.baselineEnd().plusDays(1),
                                    question.periodStart().minusDays(1),
                                    strata,
                                    1024)
                            : null;
        }

        PeriodTally of(Side side) {
            return switch (side) {
                case BEFORE -> before;
                case BETWEEN -> Objects.requireNonNull(between);
                case AFTER -> after;
            };
        }

        Reduction.StageTallies told(Coverage coverage, Optional<Reduction.Control> control) {
            return new Reduction.StageTallies(before, between, after, coverage, control);
        }
    }

    /// Where a day belongs.
    private enum Side {
        BEFORE,
        BETWEEN,
        AFTER
    }

    /// Tickets of a queue in each period: all of them, and those that tell of a wait.
    private static final class Seen {
        long before;
        long after;
        long toldBefore;
        long toldAfter;
    }

    private final EvaluationStore store;
    private final DayStore days;
    private final EvaluationQuestion question;
    private final Map<UUID, QueueRow> queues = new HashMap<>();
    private final Map<UUID, Boolean> hours = new HashMap<>();
    private final Map<QueueStage, Tallies> stages = new EnumMap<>(QueueStage.class);
    private final Map<QueueStage, Tallies> controls = new EnumMap<>(QueueStage.class);
    private final Map<UUID, Seen> seen = new HashMap<>();
    private final Tallies visits;
    private long daysRead;

    EvaluationData(EvaluationStore store, DayStore days, EvaluationQuestion question) {
        this.store = store;
        this.days = days;
        this.question = question;
        this.visits = new Tallies(question);
    }

    /// Reads everything; waits for the database, a day of tickets at a time.
    ///
    /// @param progress told each day that is done
    List<Group> read(EvaluationProgress progress) {
        store.queues(question.asOf())
                .forEach((queue, known) -> {
                    queues.put(queue.id(), queue);
                    hours.put(queue.id(), known);
                });
        read(question.baselineStart(), question.baselineEnd(), Side.BEFORE, progress);
        if (question.hasBetween()) {
            read(
                    question.baselineEnd().plusDays(1),
                    question.periodStart().minusDays(1),
                    Side.BETWEEN,
                    progress);
        }
        read(question.periodStart(), question.periodEnd(), Side.AFTER, progress);
        List<Group> groups = new ArrayList<>();
        for (Map.Entry<QueueStage, Tallies> stage : stages.entrySet()) {
            Tallies tallies = stage.getValue();
            Tallies control = controls.get(stage.getKey());
            groups.add(
                    new Group(
                            stage.getKey(),
                            tallies.told(
                                    coverage(stage.getKey()),
                                    control == null
                                            ? Optional.empty()
                                            : Optional.of(
                                                    new Reduction.Control(
                                                            control.before, control.after))),
                            null));
        }
        if (visits.before.tickets() > 0 || visits.after.tickets() > 0) {
            groups.add(new Group(null, visits.told(coverageOfAll(groups), Optional.empty()), null));
        }
        return groups;
    }

    private void read(LocalDate from, LocalDate to, Side side, EvaluationProgress progress) {
        Instant asOf = question.asOf();
        boolean withVisits = question.organizations().isEmpty() && question.queue() == null;
        DayStore.Coming next = days.start(from, asOf, withVisits);
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            DayStore.Coming coming = next;
            if (day.isBefore(to)) {
                next = days.start(day.plusDays(1), asOf, withVisits);
            }
            DayStore.OfDay told = days.tickets(coming, asOf);
            for (Taken ticket : told.tickets()) {
                take(ticket, day, side);
            }
            for (DayStore.Stood stood : told.stood()) {
                count(stood, day, side);
            }
            if (withVisits) {
                PeriodTally tally = visits.of(side);
                for (DayStore.Visit visit : days.visits(coming, told)) {
                    if (visit.hour() != null && question.asksDepartment(visit.department())) {
                        tally.add(
                                orNone(visit.department()),
                                visit.hour(),
                                day,
                                visit.seconds(),
                                visit.fate());
                        if (visit.historical()) {
                            tally.countHistorical();
                        }
                    }
                }
            }
            daysRead++;
            progress.read(daysRead, question.days());
        }
    }

    private void count(DayStore.Stood stood, LocalDate day, Side side) {
        QueueRow queue = queues.get(stood.queue());
        boolean asked =
                queue != null
                        && queue.stage() != null
                        && question.asks(queue)
                        && question.asksDepartment(stood.department());
        Tallies tallies = asked ? stages.get(Objects.requireNonNull(queue).stage()) : null;
        if (tallies != null) {
            PeriodTally tally = tallies.of(side);
            tally.countStood(day, stood.waited(), stood.outside());
        }
    }

    private void take(Taken ticket, LocalDate day, Side side) {
        boolean before = side == Side.BEFORE;
        boolean after = side == Side.AFTER;
        QueueRow queue = queues.get(ticket.queue());
        if (queue == null
                || queue.stage() == null
                || !question.asksDepartment(ticket.department())) {
            return;
        }
        Map<QueueStage, Tallies> into;
        if (question.asks(queue)) {
            into = stages;
            Seen counts = seen.computeIfAbsent(queue.id(), _ -> new Seen());
            counts.before += before ? 1 : 0;
            counts.after += after ? 1 : 0;
            boolean told = ticket.exclusion() != Ticket.Exclusion.START_MISSING;
            counts.toldBefore += before && told ? 1 : 0;
            counts.toldAfter += after && told ? 1 : 0;
        } else if (question.controls(queue)) {
            into = controls;
        } else {
            return;
        }
        Tallies tallies = into.computeIfAbsent(queue.stage(), _ -> new Tallies(question));
        PeriodTally tally = tallies.of(side);
        if (ticket.historical()) {
            tally.countHistorical();
        }
        if (ticket.exclusion() != null) {
            tally.exclude(ticket.exclusion(), day);
        } else if (ticket.seconds() != null && ticket.fate() != null && ticket.hour() != null) {
            String department = orNone(ticket.department());
            tally.add(department, ticket.hour(), day, ticket.seconds(), ticket.fate());
        }
    }

    /// Expected tickets of a stage: registrations for what everybody passes, prescriptions for the
    /// rest; files of the past say how many there were, else the platform counts for itself. How
    /// many registered is told by files, or by who was consulted: registrations that are not
    /// reported cannot be missed by counting those that are.
    private Coverage coverage(QueueStage stage) {
        Map<String, Long> expectedBefore =
                expected(stage, question.baselineStart(), question.baselineEnd(), true);
        Map<String, Long> expectedAfter =
                expected(stage, question.periodStart(), question.periodEnd(), false);
        List<Coverage.OfQueue> ofQueues = new ArrayList<>();
        Map<String, Seen> ofOrganizations = new HashMap<>();
        seen.forEach((id, counts) -> {
            QueueRow queue = queues.get(id);
            if (queue != null && queue.stage() == stage) {
                ofQueues.add(
                        new Coverage.OfQueue(
                                queue.organization(),
                                queue.code(),
                                hours.getOrDefault(id, false),
                                counts.toldBefore,
                                counts.toldAfter));
                Seen all = ofOrganizations.computeIfAbsent(queue.organization(), _ -> new Seen());
                all.before += counts.toldBefore;
                all.after += counts.toldAfter;
            }
        });
        List<Coverage.OfStage> units = new ArrayList<>();
        ofOrganizations.forEach((organization, counts) ->
                units.add(
                        new Coverage.OfStage(
                                organization,
                                stage,
                                expectedBefore.get(organization),
                                counts.before,
                                expectedAfter.get(organization),
                                counts.after)));
        return new Coverage(ofQueues, units);
    }

    private Map<String, Long> expected(
            QueueStage stage, LocalDate start, LocalDate end, boolean before) {
        Map<String, Long> expected = new HashMap<>();
        // What the platform or another stage counted, unless a file says better.
        seen.forEach((id, counts) -> {
            QueueRow queue = queues.get(id);
            boolean counted = queue != null && isCountedFor(stage, queue);
            long count = before ? counts.before : counts.after;
            if (counted && queue != null && count > 0) {
                expected.merge(queue.organization(), count, Long::sum);
            }
        });
        for (Expected told : store.expected(start, end, question.asOf())) {
            Long count = stage.followsRegistration() ? told.registrations() : told.prescriptions();
            if (count != null) {
                expected.merge(told.organization(), count, Math::max);
            }
        }
        return expected;
    }

    private static boolean isCountedFor(QueueStage stage, QueueRow queue) {
        return switch (stage) {
            case REGISTRATION -> queue.stage() == QueueStage.CONSULTATION;
            case TRIAGE, CONSULTATION -> queue.stage() == QueueStage.REGISTRATION;
            // The platform sees nobody pay: only a file says how many there were to be.
            case PAYMENT -> false;
            // The platform sees every prescription that passes here.
            case REVIEW, DISPENSING, HAND_OVER -> queue.code().equals("rx-" + stage.code());
        };
    }

    private static Coverage coverageOfAll(List<Group> groups) {
        List<Coverage.OfQueue> ofQueues = new ArrayList<>();
        List<Coverage.OfStage> units = new ArrayList<>();
        for (Group group : groups) {
            ofQueues.addAll(group.told().coverage().queues());
            units.addAll(group.told().coverage().units());
        }
        return new Coverage(ofQueues, units);
    }

    private static String orNone(@Nullable String department) {
        return department == null ? "" : department;
    }
}
