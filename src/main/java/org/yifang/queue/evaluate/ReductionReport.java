package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.queue.evaluate.ReductionRule.Judgement;
import org.yifang.queue.evaluate.ReductionRule.Tick;
import org.yifang.queue.plan.ReportJson;
import org.yifang.queue.plan.Verdict;
import org.yifang.queue.plan.Words;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.statistics.Interval;
import org.yifang.statistics.WeeklyFigures.Figure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Writes an evaluation as a FHIR MeasureReport: per stage a group with the reduction and its
/// interval, the verdict with every line ticked or not, what was excluded, and both periods.
final class ReductionReport {
    private static final String DESCRIPTION =
            "Median and P90 are quantiles of the Kaplan-Meier curve, later waits reweighted to"
                    + " the earlier mix of department, hour and weekday (strata of fewer than"
                    + " 20 tickets on a side put together); crude ones are not reweighted. 95 %"
                    + " intervals of weekly values with errors of the first order and each"
                    + " week's known variance, rho and sigma integrated over fixed priors on a"
                    + " grid, no random numbers; below 26 weeks on a side the wider of that and"
                    + " restricted likelihood with Satterthwaite's degrees of freedom. "
                    + "Segmented"
                    + " regression of the logarithm of standardised weekly medians over all"
                    + " weeks, with season where a year is there, the same interval; Newey-West"
                    + " and Prais-Winsten beside it. XmR with screened moving ranges, limits of"
                    + " the baseline; waits above 8 hours are censored there.";

    /// What a report says first.
    record Said(Verdict verdict, Words sentence) {}

    /// One group and what may be said of it.
    record Judged(
            EvaluationData.Group group,
            Reduction reduction,
            List<Breakdown> breakdowns,
            Judgement judgement) {}

    private final EvaluationQuestion question;
    private final ReductionMethod method;
    private final List<String> files;
    private final List<EvaluationStore.ImportedMonth> months;

    ReductionReport(
            EvaluationQuestion question,
            ReductionMethod method,
            List<String> files,
            List<EvaluationStore.ImportedMonth> months) {
        this.question = question;
        this.method = method;
        this.files = files;
        this.months = months;
    }

    byte[] write(UUID id, Instant now, List<Judged> groups, Said said) {
        return FhirWriter.resource(
                "MeasureReport",
                json -> {
                    json.string("id", id.toString());
                    json.extensions(all -> said(all, said));
                    ReportJson.head(
                            json,
                            "queue-time-reduction|1.0.0",
                            now,
                            question.periodStart(),
                            question.periodEnd());
                    json.list(
                            "group",
                            all -> {
                                if (groups.isEmpty()) {
                                    none(all);
                                }
                                groups.forEach(one -> all.element(group -> group(group, one)));
                            });
                });
    }

    /// What may be said comes first, as a code and in words.
    private void said(NamedValues all, Said said) {
        all.code("verdict", said.verdict().code()).string("verdict-text", said.sentence().both());
        if (question.plan() != null) {
            all.reference("report-plan", "Measure/" + question.plan().id());
        }
        all.days("baseline", question.baselineStart(), question.baselineEnd())
                .exactInstant("as-of", question.asOf())
                .group("evaluation-method", this::method);
        months.forEach(
                month -> all.group("monthly-figures", one -> BreakdownReport.month(one, month)));
    }

    /// Too little data is an answer too.
    private static void none(FhirWriter all) {
        all.element(group -> {
            group.extensions(one -> one.code("verdict", Verdict.NOT_SHOWN.code()));
            group.words("code", "no tickets");
        });
    }

    private void method(NamedValues all) {
        long washIn = ChronoUnit.DAYS.between(question.baselineEnd(), question.periodStart()) - 1;
        all.string("version", ReductionMethod.VERSION)
                .string("target", ReductionRule.percent(method.target()))
                .string("description", DESCRIPTION)
                .string("wash-in-days", String.valueOf(Math.max(washIn, 0)))
                .string("question", question.canonical());
        files.forEach(hash -> all.string("history-file-sha-256", hash));
    }

    static String code(@Nullable QueueStage stage) {
        return stage == null ? "whole-visit" : stage.code();
    }

    private void group(FhirWriter group, Judged judged) {
        Reduction reduction = judged.reduction();
        QueueStage stage = judged.group().stage();
        PeriodFigures after = reduction.after();
        group.extensions(all -> extensions(all, judged));
        group.concept(
                "code",
                FhirJson.SYSTEMS + "queue-stage",
                stage == null ? null : stage.code(),
                code(stage));
        group.list(
                "population",
                all -> {
                    ReportJson.population(all, "initial-population", null, after.tickets());
                    ReportJson.population(all, "measure-population", null, after.waits());
                    ReportJson.population(
                            all,
                            "measure-population-exclusion",
                            null,
                            after.voided() + after.startMissing());
                });
        if (isPublished(reduction)) {
            group.object("measureScore", score -> score(score, reduction));
        }
        group.list(
                "stratifier",
                all -> {
                    BreakdownReport.weeks(all, reduction);
                    if (isPublished(reduction)) {
                        BreakdownReport.counterfactual(all, reduction);
                        BreakdownReport.curves(all, reduction);
                    }
                    BreakdownReport.breakdowns(all, judged.breakdowns());
                });
    }

