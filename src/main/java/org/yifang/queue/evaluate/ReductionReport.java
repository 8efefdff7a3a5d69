package org.yifang.queue.evaluate;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.ReductionRule.Judgement;
import org.yifang.queue.evaluate.ReductionRule.Tick;
import org.yifang.queue.plan.Verdict;
import org.yifang.queue.plan.Words;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.statistics.Interval;
import org.yifang.statistics.WeeklyFigures.Figure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;

/// Writes an evaluation as a FHIR MeasureReport: per stage a group with the reduction and its
/// interval, the verdict with every line ticked or not, what was excluded, and both periods.
final class ReductionReport {
    private static final String ROOT = "https://yifang.org/fhir/";
    private static final String EXTENSION = ROOT + "StructureDefinition/";
    private static final String POPULATION =
            "http://terminology.hl7.org/CodeSystem/measure-population";

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

    MeasureReport write(UUID id, Instant now, List<Judged> groups, Said said) {
        MeasureReport report = new MeasureReport();
        report.setId(id.toString());
        report.setStatus(MeasureReport.MeasureReportStatus.COMPLETE);
        report.setType(MeasureReport.MeasureReportType.SUMMARY);
        report.setMeasure(ROOT + "Measure/queue-time-reduction|1.0.0");
        report.setDate(java.util.Date.from(now));
        report.setPeriod(period(question.periodStart(), question.periodEnd()));
        report.setImprovementNotation(
                concept(
                        "http://terminology.hl7.org/CodeSystem/measure-improvement-notation",
                        "decrease"));
        // What may be said comes first, as a code and in words.
        report.addExtension(EXTENSION + "verdict", new CodeType(said.verdict().code()));
        report.addExtension(EXTENSION + "verdict-text", new StringType(said.sentence().both()));
        if (question.plan() != null) {
            report.addExtension(
                    EXTENSION + "report-plan", new Reference("Measure/" + question.plan().id()));
        }
        report.addExtension(
                EXTENSION + "baseline", period(question.baselineStart(), question.baselineEnd()));
        report.addExtension(EXTENSION + "as-of", instant(question.asOf()));
        report.addExtension(method());
        months.forEach(month -> report.addExtension(BreakdownReport.month(month)));
        if (groups.isEmpty()) {
            // Too little data is an answer too.
            MeasureReportGroupComponent none = report.addGroup();
            none.setCode(new CodeableConcept().setText("no tickets"));
            none.addExtension(EXTENSION + "verdict", new CodeType(Verdict.NOT_SHOWN.code()));
        }
        groups.forEach(judged -> group(report.addGroup(), judged));
        return report;
    }

    private Extension method() {
        Extension described = new Extension(EXTENSION + "evaluation-method");
        text(described, "version", ReductionMethod.VERSION);
        text(described, "target", ReductionRule.percent(method.target()));
        text(
                described,
                "description",
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
                        + " the baseline; waits above 8 hours are censored there.");
        long washIn =
                Math.max(
                        java.time.temporal.ChronoUnit.DAYS.between(
                                        question.baselineEnd(), question.periodStart())
                                - 1,
                        0);
        text(described, "wash-in-days", String.valueOf(washIn));
        text(described, "question", question.canonical());
        files.forEach(hash -> text(described, "history-file-sha-256", hash));
        return described;
    }

    static String code(@Nullable QueueStage stage) {
        return stage == null ? "whole-visit" : stage.code();
    }

    private void group(MeasureReportGroupComponent group, Judged judged) {
        Reduction reduction = judged.reduction();
        QueueStage stage = judged.group().stage();
        CodeableConcept about =
                stage == null
                        ? new CodeableConcept()
                        : concept(ROOT + "CodeSystem/queue-stage", stage.code());
        group.setCode(about.setText(code(stage)));
        PeriodFigures after = reduction.after();
        population(group, "initial-population", after.tickets());
        population(group, "measure-population", after.waits());
        population(group, "measure-population-exclusion", after.voided() + after.startMissing());
        if (isPublished(reduction)) {
            reduction.median().ifPresent(value -> group.setMeasureScore(percent(value)));
            reduction
                    .intervals()
                    .median()
                    .ifPresent(
                            interval -> group.getMeasureScore().addExtension(interval(interval)));
        }
        Judgement judgement = judged.judgement();
        group.addExtension(
                EXTENSION + "verdict",
                new CodeType(
                        judgement.isUnknown()
                                ? Verdict.NOT_SHOWN.code()
                                : EvaluationDesk.printed(question, judgement.verdict()).code()));
        judgement.ticks().forEach(tick -> group.addExtension(tick(tick)));
        Coverage covered = judged.group().told().coverage();
        covered.gaps()
                .forEach(gap ->
                        group.addExtension(
                                EXTENSION + "coverage-gap",
                                new StringType(gap.code() + ": " + gap.where())));
        covered.units().forEach(unit -> group.addExtension(coverage(unit)));
        Reduction.Intervals intervals = reduction.intervals();
        group.addExtension(figures("baseline-figures", reduction.before(), intervals.before()));
        group.addExtension(figures("period-figures", after, intervals.after()));
        group.addExtension(ReadingsReport.of(reduction));
        BreakdownReport.weeks(group, reduction);
        if (isPublished(reduction)) {
            BreakdownReport.counterfactual(group, reduction);
            BreakdownReport.curves(group, reduction);
        }
        BreakdownReport.breakdowns(group, judged.breakdowns());
    }

