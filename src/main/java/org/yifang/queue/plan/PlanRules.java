package org.yifang.queue.plan;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides which plans may be registered and what each can show at most.
public final class PlanRules {
    /// The verdict waits so long behind the period, for what is reported late.
    static final int VERDICT_AFTER_DAYS = 14;

    /// A year of whole weeks: weekdays fall on weekdays.
    static final int YEAR_DAYS = 364;

    /// A plan reaches no further than this, as every evaluation.
    static final long DAYS_MOST = 800;

    /// How far ahead a plan may begin.
    static final long AHEAD_DAYS_MOST = 731;

    /// Whether the period is yet to begin.
    static boolean isEarly(PlanDraft draft, Instant now) {
        return LocalDate.ofInstant(now, Plan.ZONE).isBefore(draft.periodStart());
    }

    /// The moment as of which the verdict is given: the end of the fourteenth day after.
    static Instant verdictAt(PlanDraft draft) {
        return draft.periodEnd()
                .plusDays(VERDICT_AFTER_DAYS + 1L)
                .atStartOfDay(Plan.ZONE)
                .toInstant();
    }

    /// The registered plan of the same goal that has a site and a day in common with this one.
    static Optional<Plan> overlapping(PlanDraft draft, List<Plan> registered) {
        return registered.stream()
                .filter(plan -> !plan.demonstration())
                .filter(plan -> shareSite(draft, plan.draft()) && shareDay(draft, plan.draft()))
                .findFirst();
    }

    private static boolean shareSite(PlanDraft one, PlanDraft other) {
        return one.sites().contains(PlanDraft.EVERYWHERE)
                || other.sites().contains(PlanDraft.EVERYWHERE)
                || one.sites().stream().anyMatch(other.sites()::contains);
    }

    private static boolean shareDay(PlanDraft one, PlanDraft other) {
        return !one.periodStart().isAfter(other.periodEnd())
                && !other.periodStart().isAfter(one.periodEnd());
    }

    /// Whether the baseline is the period a year of whole weeks before, or both are such a year.
    public static boolean isYearBefore(PlanDraft draft) {
        boolean shifted =
                ChronoUnit.DAYS.between(draft.baselineStart(), draft.periodStart()) == YEAR_DAYS
                        && ChronoUnit.DAYS.between(draft.baselineEnd(), draft.periodEnd())
                                == YEAR_DAYS;
        boolean years = draft.days() == YEAR_DAYS && baselineDays(draft) == YEAR_DAYS;
        return shifted || years;
    }

    private static long baselineDays(PlanDraft draft) {
        return ChronoUnit.DAYS.between(draft.baselineStart(), draft.baselineEnd()) + 1;
    }

    /// Why a plan can never show "met": known before a single figure is.
    public static List<Words> warnings(PlanGoal goal, PlanDraft draft) {
        List<Words> warnings = new ArrayList<>();
        if (Math.min(draft.days(), baselineDays(draft)) < goal.daysLeast()) {
            warnings.add(
                    new Words(
                            "方案各期短于%d周，不能证实达标".formatted(goal.daysLeast() / 7),
                            "shorter than %d weeks on a side, it cannot show the target met"
                                    .formatted(goal.daysLeast() / 7)));
        }
        if (!goal.isSameSeason(draft)) {
            warnings.add(
                    new Words(
                            "基期不是报告期前364天的同期，季节不可比，不能证实达标",
                            "the baseline is not the period less 364 days, so that the season"
                                    + " differs: it cannot show the target met"));
        }
        warnings.addAll(goal.warnings(draft));
        return List.copyOf(warnings);
    }

    private PlanRules() {}
}
