package org.yifang.statistics;

import org.yifang.statistics.WaitSample.Ending;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/// A sample as a weekly series: whole weeks from Monday to Sunday only, since half a week has
/// another mix of days.
public final class WeeklyWaits {
    /// One week.
    ///
    /// @param tickets how many waited
    /// @param left how many of them left
    /// @param medianSeconds of Kaplan and Meier, at least one second so that its logarithm exists
    public record Week(LocalDate monday, long tickets, long left, double medianSeconds) {}

    /// The whole weeks between two days, both included, in order of time. Weeks with fewer than
    /// `least` waits, or where too many left to see a median, are left out.
    public static List<Week> of(WaitSample sample, LocalDate from, LocalDate to, int least) {
        LocalDate first = from.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
        int weeks = (int) Math.max(ChronoUnit.DAYS.between(first, to.plusDays(1)) / 7, 0);
        int[] weekOfDay = weekOfDay(sample, first, weeks);
        float[][] served = new float[weeks][];
        float[][] censored = new float[weeks][];
        long[] tickets = new long[weeks];
        long[] left = new long[weeks];
        for (int i = 0; i < sample.size(); i++) {
            int week = weekOfDay[sample.day(i)];
            if (week < 0) {
                continue;
            }
            if (served[week] == null) {
                served[week] = new float[WaitSample.LONGEST_SECONDS + 1];
                censored[week] = new float[WaitSample.LONGEST_SECONDS + 1];
            }
            tickets[week]++;
            left[week] += sample.ending(i) == Ending.LEFT ? 1 : 0;
            (sample.served(i) ? served : censored)[week][sample.seconds(i)]++;
        }
        List<Week> series = new ArrayList<>();
        for (int week = 0; week < weeks; week++) {
            if (tickets[week] >= Math.max(least, 1)) {
                LocalDate monday = first.plusWeeks(week);
                long n = tickets[week];
                long gone = left[week];
                KaplanMeier.ofCounts(wide(served[week]), wide(censored[week]))
                        .quantile(0.5)
                        .ifPresent(median ->
                                series.add(new Week(monday, n, gone, Math.max(median, 1))));
            }
        }
        return List.copyOf(series);
    }

    private static int[] weekOfDay(WaitSample sample, LocalDate first, int weeks) {
        int[] weekOfDay = new int[sample.days().size()];
        for (int d = 0; d < weekOfDay.length; d++) {
            long days = ChronoUnit.DAYS.between(first, sample.days().get(d));
            long week = Math.floorDiv(days, 7L);
            weekOfDay[d] = week >= 0 && week < weeks ? (int) week : -1;
        }
        return weekOfDay;
    }

    private static double[] wide(float[] narrow) {
        double[] wide = new double[narrow.length];
        for (int i = 0; i < narrow.length; i++) {
            wide[i] = narrow[i];
        }
        return wide;
    }

    private WeeklyWaits() {}
}
