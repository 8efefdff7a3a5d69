package org.yifang.price.index;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;

/// What is asked of the sales: two periods, which sales, as known when, and by which plan.
///
/// @param baselineEnd and `end` are days of their periods
/// @param organizations numbers of the pharmacies that count; none for all
/// @param sets substitution sets that count; none for all
/// @param inHouse which kind of outlet counts; null for both
/// @param asOf sales recorded later do not count
/// @param plan registered before the data; null for a question of the moment, which is exploratory
public record PriceQuestion(
        LocalDate baselineStart,
        LocalDate baselineEnd,
        LocalDate start,
        LocalDate end,
        Basis basis,
        List<String> organizations,
        List<String> sets,
        @Nullable Boolean inHouse,
        Instant asOf,
        @Nullable Plan plan) {
    /// Which sales count.
    public enum Basis {
        ALL,
        /// Dispensed through the platform.
        DISPENSED,
        /// Imported past sales alone.
        HISTORY;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A plan that was registered before its period began.
    ///
    /// @param isVerdict whether the moment of the question is that of the plan's one verdict
    /// @param madeUp whether it belongs to the demonstration and judges its sales alone
    public record Plan(UUID id, LocalDate registered, boolean isVerdict, boolean madeUp) {}

    public PriceQuestion {
        organizations = List.copyOf(new TreeSet<>(organizations));
        sets = List.copyOf(new TreeSet<>(sets));
    }

    /// Says everything that decides the answer; the number counts the versions of the method.
    String text() {
        return "drug-price-change|3|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s"
                .formatted(
                        baselineStart,
                        baselineEnd,
                        start,
                        end,
                        basis.code(),
                        organizations,
                        sets,
                        inHouse,
                        asOf,
                        plan == null ? "no plan" : plan.id());
    }

    /// Whatever narrows the question to a part of the sales, by the name of its parameter.
    List<String> filters() {
        List<String> filters = new ArrayList<>();
        if (basis != Basis.ALL) {
            filters.add("basis=" + basis.code());
        }
        organizations.forEach(number -> filters.add("organization=" + number));
        sets.forEach(set -> filters.add("drug=" + set));
        if (inHouse != null) {
            filters.add("outlet=" + (inHouse ? "in-house" : "retail"));
        }
        return filters;
    }

    boolean overlaps() {
        return !baselineEnd.isBefore(start) && !end.isBefore(baselineStart);
    }

    /// Baseline first, whole months, at least three each, and either the same months of the year or
    /// twelve each: otherwise the season is compared with another one.
    boolean isComparable() {
        int months = months(baselineStart, baselineEnd);
        return baselineEnd.isBefore(start)
                && months >= 3
                && months == months(start, end)
                && (months == 12 || baselineStart.getMonth() == start.getMonth());
    }

    /// Whole months of a period, 0 when it begins or ends within one.
    private static int months(LocalDate from, LocalDate to) {
        LocalDate behind = to.plusDays(1);
        return from.getDayOfMonth() == 1 && behind.getDayOfMonth() == 1
                ? number(behind) - number(from)
                : 0;
    }

    /// A month as one number: years times 12 plus month.
    static int number(LocalDate day) {
        return day.getYear() * 12 + day.getMonthValue();
    }

    /// First day of the first month of both periods.
    LocalDate firstMonth() {
        return (baselineStart.isBefore(start) ? baselineStart : start).withDayOfMonth(1);
    }

    /// Last day of the last month of both periods.
    LocalDate lastDay() {
        LocalDate last = baselineEnd.isAfter(end) ? baselineEnd : end;
        return last.withDayOfMonth(last.lengthOfMonth());
    }
}