    private static void score(FhirWriter score, Reduction reduction) {
        score.extensions(all ->
                reduction
                        .intervals()
                        .median()
                        .ifPresent(one -> Shown.range(all, "confidence-interval", one)));
        reduction.median().ifPresent(value -> Shown.percent(score, value));
    }

    private void extensions(NamedValues all, Judged judged) {
        Reduction reduction = judged.reduction();
        Judgement judgement = judged.judgement();
        all.code(
                "verdict",
                judgement.isUnknown()
                        ? Verdict.NOT_SHOWN.code()
                        : EvaluationDesk.printed(question, judgement.verdict()).code());
        judgement.ticks().forEach(tick -> all.group("verdict-line", one -> tick(one, tick)));
        Coverage covered = judged.group().told().coverage();
        covered.gaps().forEach(gap -> all.string("coverage-gap", gap.code() + ": " + gap.where()));
        covered.units().forEach(unit -> all.group("coverage", one -> coverage(one, unit)));
        Reduction.Intervals intervals = reduction.intervals();
        all.group("baseline-figures", one -> figures(one, reduction.before(), intervals.before()));
        all.group("period-figures", one -> figures(one, reduction.after(), intervals.after()));
        all.group("reduction-readings", one -> ReadingsReport.write(one, reduction));
        BreakdownReport.chart(all, reduction);
    }

    /// Nothing is published of fewer than thirty waits.
    static boolean isPublished(Reduction reduction) {
        return reduction.before().waits() >= ReductionMethod.PUBLISHED_FROM
                && reduction.after().waits() >= ReductionMethod.PUBLISHED_FROM;
    }

    private static void coverage(NamedValues told, Coverage.OfStage unit) {
        told.string("organization", unit.organization())
                .string("stage", unit.stage().code())
                .string("expected-before", expected(unit.expectedBefore()))
                .string("reported-before", String.valueOf(unit.before()))
                .string("expected-after", expected(unit.expectedAfter()))
                .string("reported-after", String.valueOf(unit.after()));
    }

    private static String expected(@Nullable Long count) {
        return count == null ? "unknown" : count.toString();
    }

    private static void tick(NamedValues line, Tick tick) {
        line.code("line", tick.line().code())
                .truth("holds", tick.holds())
                .string("value", tick.value())
                .string("words", tick.words().both());
    }

    private static void figures(
            NamedValues all, PeriodFigures figures, Map<Figure, Interval> intervals) {
        all.string("tickets", String.valueOf(figures.tickets()))
                .string("left", String.valueOf(figures.left()))
                .string("transferred", String.valueOf(figures.transferred()))
                .string("unknown", String.valueOf(figures.unknown()))
                .string("voided", String.valueOf(figures.voided()))
                .string("start-missing", String.valueOf(figures.startMissing()))
                .string("historical", String.valueOf(figures.historical()));
        PeriodTally.Little little = figures.little();
        if (little.day() != null) {
            Shown.percent(all, "little-gap", little.gap());
            all.date("little-day", little.day())
                    .string("little-alarm-days", String.valueOf(little.alarms()))
                    .truth("little-alarm", little.alarms() > 0);
        }
        if (figures.waits() >= ReductionMethod.PUBLISHED_FROM) {
            published(all, figures, intervals);
        }
    }

    private static void published(
            NamedValues all, PeriodFigures figures, Map<Figure, Interval> intervals) {
        Shown.minutes(all, "median", figures.median());
        Shown.minutes(all, "p90", figures.p90());
        Shown.minutes(all, "mean", figures.mean());
        Shown.minutes(all, "median-if-leavers-wait-for-ever", figures.medianIfLeaversWaitForEver());
        all.string("within-10-min", ReductionRule.percent(figures.withinTenMinutes()))
                .string("within-30-min", ReductionRule.percent(figures.withinThirtyMinutes()))
                .string("left-incidence", ReductionRule.percent(figures.leftIncidence()));
        minutes(all, "standardised-median-interval", intervals.get(Figure.MEDIAN));
        minutes(all, "standardised-p90-interval", intervals.get(Figure.P90));
        minutes(all, "standardised-mean-interval", intervals.get(Figure.MEAN));
        shares(all, "within-10-min-interval", intervals.get(Figure.WITHIN_TEN));
        shares(all, "within-30-min-interval", intervals.get(Figure.WITHIN_THIRTY));
    }

    private static void minutes(NamedValues all, String name, @Nullable Interval one) {
        if (one != null) {
            Shown.minutes(all, name, one);
        }
    }

    private static void shares(NamedValues all, String name, @Nullable Interval one) {
        if (one != null) {
            Shown.range(all, name, one);
        }
    }
}
