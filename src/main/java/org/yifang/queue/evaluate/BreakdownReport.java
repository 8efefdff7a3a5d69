package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.queue.plan.ReportJson;
import org.yifang.statistics.WaitCells;
import org.yifang.statistics.WeeklyFigures.Week;
import org.yifang.statistics.XmrChart;

import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Writes the stratifiers of a MeasureReport: the weeks with what the chart says of each, and the
/// figures by department, hour and weekday.
final class BreakdownReport {
    /// The weeks of both periods.
    static void weeks(FhirWriter all, Reduction reduction) {
        Reduction.Series series = reduction.series();
        XmrChart chart = reduction.chart();
        List<XmrChart.Point> points = chart == null ? List.of() : chart.points();
        int before = Math.min(series.before().size(), points.size());
        weeks(all, "baseline-week", series.before(), points.subList(0, before));
        weeks(all, "period-week", series.after(), points.subList(before, points.size()));
        if (reduction.controlSeries() != null) {
            Reduction.Series control = reduction.controlSeries().weeks();
            weeks(all, "control-baseline-week", control.before(), List.of());
            weeks(all, "control-period-week", control.after(), List.of());
        }
    }

    /// The limits that the chart of the weeks was drawn with.
    static void chart(NamedValues all, Reduction reduction) {
        XmrChart chart = reduction.chart();
        if (chart == null) {
            return;
        }
        all.group(
                "process-chart",
                told -> {
                    Shown.minutes(told, "centre", chart.centre());
                    Shown.minutes(told, "lower", chart.lower());
                    Shown.minutes(told, "upper", chart.upper());
                    told.string("screened", String.valueOf(chart.screened()))
                            .string(
                                    "limits-from-weeks",
                                    String.valueOf(reduction.series().before().size()))
                            .code("assurance", assurance(reduction.series().after(), chart));
                });
    }

    /// Whether the weeks of the period, by limits of their own, can be relied on to lie below the
    /// target: half of what the baseline's weeks were like.
    private static @Nullable String assurance(List<Week> weeks, XmrChart chart) {
        double[] after = weeks.stream().mapToDouble(Week::medianSeconds).toArray();
        if (after.length < XmrChart.SEGMENT_MIN) {
            return null;
        }
        double target = (1 - ReductionMethod.standard().target()) * chart.centre();
        return code(XmrChart.of(after, after.length, true).assurance(target));
    }

    private static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void weeks(
            FhirWriter all, String title, List<Week> weeks, List<XmrChart.Point> points) {
        if (weeks.isEmpty()) {
            return;
        }
        ReportJson.stratifier(
                all,
                title,
                strata -> {
                    for (int w = 0; w < weeks.size(); w++) {
                        XmrChart.Point point = w < points.size() ? points.get(w) : null;
                        week(
                                strata,
                                weeks.get(w),
                                weeks.get(w).medianSeconds(),
                                point == null
                                        ? _ -> {}
                                        : more -> more.string("process-sign", code(point.sign())));
                    }
                });
    }

    private static void week(
            FhirWriter strata, Week week, double seconds, Consumer<NamedValues> more) {
        strata.element(one -> {
            one.extensions(more);
            value(one, week.monday().toString());
            population(one, week.tickets());
            Shown.minutes(one, "measureScore", seconds);
        });
    }

    /// What each week would have been without the change: the dashed line of the chart.
    static void counterfactual(FhirWriter all, Reduction reduction) {
        if (reduction.interrupted() == null) {
            return;
        }
        double[] without = reduction.interrupted().counterfactual();
        ReportJson.stratifier(
                all,
                "counterfactual-week",
                strata -> {
                    for (int w = 0; w < without.length; w++) {
                        week(strata, reduction.interruptedWeeks().get(w), without[w], _ -> {});
                    }
                });
    }

    /// The curves of those still waiting, with the numbers at risk.
    static void curves(FhirWriter all, Reduction reduction) {
        List<PeriodFigures.Standing> before = reduction.before().curve();
        List<PeriodFigures.Standing> after = reduction.after().curve();
        ReportJson.stratifier(
                all,
                "still-waiting",
                strata -> {
                    for (int i = 0; i < after.size(); i++) {
                        if (before.get(i).atRisk() + after.get(i).atRisk() == 0) {
                            break;
                        }
                        standing(strata, before.get(i), after.get(i));
                    }
                });
    }

