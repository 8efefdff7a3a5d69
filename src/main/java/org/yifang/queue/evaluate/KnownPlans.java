package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.PlanDayStore.PlanDay;
import org.yifang.queue.ticket.QueueRow;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What the database knows of a plan.
record KnownPlans(EvaluationStore store, PlanDayStore days) implements PlanData.Known {
    @Override
    public Map<QueueRow, Boolean> queues(Instant asOf) {
        return store.queues(asOf);
    }

    @Override
    public PlanDay day(LocalDate day, @Nullable String source, Instant asOf) {
        return days.read(day, source, asOf);
    }

    @Override
    public Map<UUID, String> importers() {
        return store.importers();
    }

    @Override
    public List<String> clockShifts(EvaluationQuestion question) {
        return store.clockShifts(question);
    }
}
