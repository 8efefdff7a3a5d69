package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.plan.PlanRules;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/// What a plan fixes of how its answer is judged; a question outside of plans fixes nothing.
///
/// @param change first day of the change
/// @param washInEnd first day that counts again behind it
/// @param isPlan whether a registered plan is judged
/// @param isYearBefore whether the baseline is the period a year before, so that seasons agree
public record ReductionTerms(
        LocalDate change, LocalDate washInEnd, boolean isPlan, boolean isYearBefore) {
    /// Days between the periods up to which they are taken for the wash-in of a question that does
    /// not name one.
    private static final long WASH_IN_DAYS = 28;

    static ReductionTerms of(EvaluationQuestion question) {
        PlanDraft draft = question.plan() == null ? null : question.plan().draft();
        if (draft != null) {
            LocalDate change = date(draft.term("change-date"), draft.periodStart());
            String weeks = draft.term("wash-in-weeks");
            return new ReductionTerms(
                    change,
                    change.plusWeeks(weeks == null ? 0 : Integer.parseInt(weeks)),
                    true,
                    PlanRules.isYearBefore(draft));
        }
        return between(question.baselineEnd(), question.periodStart());
    }

    /// The terms of a question of one's own.
    static ReductionTerms between(LocalDate baselineEnd, LocalDate periodStart) {
        long gap = ChronoUnit.DAYS.between(baselineEnd, periodStart) - 1;
        LocalDate change = gap <= WASH_IN_DAYS ? baselineEnd.plusDays(1) : periodStart;
        return new ReductionTerms(change, periodStart, false, false);
    }

    private static LocalDate date(@Nullable String text, LocalDate otherwise) {
        return text == null ? otherwise : LocalDate.parse(text);
    }
}