    private static void standing(
            FhirWriter strata, PeriodFigures.Standing before, PeriodFigures.Standing after) {
        strata.element(one -> {
            one.extensions(all ->
                    all.group(
                            "stratum-figures",
                            figures -> {
                                figures.string("baseline-waits", String.valueOf(before.atRisk()));
                                Shown.percent(figures, "baseline-still-waiting", before.share());
                            }));
            value(one, after.minutes() + " min");
            population(one, after.atRisk());
            Shown.percent(one, "measureScore", after.share());
        });
    }

    /// A month as a file of the past tells it.
    static void month(NamedValues told, EvaluationStore.ImportedMonth month) {
        told.string("organization", month.organization())
                .date("month", YearMonth.from(month.month()));
        if (!month.queue().isEmpty()) {
            told.string("queue", month.queue());
        }
        if (!month.department().isEmpty()) {
            told.string("department", month.department());
        }
        count(told, "tickets", month.tickets());
        count(told, "registrations", month.registrations());
        count(told, "prescriptions", month.prescriptions());
        if (month.medianSeconds() != null) {
            Shown.minutes(told, "median", month.medianSeconds());
        }
        if (month.p90Seconds() != null) {
            Shown.minutes(told, "p90", month.p90Seconds());
        }
        if (month.isCorrected()) {
            told.truth("corrected", true);
        }
    }

    private static void count(NamedValues told, String name, @Nullable Long count) {
        told.string(name, count == null ? null : count.toString());
    }

    /// The figures of every breakdown: median as the score, the rest beside it. Nothing is said of
    /// fewer than thirty waits but their number.
    static void breakdowns(FhirWriter all, List<Breakdown> breakdowns) {
        for (Breakdown breakdown : breakdowns) {
            ReportJson.stratifier(
                    all,
                    breakdown.by(),
                    strata ->
                            breakdown
                                    .cells()
                                    .forEach(cell ->
                                            strata.element(
                                                    one -> stratum(one, breakdown.by(), cell))));
        }
    }

    private static void stratum(FhirWriter stratum, String by, Breakdown.Cell cell) {
        stratum.extensions(all -> all.group("stratum-figures", one -> figures(one, cell)));
        List<String> names = cell.names();
        if (names.size() == 1) {
            value(stratum, names.getFirst());
        } else {
            components(stratum, by.split("-", -1), names);
        }
        population(stratum, cell.after().waits());
        if (isPublished(cell.after())) {
            cell.after()
                    .median()
                    .ifPresent(seconds -> Shown.minutes(stratum, "measureScore", seconds));
        }
    }

    private static void figures(NamedValues figures, Breakdown.Cell cell) {
        figures.string("baseline-waits", String.valueOf(cell.before().waits()));
        if (isPublished(cell.before())) {
            Shown.minutes(figures, "baseline-median", cell.before().median());
            Shown.minutes(figures, "baseline-p90", cell.before().p90());
        }
        if (isPublished(cell.after())) {
            Shown.minutes(figures, "p90", cell.after().p90());
        }
    }

    private static void components(FhirWriter stratum, String[] by, List<String> names) {
        stratum.list(
                "component",
                all -> {
                    for (int i = 0; i < names.size(); i++) {
                        String title = by[i];
                        String name = names.get(i);
                        all.element(one -> {
                            one.words("code", title);
                            value(one, name);
                        });
                    }
                });
    }

    private static boolean isPublished(WaitCells.Cell cell) {
        return cell.waits() >= ReductionMethod.PUBLISHED_FROM;
    }

    /// A ticket without a department stands in a stratum of its own, which has a name too.
    private static void value(FhirWriter stratum, String name) {
        String text = name.isEmpty() ? "unknown" : name;
        stratum.words("value", text);
    }

    private static void population(FhirWriter stratum, long count) {
        stratum.list(
                "population", all -> ReportJson.population(all, "measure-population", null, count));
    }

    private BreakdownReport() {}
}
