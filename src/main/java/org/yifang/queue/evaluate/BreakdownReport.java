package org.yifang.queue.evaluate;

import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.yifang.statistics.WaitCells;
import org.yifang.statistics.WeeklyFigures.Week;
import org.yifang.statistics.XmrChart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Writes the stratifiers of a MeasureReport: the weeks with what the chart says of each, and the
/// figures by department, hour and weekday.
final class BreakdownReport {
    private static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    private static final String POPULATION =
            "http://terminology.hl7.org/CodeSystem/measure-population";

    /// The weeks of both periods, and the limits that the chart was drawn with.
    static void weeks(MeasureReportGroupComponent group, Reduction reduction) {
        Reduction.Series series = reduction.series();
        XmrChart chart = reduction.chart();
        List<XmrChart.Point> points = chart == null ? List.of() : chart.points();
        int before = series.before().size();
        weeks(
                group,
                "baseline-week",
                series.before(),
                points.subList(0, Math.min(before, points.size())));
        weeks(
                group,
                "period-week",
                series.after(),
                points.subList(Math.min(before, points.size()), points.size()));
        if (reduction.controlSeries() != null) {
            Reduction.Series control = reduction.controlSeries().weeks();
            weeks(group, "control-baseline-week", control.before(), List.of());
            weeks(group, "control-period-week", control.after(), List.of());
        }
        if (chart != null) {
            Extension told = new Extension(EXTENSION + "process-chart");
            told.addExtension("centre", minutes(chart.centre()));
            told.addExtension("lower", minutes(chart.lower()));
            told.addExtension("upper", minutes(chart.upper()));
            told.addExtension("screened", new StringType(String.valueOf(chart.screened())));
            told.addExtension("limits-from-weeks", new StringType(String.valueOf(before)));
            assurance(reduction).ifPresent(code -> told.addExtension("assurance", code));
            group.addExtension(told);
        }
    }

