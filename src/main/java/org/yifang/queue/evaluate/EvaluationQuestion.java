package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is asked of an evaluation.
///
/// @param baselineStart first day of the baseline
/// @param baselineEnd last day of the baseline, included
/// @param periodStart first day of the period; the days between are the wash-in, and left out
/// @param periodEnd last day of the period, included
/// @param organizations numbers, all when empty
/// @param controls numbers of organizations where no change was made; they are not evaluated
/// @param stage only this one, all when null
/// @param department only this one, all when null
/// @param queue only this one, all when null
/// @param asOf what was received up to here counts
/// @param plan the registered plan that is asked about, null for a question of one's own
public record EvaluationQuestion(
        LocalDate baselineStart,
        LocalDate baselineEnd,
        LocalDate periodStart,
        LocalDate periodEnd,
        List<String> organizations,
        List<String> controls,
        @Nullable QueueStage stage,
        @Nullable String department,
        @Nullable String queue,
        Instant asOf,
        @Nullable Plan plan) {
    /// A question of one's own.
    EvaluationQuestion(
            LocalDate baselineStart,
            LocalDate baselineEnd,
            LocalDate periodStart,
            LocalDate periodEnd,
            List<String> organizations,
            List<String> controls,
            @Nullable QueueStage stage,
            @Nullable String department,
            @Nullable String queue,
            Instant asOf) {
        this(
                baselineStart,
                baselineEnd,
                periodStart,
                periodEnd,
                organizations,
                controls,
                stage,
                department,
                queue,
                asOf,
                null);
    }

    /// The question of a registered plan.
    static EvaluationQuestion of(Plan plan, Instant asOf) {
        PlanDraft draft = plan.draft();
        String stage = draft.term("stage");
        return new EvaluationQuestion(
                draft.baselineStart(),
                draft.baselineEnd(),
                draft.periodStart(),
                draft.periodEnd(),
                draft.terms("organization"),
                draft.terms("control"),
                stage == null ? null : QueueStage.of(stage).orElse(null),
                null,
                null,
                asOf,
                plan);
    }

    /// Whether the answer is a plan's one verdict.
    boolean isVerdict() {
        return plan != null && plan.isVerdict(asOf);
    }

    /// The question without its moment, the same text for the same question.
    String canonical() {
        if (plan != null) {
            return "plan=" + plan.id() + "&sha-256=" + plan.hashText();
        }
        return Stream.of(
                        "baselineStart=" + baselineStart,
                        "baselineEnd=" + baselineEnd,
                        "periodStart=" + periodStart,
                        "periodEnd=" + periodEnd,
                        "organization=" + sorted(organizations),
                        "control=" + sorted(controls),
                        "stage=" + (stage == null ? "" : stage.code()),
                        "department=" + (department == null ? "" : department),
                        "queue=" + (queue == null ? "" : queue))
                .collect(Collectors.joining("&"));
    }

    private static String sorted(List<String> names) {
        return names.stream().sorted().distinct().collect(Collectors.joining(","));
    }

    /// Whether more than a wash-in lies between the periods: those weeks tell of the trend.
    boolean hasBetween() {
        return ReductionTerms.between(baselineEnd, periodStart).change().equals(periodStart)
                && baselineEnd.plusDays(1).isBefore(periodStart);
    }

    /// Days that are read.
    long days() {
        if (hasBetween()) {
            return ChronoUnit.DAYS.between(baselineStart, periodEnd) + 1;
        }
        return ChronoUnit.DAYS.between(baselineStart, baselineEnd)
                + ChronoUnit.DAYS.between(periodStart, periodEnd)
                + 2;
    }

    /// The question as the query of a URL.
    String query() {
        if (plan != null) {
            return "plan=" + plan.id() + "&asOf=" + asOf;
        }
        List<String> parts = new ArrayList<>();
        parts.add("baselineStart=" + baselineStart);
        parts.add("baselineEnd=" + baselineEnd);
        parts.add("periodStart=" + periodStart);
        parts.add("periodEnd=" + periodEnd);
        organizations.forEach(one -> parts.add("organization=" + encoded(one)));
        controls.forEach(one -> parts.add("control=" + encoded(one)));
        if (stage != null) {
            parts.add("stage=" + stage.code());
        }
        if (department != null) {
            parts.add("department=" + encoded(department));
        }
        if (queue != null) {
            parts.add("queue=" + encoded(queue));
        }
        parts.add("asOf=" + asOf);
        return String.join("&", parts);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// Whether a queue is asked about at all.
    boolean asks(QueueRow row) {
        boolean here =
                organizations.isEmpty()
                        ? !controls.contains(row.organization())
                        : organizations.contains(row.organization());
        return here && fits(row);
    }

    /// Whether a queue belongs to the control sites.
    boolean controls(QueueRow row) {
        return controls.contains(row.organization()) && fits(row);
    }

    private boolean fits(QueueRow row) {
        return (stage == null || row.stage() == stage)
                && (queue == null || row.code().equals(queue))
                && isPlanned(row);
    }

    /// Whether the plan's list, frozen when it was registered, has a queue.
    private boolean isPlanned(QueueRow row) {
        List<String> queues = plan == null ? List.of() : plan.draft().terms("queue");
        return queues.isEmpty()
                || controls.contains(row.organization())
                || queues.contains(row.code())
                || queues.contains(row.organization() + "/" + row.code());
    }

    boolean asksDepartment(@Nullable String name) {
        return department == null || department.equals(name);
    }
}
