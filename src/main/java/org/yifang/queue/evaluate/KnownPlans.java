package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.queue.evaluate.PlanDayStore.PlanDay;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.ticket.QueueRow;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/// What the database knows of a plan.
record KnownPlans(EvaluationStore store, PlanDayStore days, ClockShiftStore clocks)
        implements PlanData.Records {
    KnownPlans(Database database, EvaluationStore store) {
        this(store, new PlanDayStore(database), new ClockShiftStore(database));
    }

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
    public Clocks clocks(EvaluationQuestion question) {
        return clocks.clocks(question);
    }
}
