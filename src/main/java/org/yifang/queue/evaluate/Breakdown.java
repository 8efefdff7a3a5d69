package org.yifang.queue.evaluate;

import org.yifang.queue.evaluate.PeriodTally.Strata;
import org.yifang.statistics.WaitCells;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/// Where and when people wait: the same figures by department, hour and weekday, by hour and
/// weekday together, which is the heat map, and by month. As it was, not standardised.
///
/// @param by `department`, `hour`, `weekday`, `hour-weekday` or `month`
/// @param cells only those in which anybody waited
record Breakdown(String by, List<Cell> cells) {
    /// One value of what it is broken down by.
    ///
    /// @param names `["09"]`, `["2026-03"]`, or hour and weekday
    record Cell(List<String> names, WaitCells.Cell before, WaitCells.Cell after) {}

    /// All breakdowns of two periods that share their strata.
    static List<Breakdown> of(PeriodTally before, PeriodTally after) {
        Strata strata = before.strata();
        List<String> departments = strata.departments();
        return List.of(
                of(
                        "department",
                        before,
                        after,
                        strata::department,
                        departments.size(),
                        place -> List.of(departments.get(place))),
                of("hour", before, after, strata::hour, Strata.HOURS, hour -> List.of(hour(hour))),
                of(
                        "weekday",
                        before,
                        after,
                        strata::weekday,
                        Strata.WEEKDAYS,
                        day -> List.of(weekday(day))),
                of(
                        "hour-weekday",
                        before,
                        after,
                        number -> strata.hour(number) * Strata.WEEKDAYS + strata.weekday(number),
                        Strata.HOURS * Strata.WEEKDAYS,
                        cell ->
                                List.of(
                                        hour(cell / Strata.WEEKDAYS),
                                        weekday(cell % Strata.WEEKDAYS))),
                months(before, after));
    }

    /// Month by month, as files of the past tell it, so that both can be laid side by side.
    private static Breakdown months(PeriodTally before, PeriodTally after) {
        YearMonth first = YearMonth.from(before.start());
        int months = (int) first.until(YearMonth.from(after.end()), ChronoUnit.MONTHS) + 1;
        ToIntFunction<LocalDate> monthOf =
                day -> (int) first.until(YearMonth.from(day), ChronoUnit.MONTHS);
        return told(
                "month",
                WaitCells.ofDays(before.sample(), monthOf, months),
                WaitCells.ofDays(after.sample(), monthOf, months),
                month -> List.of(first.plusMonths(month).toString()));
    }

    private static Breakdown of(
            String by,
            PeriodTally before,
            PeriodTally after,
            IntUnaryOperator cellOf,
            int cells,
            IntFunction<List<String>> names) {
        return told(
                by,
                WaitCells.of(before.sample(), cellOf, cells),
                WaitCells.of(after.sample(), cellOf, cells),
                names);
    }

    private static Breakdown told(
            String by, WaitCells.Cell[] was, WaitCells.Cell[] is, IntFunction<List<String>> names) {
        List<Cell> told = new ArrayList<>();
        for (int c = 0; c < was.length; c++) {
            if (was[c].waits() + is[c].waits() > 0) {
                told.add(new Cell(names.apply(c), was[c], is[c]));
            }
        }
        return new Breakdown(by, List.copyOf(told));
    }

    private static String hour(int hour) {
        return String.format(Locale.ROOT, "%02d", hour);
    }

    /// FHIR's code of a day of the week.
    private static String weekday(int day) {
        return DayOfWeek.of(day + 1).name().substring(0, 3).toLowerCase(Locale.ROOT);
    }
}
