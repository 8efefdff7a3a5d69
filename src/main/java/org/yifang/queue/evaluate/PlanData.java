package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.EvaluationData.Group;
import org.yifang.queue.evaluate.PlanDayStore.PlanDay;
import org.yifang.queue.evaluate.PlanDayStore.Single;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.evaluate.PlanFacts.Counts;
import org.yifang.queue.evaluate.PlanLinks.Counted;
import org.yifang.queue.evaluate.PlanLinks.OfPlace;
import org.yifang.queue.evaluate.PlanLinks.Place;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/// Reads the tickets of a plan, day by day, links them, and sorts them by stage.
final class PlanData {
    /// Where a plan's tickets, and what is known beside them, are read.
    interface Records {
        /// Every queue and whether its opening hours are known.
        Map<QueueRow, Boolean> queues(Instant asOf);

        /// @param source of the expected units, null for none
        PlanDay day(LocalDate day, @Nullable String source, Instant asOf);

        /// Who imported each file of tickets, and its hash.
        Map<UUID, String> importers();

        /// Sources of the sites whose clock shifted between the periods.
        Clocks clocks(EvaluationQuestion question);
    }

    private final Records records;
    private final EvaluationQuestion question;
    private final ReductionTerms terms;
    private final SortedSet<LocalDate> struck = Festivals.struck();
    private final Map<UUID, QueueRow> queues = new HashMap<>();
    private final Map<UUID, Boolean> hours = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();
    private final SortedSet<String> merged = new TreeSet<>();
    private final Map<QueueStage, PlanStage> stages = new EnumMap<>(QueueStage.class);
    private final Map<UUID, long[]> seen = new HashMap<>();
    private final Spread visits = new Spread();

