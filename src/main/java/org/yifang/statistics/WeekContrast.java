package org.yifang.statistics;

import org.yifang.statistics.CorrelatedWeeks.Estimate;
import org.yifang.statistics.WeeklyFigures.Figure;
import org.yifang.statistics.WeeklyFigures.Week;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The weeks of two periods compared: how much the later ones differ, and how sure that is.
public final class WeekContrast {
    /// Below so many weeks on either side, the wider of both methods is taken.
    public static final int MANY_WEEKS = 26;

    /// Fewer weeks on a side say nothing of how weeks vary.
    public static final int WEEKS_LEAST = 3;

    /// One week of one side.
    ///
    /// @param variance through its own days and tickets
    public record Point(LocalDate monday, boolean isLater, double value, double variance) {}

    /// Later less earlier, on the figure's scale: the logarithm of a ratio, or a difference of
    /// shares. Empty with fewer than [#WEEKS_LEAST] weeks on a side.
    public static Optional<Estimate> change(
            WeeklyFigures before, WeeklyFigures after, Figure figure, double confidence) {
        List<Point> points = points(before, figure, false);
        points.addAll(points(after, figure, true));
        return change(points, confidence);
    }

    /// The same of any values of weeks.
    public static Optional<Estimate> change(List<Point> points, double confidence) {
        long later = points.stream().filter(Point::isLater).count();
        long least = Math.min(later, points.size() - later);
        if (least < WEEKS_LEAST) {
            return Optional.empty();
        }
        CorrelatedWeeks weeks = weeks(points, true);
        double[] combination = {0, 1};
        Estimate integrated = weeks.integrated(combination, confidence);
        return Optional.of(
                least < MANY_WEEKS
                        ? integrated.orWider(weeks.restricted(combination, confidence))
                        : integrated);
    }

    /// The level of one side, back on the scale of the figure itself.
    public static Optional<Interval> level(WeeklyFigures side, Figure figure, double confidence) {
        List<Point> points = points(side, figure, false);
        if (points.size() < WEEKS_LEAST) {
            return Optional.empty();
        }
        CorrelatedWeeks weeks = weeks(points, false);
        double[] combination = {1};
        Estimate integrated = weeks.integrated(combination, confidence);
        Estimate estimate =
                points.size() < MANY_WEEKS
                        ? integrated.orWider(weeks.restricted(combination, confidence))
                        : integrated;
        return Optional.of(
                new Interval(
                        figure.told(estimate.interval().low()),
                        figure.told(estimate.interval().high()),
                        confidence));
    }

    private static List<Point> points(WeeklyFigures side, Figure figure, boolean isLater) {
        double variance = side.variance(figure);
        List<Point> points = new ArrayList<>();
        for (Week week : side.weeks()) {
            if (figure.isKnown(week)) {
                points.add(new Point(week.monday(), isLater, figure.of(week), variance));
            }
        }
        return points;
    }

    private static CorrelatedWeeks weeks(List<Point> points, boolean isContrast) {
        int n = points.size();
        int[] week = new int[n];
        double[] value = new double[n];
        double[] variance = new double[n];
        double[][] design = new double[n][];
        LocalDate first = points.getFirst().monday;
        for (int i = 0; i < n; i++) {
            Point point = points.get(i);
            week[i] = (int) ChronoUnit.WEEKS.between(first, point.monday);
            value[i] = point.value;
            variance[i] = point.variance;
            design[i] = isContrast ? new double[] {1, point.isLater ? 1 : 0} : new double[] {1};
        }
        return new CorrelatedWeeks(week, value, variance, design);
    }

    private WeekContrast() {}
}
