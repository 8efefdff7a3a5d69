package org.yifang.queue.evaluate;

import org.yifang.statistics.CorrelatedWeeks;
import org.yifang.statistics.Interval;
import org.yifang.statistics.WeekContrast;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reckons which share was not seen to be served, and how sure its change is.
final class LeavingShares {
    static Reduction.Leaving of(Reduction.StageTallies told) {
        List<WeekContrast.Point> points = unserved(told.before(), false);
        points.addAll(unserved(told.after(), true));
        double before = told.before().leavingShare(told.coverage().expectedBefore());
        double after = told.after().leavingShare(told.coverage().expectedAfter());
        Optional<Interval> interval =
                WeekContrast.change(points, ReductionMethod.CONFIDENCE)
                        .map(CorrelatedWeeks.Estimate::interval)
                        .map(one -> around(one, after - before));
        return new Reduction.Leaving(before, after, interval);
    }

    private static Interval around(Interval weeks, double change) {
        double middle = (weeks.low() + weeks.high()) / 2;
        return new Interval(
                weeks.low() - middle + change, weeks.high() - middle + change, weeks.confidence());
    }

    /// The share not seen to be served, week by week.
    private static List<WeekContrast.Point> unserved(PeriodTally tally, boolean isLater) {
        Map<LocalDate, double[]> weeks = new TreeMap<>();
        tally.unserved()
                .forEach((day, counts) -> {
                    double[] week = weeks.computeIfAbsent(monday(day), _ -> new double[2]);
                    week[0] += counts[0];
                    week[1] += counts[1];
                });
        List<WeekContrast.Point> points = new ArrayList<>();
        weeks.forEach((monday, counts) -> {
            double share = counts[0] / counts[1];
            // Half a leaver more: a week without any is not known for sure.
            double smoothed = (counts[0] + 0.5) / (counts[1] + 1);
            points.add(
                    new WeekContrast.Point(
                            monday, isLater, share, smoothed * (1 - smoothed) / counts[1]));
        });
        return points;
    }

    private static LocalDate monday(LocalDate day) {
        return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private LeavingShares() {}
}
