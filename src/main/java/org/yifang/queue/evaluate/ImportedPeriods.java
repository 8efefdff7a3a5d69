package org.yifang.queue.evaluate;

import org.yifang.queue.evaluate.EvaluationStore.ImportedMonth;

import java.time.LocalDate;
import java.util.List;

/// Whether the waits of each period are told by monthly figures of a file.
///
/// @param before whether those of the baseline are
/// @param after whether those of the period are
record ImportedPeriods(boolean before, boolean after) {
    static ImportedPeriods of(EvaluationQuestion question, List<ImportedMonth> months) {
        return new ImportedPeriods(
                isTold(question, months, question.baselineStart(), question.baselineEnd()),
                isTold(question, months, question.periodStart(), question.periodEnd()));
    }

    private static boolean isTold(
            EvaluationQuestion question, List<ImportedMonth> months, LocalDate from, LocalDate to) {
        return months.stream()
                .filter(ImportedMonth::tellsOfWaits)
                .filter(month -> !question.controls().contains(month.organization()))
                .anyMatch(month ->
                        !month.month().isAfter(to) && month.month().plusMonths(1).isAfter(from));
    }

    /// Whether a period has no single tickets, only such figures: then nothing may be claimed.
    boolean standForTickets(PeriodTally baseline, PeriodTally period) {
        return (before && baseline.sample().size() == 0) || (after && period.sample().size() == 0);
    }
}
