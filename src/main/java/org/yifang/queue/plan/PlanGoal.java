package org.yifang.queue.plan;

import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.Inputs;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A goal that plans can be registered for: the one of queues here, that of prices in its own
/// package.
public interface PlanGoal {
    /// Id of the Measure.
    String measure();

    /// The least days of a period and of its baseline that can show "met".
    long daysLeast();

    /// Whether baseline and period lie in the same season, so that they can be compared.
    default boolean isSameSeason(PlanDraft draft) {
        return PlanRules.isYearBefore(draft);
    }

    /// Reads what the goal needs of a plan beside title and periods; what is wrong is noted.
    ///
    /// @param stated the plan so far, without terms and sites
    PlanDraft read(Inputs inputs, PlanDraft stated);

    /// Why this plan can never show "met", beside its length and its baseline.
    List<Words> warnings(PlanDraft draft);

    /// What this plan could show, as extensions: coverage, strata and the width to expect, never an
    /// effect.
    Consumer<NamedValues> preview(PlanDraft draft);

    /// Answers `$evaluate-measure`.
    ///
    /// @param plan whose question it is; empty for a question of the caller's own
    Answer evaluate(Exchange exchange, Optional<Plan> plan);
}