    /// Nothing is published of fewer than thirty waits.
    static boolean isPublished(Reduction reduction) {
        return reduction.before().waits() >= ReductionMethod.PUBLISHED_FROM
                && reduction.after().waits() >= ReductionMethod.PUBLISHED_FROM;
    }

    private static Extension coverage(Coverage.OfStage unit) {
        Extension told = new Extension(EXTENSION + "coverage");
        text(told, "organization", unit.organization());
        text(told, "stage", unit.stage().code());
        text(told, "expected-before", expected(unit.expectedBefore()));
        text(told, "reported-before", String.valueOf(unit.before()));
        text(told, "expected-after", expected(unit.expectedAfter()));
        text(told, "reported-after", String.valueOf(unit.after()));
        return told;
    }

    private static String expected(@Nullable Long count) {
        return count == null ? "unknown" : count.toString();
    }

    private static Extension tick(Tick tick) {
        Extension line = new Extension(EXTENSION + "verdict-line");
        line.addExtension("line", new CodeType(tick.line().code()));
        line.addExtension("holds", new BooleanType(tick.holds()));
        text(line, "value", tick.value());
        text(line, "words", tick.words().both());
        return line;
    }

    private static Extension figures(
            String name, PeriodFigures figures, Map<Figure, Interval> intervals) {
        Extension all = new Extension(EXTENSION + name);
        text(all, "tickets", String.valueOf(figures.tickets()));
        text(all, "left", String.valueOf(figures.left()));
        text(all, "transferred", String.valueOf(figures.transferred()));
        text(all, "unknown", String.valueOf(figures.unknown()));
        text(all, "voided", String.valueOf(figures.voided()));
        text(all, "start-missing", String.valueOf(figures.startMissing()));
        text(all, "historical", String.valueOf(figures.historical()));
        PeriodTally.Little little = figures.little();
        if (little.day() != null) {
            all.addExtension("little-gap", percent(little.gap()));
            all.addExtension("little-day", new DateType(little.day().toString()));
            text(all, "little-alarm-days", String.valueOf(little.alarms()));
            all.addExtension("little-alarm", new BooleanType(little.alarms() > 0));
        }
        if (figures.waits() >= ReductionMethod.PUBLISHED_FROM) {
            minutes(all, "median", figures.median());
            minutes(all, "p90", figures.p90());
            minutes(all, "mean", OptionalDouble.of(figures.mean()));
            minutes(all, "median-if-leavers-wait-for-ever", figures.medianIfLeaversWaitForEver());
            text(all, "within-10-min", ReductionRule.percent(figures.withinTenMinutes()));
            text(all, "within-30-min", ReductionRule.percent(figures.withinThirtyMinutes()));
            text(all, "left-incidence", ReductionRule.percent(figures.leftIncidence()));
            minutes(all, "standardised-median-interval", intervals.get(Figure.MEDIAN));
            minutes(all, "standardised-p90-interval", intervals.get(Figure.P90));
            minutes(all, "standardised-mean-interval", intervals.get(Figure.MEAN));
            shares(all, "within-10-min-interval", intervals.get(Figure.WITHIN_TEN));
            shares(all, "within-30-min-interval", intervals.get(Figure.WITHIN_THIRTY));
        }
        return all;
    }

    private static void population(MeasureReportGroupComponent group, String code, long count) {
        group.addPopulation().setCode(concept(POPULATION, code)).setCount((int) count);
    }

    private static Extension interval(Interval interval) {
        return new Extension(EXTENSION + "confidence-interval", range(interval));
    }

    static Range range(Interval interval) {
        return new Range().setLow(percent(interval.low())).setHigh(percent(interval.high()));
    }

    static Quantity percent(double share) {
        return new Quantity()
                .setValue(rounded(100 * share, 1))
                .setUnit("%")
                .setSystem("http://unitsofmeasure.org")
                .setCode("%");
    }

    private static Quantity minutes(double seconds) {
        return BreakdownReport.minutes(seconds);
    }

    private static void minutes(Extension into, String name, @Nullable Interval one) {
        if (one != null) {
            into.addExtension(
                    name, new Range().setLow(minutes(one.low())).setHigh(minutes(one.high())));
        }
    }

    private static void shares(Extension into, String name, @Nullable Interval one) {
        if (one != null) {
            into.addExtension(name, range(one));
        }
    }

    private static void minutes(Extension into, String name, OptionalDouble seconds) {
        seconds.ifPresent(value -> into.addExtension(name, minutes(value)));
    }

    static void text(Extension into, String name, String value) {
        into.addExtension(name, new StringType(value));
    }

    static BigDecimal rounded(double value, int places) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
    }

    private static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding().setSystem(system).setCode(code));
    }

    private static InstantType instant(Instant at) {
        return new InstantType(at.toString());
    }

    private static Period period(LocalDate start, LocalDate end) {
        Period period = new Period();
        period.getStartElement().setValueAsString(start.toString());
        period.getEndElement().setValueAsString(end.toString());
        return period;
    }
}
