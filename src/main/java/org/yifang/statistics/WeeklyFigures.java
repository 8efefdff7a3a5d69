package org.yifang.statistics;

import org.yifang.statistics.WaitSample.Ending;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/// A period as whole weeks from Monday to Sunday, each with its own weighted curve, and how far the
/// days of a week lie apart: half a week has another mix of days.
///
/// @param weeks in order of time
/// @param days the same figures of every day
public record WeeklyFigures(List<Week> weeks, List<Week> days) {
    /// What a week, or a day, comes to; times in seconds, at least one so that logarithms exist.
    ///
    /// @param monday first day, or the day itself
    /// @param tickets how many waited
    /// @param left how many of them left
    /// @param medianSeconds of the reweighted curve, NaN when too many left to see it
    /// @param p90Seconds of the same curve, NaN likewise
    /// @param meanSeconds up to eight hours
    /// @param withinTenMinutes share served
    /// @param withinThirtyMinutes share served
    public record Week(
            LocalDate monday,
            long tickets,
            long left,
            double medianSeconds,
            double p90Seconds,
            double meanSeconds,
            double withinTenMinutes,
            double withinThirtyMinutes) {}

    /// A figure of a week, and the scale on which weeks are compared.
    public enum Figure {
        MEDIAN,
        P90,
        MEAN,
        WITHIN_TEN,
        WITHIN_THIRTY;

        /// The logarithm of a time, or a share as it is.
        public double of(Week week) {
            return switch (this) {
                case MEDIAN -> Math.log(Math.max(week.medianSeconds, 1));
                case P90 -> Math.log(Math.max(week.p90Seconds, 1));
                case MEAN -> Math.log(Math.max(week.meanSeconds, 1));
                case WITHIN_TEN -> week.withinTenMinutes;
                case WITHIN_THIRTY -> week.withinThirtyMinutes;
            };
        }

        boolean isKnown(Week week) {
            return switch (this) {
                case MEDIAN -> Double.isFinite(week.medianSeconds);
                case P90 -> Double.isFinite(week.p90Seconds);
                case MEAN, WITHIN_TEN, WITHIN_THIRTY -> true;
            };
        }

        /// From the scale of comparison back; a share is none below nothing or above all.
        double told(double compared) {
            return switch (this) {
                case MEDIAN, P90, MEAN -> Math.exp(compared);
                case WITHIN_TEN, WITHIN_THIRTY -> Math.clamp(compared, 0, 1);
            };
        }
    }

    /// Days with fewer waits tell nothing of how far days lie apart.
    private static final int DAY_LEAST = 8;

    /// Cuts a sample into its whole weeks.
    ///
    /// @param weight of the i-th wait; 0 leaves it out
    /// @param least weeks with fewer waits are left out
    static WeeklyFigures of(
            WaitSample sample,
            WaitBins bins,
            IntToDoubleFunction weight,
            LocalDate from,
            LocalDate to,
            int least) {
        int days = sample.days().size();
        double[][] rows = new double[days][];
        long[] tickets = new long[days];
        long[] left = new long[days];
        for (int i = 0; i < sample.size(); i++) {
            double w = weight.applyAsDouble(i);
            int day = sample.day(i);
            tickets[day]++;
            left[day] += sample.ending(i) == Ending.LEFT ? 1 : 0;
            if (w > 0) {
                if (rows[day] == null) {
                    rows[day] = new double[2 * bins.count()];
                }
                int bin = bins.bin(sample.seconds(i));
                rows[day][sample.served(i) ? bin : bins.count() + bin] += w;
            }
        }
        LocalDate first = from.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
        Map<LocalDate, List<Integer>> weeks = new TreeMap<>();
        List<Week> single = new ArrayList<>();
        for (int d = 0; d < days; d++) {
            LocalDate day = sample.days().get(d);
            LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            boolean isWhole = !monday.isBefore(first) && !monday.plusDays(6).isAfter(to);
            if (isWhole && rows[d] != null) {
                weeks.computeIfAbsent(monday, _ -> new ArrayList<>()).add(d);
                if (tickets[d] >= DAY_LEAST) {
                    single.add(week(day, tickets[d], left[d], bins.figures(rows[d])));
                }
            }
        }
        List<Week> whole = new ArrayList<>();
        weeks.forEach((monday, of) -> {
            double[] sum = new double[2 * bins.count()];
            long all = 0;
            long gone = 0;
            for (int d : of) {
                for (int b = 0; b < sum.length; b++) {
                    sum[b] += rows[d][b];
                }
                all += tickets[d];
                gone += left[d];
            }
            if (all >= Math.max(least, 1)) {
                Week told = week(monday, all, gone, bins.figures(sum));
                if (Double.isFinite(told.medianSeconds)) {
                    whole.add(told);
                }
            }
        });
        return new WeeklyFigures(List.copyOf(whole), List.copyOf(single));
    }

    private static Week week(LocalDate day, long tickets, long left, double[] f) {
        return new Week(
                day,
                tickets,
                left,
                Double.isNaN(f[0]) ? Double.NaN : Math.max(f[0], 1),
                Double.isNaN(f[1]) ? Double.NaN : Math.max(f[1], 1),
                f[2],
                f[3],
                f[4]);
    }

    /// By how much a week's figure varies through its own days: what is left of the days when week
    /// and weekday are taken away, over the days of a week.
    public double variance(Figure figure) {
        Map<LocalDate, double[]> byWeek = new HashMap<>();
        double[][] byWeekday = new double[7][2];
        List<Week> known = days.stream().filter(figure::isKnown).toList();
        for (Week day : known) {
            double y = figure.of(day);
            double[] week = byWeek.computeIfAbsent(monday(day), _ -> new double[2]);
            week[0] += y;
            week[1]++;
        }
        for (Week day : known) {
            double[] week = java.util.Objects.requireNonNull(byWeek.get(monday(day)));
            double[] weekday = byWeekday[day.monday.getDayOfWeek().getValue() - 1];
            weekday[0] += figure.of(day) - week[0] / week[1];
            weekday[1]++;
        }
        double squares = 0;
        for (Week day : known) {
            double[] week = java.util.Objects.requireNonNull(byWeek.get(monday(day)));
            double[] weekday = byWeekday[day.monday.getDayOfWeek().getValue() - 1];
            double rest = figure.of(day) - week[0] / week[1] - weekday[0] / weekday[1];
            squares += rest * rest;
        }
        int weekdays = 0;
        for (double[] weekday : byWeekday) {
            weekdays += weekday[1] > 0 ? 1 : 0;
        }
        int freedom = known.size() - byWeek.size() - Math.max(weekdays - 1, 0);
        double perWeek = known.size() / (double) Math.max(byWeek.size(), 1);
        return freedom < 1 ? LEAST_VARIANCE : Math.max(squares / freedom / perWeek, LEAST_VARIANCE);
    }

    /// No week is known better than by a permille.
    private static final double LEAST_VARIANCE = 1e-6;

    private static LocalDate monday(Week day) {
        return day.monday.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }
}
