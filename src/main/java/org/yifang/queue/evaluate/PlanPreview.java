package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.NamedValues;
import org.yifang.queue.evaluate.PlanDayStore.PlanDay;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.statistics.Interval;
import org.yifang.statistics.StandardisedWaits;
import org.yifang.statistics.WeekContrast;
import org.yifang.statistics.WeeklyFigures;
import org.yifang.statistics.WeeklyFigures.Figure;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// What a plan could show: how much of its baseline is known so far, how finely it can be cut, and
/// how wide the interval would be if waits were halved. Never an effect: nothing behind the
/// baseline is read.
final class PlanPreview {
    private static final String NAME = "plan-preview";
    private static final UUID NONE = new UUID(0, 0);
    private static final double HALF = 0.5;

    /// What is known up to the end of the baseline.
    private record Baseline(PlanData.Records all, LocalDate end) implements PlanData.Records {
        @Override
        public Map<QueueRow, Boolean> queues(Instant asOf) {
            return all.queues(asOf);
        }

        @Override
        public PlanDay day(LocalDate day, @Nullable String source, Instant asOf) {
            return day.isAfter(end)
                    ? new PlanDay(List.of(), List.of())
                    : all.day(day, source, asOf);
        }

        @Override
        public Map<UUID, String> importers() {
            return all.importers();
        }

        @Override
        public Clocks clocks(EvaluationQuestion question) {
            return Clocks.STEADY;
        }
    }

    /// An extension for each stage. Waits.
    static Consumer<NamedValues> of(PlanData.Records records, PlanDraft draft, Instant now) {
        Plan plan = new Plan(NONE, draft, "", "", now, now, null, false);
        List<EvaluationData.Group> groups =
                new PlanData(
                                new Baseline(records, draft.baselineEnd()),
                                EvaluationQuestion.of(plan, now))
                        .read(new EvaluationProgress());
        return groups.isEmpty()
                ? all -> all.group(NAME, told -> nothing(told, draft))
                : all -> groups.forEach(group -> all.group(NAME, told -> of(told, group)));
    }

    /// That nothing is known of the baseline is an answer, too.
    private static void nothing(NamedValues told, PlanDraft draft) {
        told.code("stage", draft.term("stage"))
                .integer("baseline-tickets", 0)
                .integer("baseline-weeks", 0)
                .integer("strata", 0);
    }

    private static void of(NamedValues told, EvaluationData.Group group) {
        PeriodTally before = group.told().before();
        int all = before.strata().count();
        int[] counts = before.sample().countByStratum(all);
        int[] places = before.strata().joined(counts, counts);
        int strata = places[places.length - 1];
        WeeklyFigures weeks =
                StandardisedWaits.of(before.sample(), before.sample(), places, strata)
                        .weeksBefore(
                                before.start(),
                                before.end(),
                                ReductionMethod.standard().ticketsPerWeekLeast());
        told.code("stage", ReductionReport.code(group.stage()))
                .integer("baseline-tickets", before.tickets())
                .integer("baseline-weeks", weeks.weeks().size())
                .integer("strata", strata);
        PlanFacts facts = group.facts();
        if (facts != null && facts.linking() != null) {
            PlanFacts.Linking links = facts.linking();
            told.integer("baseline-units", links.units().before());
            Shown.percent(told, "linked-share", links.shareBefore());
        }
        WeekContrast.level(weeks, Figure.MEDIAN, ReductionMethod.CONFIDENCE)
                .ifPresent(level -> Shown.range(told, "interval-if-halved", ifHalved(level)));
    }

    /// Two sides, each as sure as the baseline is.
    private static Interval ifHalved(Interval level) {
        double width = Math.sqrt(2) * Math.log(level.high() / level.low()) / 2;
        return new Interval(
                1 - HALF * Math.exp(width), 1 - HALF * Math.exp(-width), level.confidence());
    }

    private PlanPreview() {}
}
