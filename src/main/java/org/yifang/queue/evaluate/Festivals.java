package org.yifang.queue.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/// Weeks that are like no other: those of Spring Festival, and those of a working day that was
/// moved to a weekend (调休). They count on neither side of a plan.
final class Festivals {
    private static final String FILE = "/queue/festivals.csv";

    /// First day of the lunar year, 正月初一.
    private static final List<LocalDate> NEW_YEARS = days("new-year");

    /// Weekend days that were worked, as the State Council told.
    private static final List<LocalDate> WORKED_WEEKENDS = days("worked");

    private static final int YEAR_WEEKS = 52;

    private static List<LocalDate> days(String kind) {
        try (InputStream in = Festivals.class.getResourceAsStream(FILE)) {
            String text =
                    new String(
                            Objects.requireNonNull(in, FILE).readAllBytes(),
                            StandardCharsets.UTF_8);
            return text.lines()
                    .map(line -> line.split(",", 3))
                    .filter(row -> row.length == 3 && row[1].equals(kind))
                    .map(row -> LocalDate.parse(row[0]))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

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
