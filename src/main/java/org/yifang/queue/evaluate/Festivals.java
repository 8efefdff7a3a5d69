package org.yifang.queue.evaluate;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Weeks that are like no other: those of Spring Festival, and those of a working day that was
/// moved to a weekend (调休). They count on neither side of a plan.
final class Festivals {
    /// First day of the lunar year, 正月初一.
    private static final List<LocalDate> NEW_YEARS =
            List.of(
                    LocalDate.of(2022, 2, 1),
                    LocalDate.of(2023, 1, 22),
                    LocalDate.of(2024, 2, 10),
                    LocalDate.of(2025, 1, 29),
                    LocalDate.of(2026, 2, 17),
                    LocalDate.of(2027, 2, 6),
                    LocalDate.of(2028, 1, 26),
                    LocalDate.of(2029, 2, 13),
                    LocalDate.of(2030, 2, 3));

    /// Weekend days that were worked, as the State Council told; those of later years are told each
    /// autumn and are added here.
    private static final List<LocalDate> WORKED_WEEKENDS =
            List.of(
                    LocalDate.of(2024, 2, 4),
                    LocalDate.of(2024, 2, 18),
                    LocalDate.of(2024, 4, 7),
                    LocalDate.of(2024, 4, 28),
                    LocalDate.of(2024, 5, 11),
                    LocalDate.of(2024, 9, 14),
                    LocalDate.of(2024, 9, 29),
                    LocalDate.of(2024, 10, 12),
                    LocalDate.of(2025, 1, 26),
                    LocalDate.of(2025, 2, 8),
                    LocalDate.of(2025, 4, 27),
                    LocalDate.of(2025, 9, 28),
                    LocalDate.of(2025, 10, 11),
                    LocalDate.of(2026, 1, 4),
                    LocalDate.of(2026, 2, 14),
                    LocalDate.of(2026, 2, 28),
                    LocalDate.of(2026, 5, 9),
                    LocalDate.of(2026, 9, 20),
                    LocalDate.of(2026, 10, 10));

    private static final int YEAR_WEEKS = 52;

    /// The Mondays of all such weeks, with the weeks a year of weeks before and after each.
    static SortedSet<LocalDate> struck() {
        SortedSet<LocalDate> mondays = new TreeSet<>();
        for (LocalDate day : NEW_YEARS) {
            mondays.add(monday(day.minusDays(1)));
            mondays.add(monday(day));
            mondays.add(monday(day.plusDays(6)));
        }
        WORKED_WEEKENDS.forEach(day -> mondays.add(monday(day)));
        return withCounterparts(mondays);
    }

    /// Weeks and their counterparts: what is left out on one side is left out on the other.
    static SortedSet<LocalDate> withCounterparts(SortedSet<LocalDate> mondays) {
        SortedSet<LocalDate> all = new TreeSet<>(mondays);
        for (LocalDate monday : mondays) {
            all.add(monday.plusWeeks(YEAR_WEEKS));
            all.add(monday.minusWeeks(YEAR_WEEKS));
        }
        return all;
    }

    static LocalDate monday(LocalDate day) {
        return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private Festivals() {}
}
