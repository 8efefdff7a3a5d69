package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.ReductionReport.Judged;
import org.yifang.queue.evaluate.ReductionReport.Said;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.Sentences;
import org.yifang.queue.plan.Verdict;
import org.yifang.queue.plan.Words;
import org.yifang.queue.ticket.QueueStage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a report on queues says first, as a whole and of each stage.
final class ReductionSentence {
    private static final int PLACES_NAMED = 3;

    private static final Map<QueueStage, Words> STAGES =
            Map.of(
                    QueueStage.REGISTRATION, new Words("挂号", "for registration"),
                    QueueStage.TRIAGE, new Words("分诊", "for triage"),
                    QueueStage.CONSULTATION, new Words("候诊", "for consultation"),
                    QueueStage.PAYMENT, new Words("缴费", "for payment"),
                    QueueStage.REVIEW, new Words("审方", "for review"),
                    QueueStage.DISPENSING, new Words("取药", "for dispensing"),
                    QueueStage.HAND_OVER, new Words("交付", "for the hand-over"));

    /// What was asked, and what is known of it before any figure.
    ///
    /// @param places what the organizations are called
    /// @param number the how-manieth question it is
    /// @param isMadeUp whether it rests on tickets of the demonstration
    record Asked(EvaluationQuestion question, List<String> places, long number, boolean isMadeUp) {}

    /// What is said of the whole: of the one stage, or the weakest word of several.
    static Said of(Asked asked, List<Judged> judged) {
        return said(asked, weakest(judged));
    }

    /// "Met" of several stages needs all of them.
    private static @Nullable Judged weakest(List<Judged> judged) {
        Judged weakest = null;
        for (Judged one : judged) {
            boolean isStage = one.group().stage() != null;
            if (isStage && (weakest == null || rank(one) > rank(weakest))) {
                weakest = one;
            }
        }
        return weakest == null && !judged.isEmpty() ? judged.getFirst() : weakest;
    }

    private static int rank(Judged one) {
        return switch (one.judgement().verdict()) {
            case MET -> 0;
            case IMPROVED -> 1;
            case NO_CHANGE -> 2;
            case LONGER -> 3;
            case NOT_SHOWN, EXPLORATORY -> 4;
        };
    }

    private static Said said(Asked asked, @Nullable Judged judged) {
        EvaluationQuestion question = asked.question();
        Verdict underlying = judged == null ? Verdict.NOT_SHOWN : judged.judgement().verdict();
        Words reason =
                judged == null
                        ? new Words("没有任何票号", "there are no tickets")
                        : judged.judgement().reason();
        Sentences sentences =
                new Sentences(
                        subject(judged == null ? question.stage() : judged.group().stage()),
                        place(asked.places()),
                        50,
                        new Sentences.Periods(
                                question.baselineStart(),
                                question.baselineEnd(),
                                question.periodStart(),
                                question.periodEnd()),
                        asked.isMadeUp());
        Sentences.Figure figure = figure(judged);
        List<Words> warnings =
                judged == null || judged.group().facts() == null
                        ? List.of()
                        : judged.group().facts().warnings();
        Plan plan = question.plan();
        Words sentence =
                plan != null && question.isVerdict()
                        ? sentences.ofPlan(plan, underlying, figure, reason, warnings)
                        : sentences.exploratory(
                                asked.number(),
                                plan,
                                judged == null || judged.judgement().isUnknown(),
                                figure,
                                reason,
                                warnings);
        return new Said(EvaluationDesk.printed(question, underlying), sentence);
    }

    private static Sentences.Figure figure(@Nullable Judged judged) {
        if (judged == null
                || judged.reduction().median().isEmpty()
                || !ReductionReport.isPublished(judged.reduction())) {
            return new Sentences.Figure(null, null);
        }
        return new Sentences.Figure(
                judged.reduction().median().getAsDouble(),
                judged.reduction().intervals().median().orElse(null));
    }

    private static Words subject(@Nullable QueueStage stage) {
        Words about = stage == null ? new Words("", "") : STAGES.getOrDefault(stage, EMPTY);
        return new Words(about.chinese() + "等候中位数", ("the median wait " + about.english()).strip());
    }

    private static final Words EMPTY = new Words("", "");

    private static Words place(List<String> places) {
        if (places.isEmpty()) {
            return new Words("全区", "the county");
        }
        List<String> named =
                new ArrayList<>(places.subList(0, Math.min(PLACES_NAMED, places.size())));
        boolean more = places.size() > PLACES_NAMED;
        return new Words(
                String.join("、", named) + (more ? "等%d家机构".formatted(places.size()) : ""),
                String.join(", ", named)
                        + (more
                                ? String.format(
                                        Locale.ROOT, " and %d others", places.size() - PLACES_NAMED)
                                : ""));
    }

    private ReductionSentence() {}
}
