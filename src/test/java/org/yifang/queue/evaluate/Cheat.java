package org.yifang.queue.evaluate;

import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.plan.PlanDraft.Term;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What somebody does so that less waiting is told than there is. Unless it says so, nothing
/// changes for those who wait.
enum Cheat {
    NONE("nothing is done"),
    CASE_MIX("most come to the fast window later"),
    HIDDEN_LEAVERS("who leaves is not told of later"),
    MORE_LEAVE("many are sent away later, and told as leaving"),
    INFLATED_BASELINE("slow tickets of no unit are added before"),
    INVENTED_BASELINE("the past is a file of invented visits"),
    FALLING_TREND("waits fell long before the change, and go on to"),
    COUNTY_FALLS("all sites fall alike"),
    SEASON("a slow half year is compared with a fast one"),
    CHOSEN_SITES("the worst of twenty sites before, by weekly waves"),
    CHOSEN_WINDOWS("the worst half year against the best"),
    TRIMMED_TAILS("the slowest fifth is not told later"),
    RELABELLED("the departments get new names"),
    NO_ARRIVAL("slow tickets are marked transferred and arrive nowhere"),
    FAKES("five to two hundred fast tickets a day of no unit are added later"),
    OWN_UNITS("the same, with units that the hospital tells itself"),
    DOUBLED("everybody gets a second ticket, fast, under the same visit"),
    SWAPPED_FEW("a tenth, the slowest, are swapped for fast tickets of no unit"),
    SWAPPED_MANY("a fifth likewise"),
    FAST_WINDOW_ONLY("the plan names the fast window, and the slow are sent there later"),
    INTO_SERVICE("people are called early and wait at the window"),
    BEFORE_THE_TICKET("tickets are given out late"),
    NO_LONGER_TOLD("tickets are given out late, and registrations are no longer told"),
    CLOCKS("the clock of the counter is put back later"),
    CLOCKS_UNTOLD("the same, and the time of sending is no longer told"),
    MERGED("most come to the fast window, and the plan calls the slow department as the fast one"),
    SILENT_CONTROL("the plan names a site that tells nothing, and all sites fall alike");

    final String words;

    Cheat(String words) {
        this.words = words;
    }

    /// What is registered.
    Plan plan(LocalDate baseline, LocalDate period, int weeks) {
        List<Term> terms = new ArrayList<>();
        terms.add(new Term("organization", PlanCounty.SITE));
        terms.add(new Term("stage", "dispensing"));
        terms.add(new Term("queue", PlanCounty.SITE + "/fast"));
        if (this != FAST_WINDOW_ONLY) {
            terms.add(new Term("queue", PlanCounty.SITE + "/slow"));
        }
        if (this == SILENT_CONTROL) {
            terms.add(new Term("control", "nobody"));
        }
        if (this == MERGED) {
            terms.add(new Term("department", "D1 -> D0"));
        }
        terms.add(new Term("change-date", period.toString()));
        terms.add(new Term("wash-in-weeks", "0"));
        terms.add(new Term("expected-source", "registrations"));
        PlanDraft draft =
                new PlanDraft(
                        EvaluateMeasure.QUEUES,
                        "plan",
                        baseline,
                        baseline.plusWeeks(weeks).minusDays(1),
                        period,
                        period.plusWeeks(weeks).minusDays(1),
                        terms,
                        List.of(PlanCounty.SITE));
        return new Plan(
                UUID.nameUUIDFromBytes(new byte[] {1}),
                draft,
                "B1",
                "bureau",
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                false);
    }
}