    PlanData(Records records, EvaluationQuestion question) {
        this.records = records;
        this.question = question;
        this.terms = ReductionTerms.of(question);
        Objects.requireNonNull(question.plan()).draft().terms("department").stream()
                .map(pair -> pair.split(" -> ", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> renamed.put(pair[0], pair[1]));
    }

    private @Nullable String source() {
        return Objects.requireNonNull(question.plan()).draft().term("expected-source");
    }

    /// Reads everything; waits for the database, a day of tickets at a time.
    ///
    /// @param progress told each day that is done
    List<Group> read(EvaluationProgress progress) {
        records.queues(question.asOf())
                .forEach((queue, hasHours) -> {
                    queues.put(queue.id(), queue);
                    hours.put(queue.id(), hasHours);
                });
        PlanLinks links = new PlanLinks(queues, source() != null, question);
        long done = 0;
        for (LocalDate day = question.baselineStart();
                !day.isAfter(question.periodEnd());
                day = day.plusDays(1)) {
            boolean isWashIn = !day.isBefore(terms.change()) && day.isBefore(terms.washInEnd());
            if (!isWashIn && !struck.contains(Festivals.monday(day))) {
                take(day, records.day(day, source(), question.asOf()), links);
            }
            done++;
            progress.read(done, question.days());
        }
        Map<UUID, String> files = records.importers();
        Clocks clocks = records.clocks(question);
        List<Group> groups = new ArrayList<>();
        stages.forEach((stage, told) -> {
            if (told.hasTickets()) {
                groups.add(
                        told.group(
                                coverage(stage, told),
                                visits,
                                clocks,
                                files,
                                source() != null,
                                List.copyOf(merged)));
            }
        });
        return groups;
    }

    private void take(LocalDate day, PlanDay told, PlanLinks links) {
        boolean before = !day.isAfter(question.baselineEnd());
        boolean after = !day.isBefore(question.periodStart());
        Map<String, Instant> registered = registered(told);
        links.of(told, after)
                .forEach((place, of) -> {
                    boolean asked = place.isAsked(question);
                    boolean control = !asked && place.isControl(question) && (before || after);
                    if (asked) {
                        stage(place.stage()).take(day, asked(of, !after), registered);
                    } else if (control) {
                        stage(place.stage()).control(day, asked(of, !after));
                    }
                });
        if (before || after) {
            count(told, after);
        }
    }

    /// The tickets in queues of the plan's list, their departments called as they are later.
    private OfPlace asked(OfPlace of, boolean isBefore) {
        List<Counted> counted =
                of.counted().stream()
                        .filter(one -> isAsked(one.ticket()))
                        .map(one ->
                                new Counted(
                                        renamed(one.ticket(), isBefore), one.seconds(), one.fate()))
                        .toList();
        int others = of.counted().size() - counted.size();
        return new OfPlace(
                counted,
                of.excluded().stream().filter(this::isAsked).toList(),
                of.units(),
                of.linked() - (source() == null ? 0 : others),
                of.struck() + others,
                of.noArrival());
    }

    private Single renamed(Single one, boolean isBefore) {
        String own = one.department();
        if (isBefore && own != null && renamed.containsValue(own)) {
            // There before under its own name: what is called so now is two put together.
            merged.add(own);
        }
        String name = own == null ? null : renamed.get(own);
        return name == null
                ? one
                : new Single(
                        one.queue(),
                        one.number(),
                        one.visit(),
                        one.source(),
                        name,
                        one.joined(),
                        one.serviceEnd(),
                        one.seconds(),
                        one.fate(),
                        one.exclusion(),
                        one.history(),
                        one.isLate());
    }

    private boolean isAsked(Single ticket) {
        QueueRow queue = queues.get(ticket.queue());
        return queue != null && (question.asks(queue) || isControl(queue));
    }

    private boolean isControl(QueueRow queue) {
        return new Place(queue.organization(), Objects.requireNonNull(queue.stage()))
                .isControl(question);
    }

    private PlanStage stage(QueueStage stage) {
        return stages.computeIfAbsent(stage, one -> new PlanStage(one, question));
    }

    /// When each visit registered.
    private Map<String, Instant> registered(PlanDay told) {
        Map<String, Instant> registered = new HashMap<>();
        for (Single ticket : told.tickets()) {
            QueueRow queue = queues.get(ticket.queue());
            if (queue != null
                    && queue.stage() == QueueStage.REGISTRATION
                    && ticket.visit() != null
                    && ticket.joined() != null) {
                registered.merge(
                        Objects.requireNonNull(ticket.visit()),
                        Objects.requireNonNull(ticket.joined()),
                        (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        return registered;
    }

    /// Counts the tickets of each queue, and how long whole visits took.
    private void count(PlanDay told, boolean isLater) {
        Map<String, long[]> spans = new HashMap<>();
        for (Single ticket : told.tickets()) {
            QueueRow queue = queues.get(ticket.queue());
            if (queue == null || !question.organizations().contains(queue.organization())) {
                continue;
            }
            if (queue.stage() != null && question.asks(queue)) {
                seen.computeIfAbsent(queue.id(), _ -> new long[2])[isLater ? 1 : 0]++;
            }
            Instant joined = ticket.joined();
            Instant end = ticket.serviceEnd() == null ? ticket.end() : ticket.serviceEnd();
            if (ticket.visit() != null && joined != null && end != null) {
                long[] span =
                        spans.computeIfAbsent(
                                queue.organization() + "/" + ticket.visit(),
                                _ -> new long[] {Long.MAX_VALUE, 0});
                span[0] = Math.min(span[0], joined.getEpochSecond());
                span[1] = Math.max(span[1], end.getEpochSecond());
            }
        }
        spans.values().forEach(span -> visits.add(isLater, span[1] - span[0]));
    }

    private Coverage coverage(QueueStage stage, PlanStage told) {
        List<Coverage.OfQueue> ofQueues = new ArrayList<>();
        seen.forEach((id, counts) -> {
            QueueRow queue = Objects.requireNonNull(queues.get(id));
            if (queue.stage() == stage) {
                ofQueues.add(
                        new Coverage.OfQueue(
                                queue.organization(),
                                queue.code(),
                                hours.getOrDefault(id, false),
                                counts[0],
                                counts[1]));
            }
        });
        return new Coverage(ofQueues, told.units());
    }

    /// Mondays of the weeks in which too few units were linked.
    static SortedSet<LocalDate> poor(Map<LocalDate, int[]> weeks) {
        SortedSet<LocalDate> poor = new TreeSet<>();
        weeks.forEach((monday, counts) -> {
            if (counts[1] < ReductionMethod.WEEK_LINKED_LEAST * counts[0]) {
                poor.add(monday);
            }
        });
        return poor;
    }

    /// What a count says on each side.
    static Counts counts(long[] both) {
        return new Counts(both[0], both[1]);
    }
}
