package org.yifang.queue;

import org.yifang.queue.PeriodTally.Strata;
import org.yifang.statistics.WaitCells;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/// Where and when people wait: the same figures by department, hour and weekday, and by hour and
/// weekday together, which is the heat map. As it was, not standardised.
///
/// @param by `department`, `hour`, `weekday` or `hour-weekday`
/// @param cells only those in which anybody waited
record Breakdown(String by, List<Cell> cells) {
    /// One value of what it is broken down by.
    ///
    /// @param names `["09"]`, or hour and weekday
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
                                        weekday(cell % Strata.WEEKDAYS))));
    }

    private static Breakdown of(
            String by,
            PeriodTally before,
            PeriodTally after,
            IntUnaryOperator cellOf,
            int cells,
            IntFunction<List<String>> names) {
        WaitCells.Cell[] was = WaitCells.of(before.sample(), cellOf, cells);
        WaitCells.Cell[] is = WaitCells.of(after.sample(), cellOf, cells);
        List<Cell> told = new ArrayList<>();
        for (int c = 0; c < cells; c++) {
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
