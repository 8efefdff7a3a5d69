package org.yifang.fhir;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The time that a FHIR date covers by its precision, `[from, to)`: a day from midnight to midnight
/// in Asia/Shanghai, a second from its beginning to the next. Nothing is finer than a microsecond,
/// which is as fine as the database keeps time.
public record TimeSpan(Instant from, Instant to) {
    /// Where a date without a zone is meant.
    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{4})(?:-(\\d{2})(?:-(\\d{2})(?:T(\\d{2}):(\\d{2})"
                            + "(?::(\\d{2})(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d{2}:\\d{2})?)?)?)?");

    /// Reads `2026`, `2026-03`, `2026-03-01`, `2026-03-01T08:00` and finer; null when it is no
    /// date.
    public static @Nullable TimeSpan of(String text) {
        Matcher matcher = FORM.matcher(text);
        try {
            return matcher.matches() ? of(matcher) : null;
        } catch (DateTimeException impossible) {
            // A month 13 is as unreadable as a word.
            return null;
        }
    }

    /// The last moment in it that the database can tell.
    public Instant last() {
        return to.minus(1, ChronoUnit.MICROS);
    }

    private static TimeSpan of(Matcher parts) {
        int year = Integer.parseInt(parts.group(1));
        if (parts.group(2) == null) {
            return days(Year.of(year).atDay(1), Year.of(year).plusYears(1).atDay(1));
        }
        int month = Integer.parseInt(parts.group(2));
        if (parts.group(3) == null) {
            YearMonth whole = YearMonth.of(year, month);
            return days(whole.atDay(1), whole.plusMonths(1).atDay(1));
        }
        LocalDate day = LocalDate.of(year, month, Integer.parseInt(parts.group(3)));
        return parts.group(4) == null ? days(day, day.plusDays(1)) : within(day, parts);
    }

    private static TimeSpan within(LocalDate day, Matcher parts) {
        LocalDateTime local =
                day.atTime(Integer.parseInt(parts.group(4)), Integer.parseInt(parts.group(5)));
        ZoneId zone = parts.group(8) == null ? ZONE : ZoneId.of(parts.group(8));
        ZonedDateTime minute = local.atZone(zone);
        if (parts.group(6) == null) {
            return new TimeSpan(minute.toInstant(), minute.plusMinutes(1).toInstant());
        }
        Instant second = minute.withSecond(Integer.parseInt(parts.group(6))).toInstant();
        String fraction = parts.group(7);
        if (fraction == null) {
            return new TimeSpan(second, second.plusSeconds(1));
        }
        long unit = Math.round(Math.pow(10, 9 - fraction.length()));
        Instant moment =
                second.plusNanos(Long.parseLong(fraction) * unit).truncatedTo(ChronoUnit.MICROS);
        return new TimeSpan(moment, moment.plusNanos(Math.max(unit, 1000)));
    }

    private static TimeSpan days(LocalDate from, LocalDate to) {
        return new TimeSpan(from.atStartOfDay(ZONE).toInstant(), to.atStartOfDay(ZONE).toInstant());
    }
}
