package org.yifang.queue.evaluate;

import org.yifang.queue.history.DemonstrationTickets;
import org.yifang.queue.history.DemonstrationTickets.Site;
import org.yifang.queue.history.DemonstrationTickets.Years;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.plan.PlanDraft.Term;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;

import java.util.ArrayList;
import java.util.List;

/// The plan that the made-up tickets of the demonstration belong to, dated back by its loader.
public final class DemonstrationPlan {
    private static final String TITLE =
            "演示方案：两家医院取药等候 / Made-up plan: waits for medicine of two hospitals";
    private static final int REGISTERED_DAYS_BEFORE = 7;

    /// Registers the plan, unless it is there: the windows of the hospitals, with all other sites
    /// to compare with.
    ///
    /// @param bureau number of the organization that it is said to be registered by
    public static Plan register(PlanDesk plans, Years years, List<Site> sites, String bureau) {
        List<String> hospitals =
                sites.stream().filter(Site::isHospital).map(Site::number).sorted().toList();
        List<Term> terms = new ArrayList<>();
        hospitals.forEach(one -> terms.add(new Term("organization", one)));
        terms.add(new Term("stage", QueueStage.DISPENSING.code()));
        hospitals.forEach(
                one -> terms.add(new Term("queue", one + "/" + DemonstrationTickets.WINDOW)));
        terms.add(new Term("change-date", years.start().toString()));
        terms.add(new Term("wash-in-weeks", "0"));
        terms.add(new Term("expected-source", "registrations"));
        return plans.demonstrate(
                new PlanDraft(
                        EvaluateMeasure.QUEUES,
                        TITLE,
                        years.baselineStart(),
                        years.start().minusDays(1),
                        years.start(),
                        years.end(),
                        terms,
                        hospitals),
                bureau,
                years.start()
                        .minusDays(REGISTERED_DAYS_BEFORE)
                        .atStartOfDay(QueueLimits.ZONE)
                        .toInstant());
    }

    private DemonstrationPlan() {}
}