    /// Whether the weeks of the period, by limits of their own, can be relied on to lie below the
    /// target: half of what the baseline's weeks were like.
    private static Optional<CodeType> assurance(Reduction reduction) {
        double[] after =
                reduction.series().after().stream().mapToDouble(Week::medianSeconds).toArray();
        if (reduction.chart() == null || after.length < XmrChart.SEGMENT_MIN) {
            return Optional.empty();
        }
        double target = (1 - ReductionMethod.standard().target()) * reduction.chart().centre();
        String told = XmrChart.of(after, after.length, true).assurance(target).name();
        return Optional.of(new CodeType(told.toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    private static void weeks(
            MeasureReportGroupComponent group,
            String code,
            List<Week> weeks,
            List<XmrChart.Point> points) {
        if (weeks.isEmpty()) {
            return;
        }
        MeasureReportGroupStratifierComponent stratifier = group.addStratifier();
        stratifier.addCode(new CodeableConcept().setText(code));
        for (int w = 0; w < weeks.size(); w++) {
            Week week = weeks.get(w);
            StratifierGroupComponent stratum = stratifier.addStratum();
            stratum.setValue(new CodeableConcept().setText(week.monday().toString()));
            population(stratum, week.tickets());
            stratum.setMeasureScore(minutes(week.medianSeconds()));
            if (w < points.size()) {
                String sign = points.get(w).sign().name().toLowerCase(Locale.ROOT);
                stratum.addExtension(
                        EXTENSION + "process-sign", new StringType(sign.replace('_', '-')));
            }
        }
    }

    /// What each week would have been without the change: the dashed line of the chart.
    static void counterfactual(MeasureReportGroupComponent group, Reduction reduction) {
        if (reduction.interrupted() == null) {
            return;
        }
        double[] without = reduction.interrupted().counterfactual();
        MeasureReportGroupStratifierComponent stratifier = group.addStratifier();
        stratifier.addCode(new CodeableConcept().setText("counterfactual-week"));
        for (int w = 0; w < without.length; w++) {
            Week week = reduction.interruptedWeeks().get(w);
            StratifierGroupComponent stratum = stratifier.addStratum();
            stratum.setValue(new CodeableConcept().setText(week.monday().toString()));
            population(stratum, week.tickets());
            stratum.setMeasureScore(minutes(without[w]));
        }
    }

    /// The curves of those still waiting, with the numbers at risk.
    static void curves(MeasureReportGroupComponent group, Reduction reduction) {
        List<PeriodFigures.Standing> before = reduction.before().curve();
        List<PeriodFigures.Standing> after = reduction.after().curve();
        MeasureReportGroupStratifierComponent stratifier = group.addStratifier();
        stratifier.addCode(new CodeableConcept().setText("still-waiting"));
        for (int i = 0; i < after.size(); i++) {
            if (before.get(i).atRisk() + after.get(i).atRisk() == 0) {
                break;
            }
            StratifierGroupComponent stratum = stratifier.addStratum();
            stratum.setValue(new CodeableConcept().setText(after.get(i).minutes() + " min"));
            population(stratum, after.get(i).atRisk());
            stratum.setMeasureScore(percent(after.get(i).share()));
            Extension figures = new Extension(EXTENSION + "stratum-figures");
            text(figures, "baseline-waits", String.valueOf(before.get(i).atRisk()));
            figures.addExtension("baseline-still-waiting", percent(before.get(i).share()));
            stratum.addExtension(figures);
        }
    }

    private static Quantity percent(double share) {
        return new Quantity()
                .setValue(BigDecimal.valueOf(100 * share).setScale(1, RoundingMode.HALF_UP))
                .setUnit("%")
                .setSystem("http://unitsofmeasure.org")
                .setCode("%");
    }

    /// A month as a file of the past tells it.
    static Extension month(EvaluationStore.ImportedMonth month) {
        Extension told = new Extension(EXTENSION + "monthly-figures");
        text(told, "organization", month.organization());
        told.addExtension("month", new DateType(YearMonth.from(month.month()).toString()));
        if (!month.queue().isEmpty()) {
            text(told, "queue", month.queue());
        }
        if (!month.department().isEmpty()) {
            text(told, "department", month.department());
        }
        count(told, "tickets", month.tickets());
        count(told, "registrations", month.registrations());
        count(told, "prescriptions", month.prescriptions());
        if (month.medianSeconds() != null) {
            told.addExtension("median", minutes(month.medianSeconds()));
        }
        if (month.p90Seconds() != null) {
            told.addExtension("p90", minutes(month.p90Seconds()));
        }
        return told;
    }

    private static void count(Extension into, String name, @Nullable Long count) {
        if (count != null) {
            text(into, name, count.toString());
        }
    }

    private static void text(Extension into, String name, String value) {
        into.addExtension(name, new StringType(value));
    }

    /// The figures of every breakdown: median as the score, the rest beside it. Nothing is said of
    /// fewer than thirty waits but their number.
    static void breakdowns(MeasureReportGroupComponent group, List<Breakdown> breakdowns) {
        for (Breakdown breakdown : breakdowns) {
            MeasureReportGroupStratifierComponent stratifier = group.addStratifier();
            stratifier.addCode(new CodeableConcept().setText(breakdown.by()));
            for (Breakdown.Cell cell : breakdown.cells()) {
                stratum(stratifier.addStratum(), breakdown.by(), cell);
            }
        }
    }

    private static void stratum(StratifierGroupComponent stratum, String by, Breakdown.Cell cell) {
        List<String> names = cell.names();
        if (names.size() == 1) {
            stratum.setValue(new CodeableConcept().setText(names.getFirst()));
        } else {
            String[] parts = by.split("-", -1);
            for (int i = 0; i < names.size(); i++) {
                stratum.addComponent()
                        .setCode(new CodeableConcept().setText(parts[i]))
                        .setValue(new CodeableConcept().setText(names.get(i)));
            }
        }
        population(stratum, cell.after().waits());
        Extension figures = new Extension(EXTENSION + "stratum-figures");
        figures.addExtension(
                "baseline-waits", new StringType(String.valueOf(cell.before().waits())));
        if (isPublished(cell.before())) {
            minutes(figures, "baseline-median", cell.before().median());
            minutes(figures, "baseline-p90", cell.before().p90());
        }
        if (isPublished(cell.after())) {
            cell.after().median().ifPresent(value -> stratum.setMeasureScore(minutes(value)));
            minutes(figures, "p90", cell.after().p90());
        }
        stratum.addExtension(figures);
    }

    private static boolean isPublished(WaitCells.Cell cell) {
        return cell.waits() >= ReductionMethod.PUBLISHED_FROM;
    }

    private static void population(StratifierGroupComponent stratum, long count) {
        stratum.addPopulation()
                .setCode(
                        new CodeableConcept()
                                .addCoding(
                                        new Coding()
                                                .setSystem(POPULATION)
                                                .setCode("measure-population")))
                .setCount((int) count);
    }

    private static void minutes(Extension into, String name, OptionalDouble seconds) {
        seconds.ifPresent(value -> into.addExtension(name, minutes(value)));
    }

    static Quantity minutes(double seconds) {
        return new Quantity()
                .setValue(BigDecimal.valueOf(seconds / 60).setScale(1, RoundingMode.HALF_UP))
                .setUnit("min")
                .setSystem("http://unitsofmeasure.org")
                .setCode("min");
    }

    private BreakdownReport() {}
}
