package org.yifang.fhir.search;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A date of a search: its prefix and the time that its precision covers, `[from, to)`.
///
/// @param sharp whether it names a second or less: then `gt` and `lt` compare with the very moment,
///   so that whoever polls by the `lastUpdated` of the last answer misses nothing
record DateRange(Prefix prefix, Instant from, Instant to, boolean sharp) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{4})(?:-(\\d{2})(?:-(\\d{2})(?:T(\\d{2}):(\\d{2})"
                            + "(?::(\\d{2})(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d{2}:\\d{2})?)?)?)?");

    /// Reads `ge2026-03-01`; where no zone is named, Asia/Shanghai is meant.
    static DateRange read(Match.Asked asked, String value) {
        Prefix prefix = Prefix.of(value);
        // A plus sign that was not encoded arrives as a space.
        String text = prefix.rest(value).replace(' ', '+');
        Matcher matcher = FORM.matcher(text);
        try {
            if (matcher.matches()) {
                return range(prefix, matcher).approximate(asked.now());
            }
        } catch (DateTimeException ignored) {
            // A month 13 is as unreadable as a word.
        }
        throw asked.unreadable(
                value, "Write `2026`, `2026-03`, `2026-03-01` or `2026-03-01T08:00:00+08:00`.");
    }

    private static DateRange range(Prefix prefix, Matcher parts) {
        int year = Integer.parseInt(parts.group(1));
        if (parts.group(2) == null) {
            return days(prefix, Year.of(year).atDay(1), Year.of(year).plusYears(1).atDay(1));
        }
        int month = Integer.parseInt(parts.group(2));
        if (parts.group(3) == null) {
            YearMonth whole = YearMonth.of(year, month);
            return days(prefix, whole.atDay(1), whole.plusMonths(1).atDay(1));
        }
        LocalDate day = LocalDate.of(year, month, Integer.parseInt(parts.group(3)));
        if (parts.group(4) == null) {
            return days(prefix, day, day.plusDays(1));
        }
        LocalDateTime local =
                day.atTime(Integer.parseInt(parts.group(4)), Integer.parseInt(parts.group(5)));
        ZoneId zone = parts.group(8) == null ? Match.ZONE : ZoneId.of(parts.group(8));
        ZonedDateTime minute = local.atZone(zone);
        if (parts.group(6) == null) {
            return new DateRange(
                    prefix, minute.toInstant(), minute.plusMinutes(1).toInstant(), false);
        }
        Instant second = minute.withSecond(Integer.parseInt(parts.group(6))).toInstant();
        String fraction = parts.group(7);
        if (fraction == null) {
            return new DateRange(prefix, second, second.plusSeconds(1), true);
        }
        long unit = (long) Math.pow(10, 9 - fraction.length());
        Instant moment = second.plusNanos(Long.parseLong(fraction) * unit);
        return new DateRange(prefix, moment, moment.plusNanos(unit), true);
    }

    private static DateRange days(Prefix prefix, LocalDate from, LocalDate to) {
        return new DateRange(
                prefix,
                from.atStartOfDay(Match.ZONE).toInstant(),
                to.atStartOfDay(Match.ZONE).toInstant(),
                false);
    }

    /// `ap` widens by a tenth of the distance from now, as R4 suggests.
    private DateRange approximate(Instant now) {
        if (prefix != Prefix.AP) {
            return this;
        }
        Duration gap = Duration.between(from, now).abs().dividedBy(10);
        return new DateRange(prefix, from.minus(gap), to.plus(gap), sharp);
    }

    Condition moment(Field<Instant> column) {
        return switch (prefix) {
            case EQ, AP -> column.ge(from).and(column.lt(to));
            case NE -> column.lt(from).or(column.ge(to));
            case GT -> sharp ? column.gt(from) : column.ge(to);
            case SA -> column.ge(to);
            case LT, EB -> column.lt(from);
            case GE -> column.ge(from);
            case LE -> column.lt(to);
        };
    }

    /// A day of a column is compared as the day that it is in Asia/Shanghai.
    Condition day(Field<LocalDate> column) {
        LocalDate first = from.atZone(Match.ZONE).toLocalDate();
        LocalDate behind = to.minusNanos(1).atZone(Match.ZONE).toLocalDate().plusDays(1);
        return switch (prefix) {
            case EQ, AP -> column.ge(first).and(column.lt(behind));
            case NE -> column.lt(first).or(column.ge(behind));
            case GT, SA -> column.ge(behind);
            case LT, EB -> column.lt(first);
            case GE -> column.ge(first);
            case LE -> column.lt(behind);
        };
    }

    /// A column pair `[start, end)`; an end that is null is still to come.
    Condition period(Field<Instant> start, Field<Instant> end) {
        Condition within = start.ge(from).and(end.isNotNull()).and(end.le(to));
        Condition reachesBeyond = end.isNull().or(end.gt(to));
        return switch (prefix) {
            case EQ -> within;
            case NE -> DSL.not(within);
            case GT -> reachesBeyond;
            case LT -> start.lt(from);
            case GE -> reachesBeyond.or(within);
            case LE -> start.lt(from).or(within);
            case SA -> start.ge(to);
            case EB -> end.isNotNull().and(end.le(from));
            case AP -> start.lt(to).and(end.isNull().or(end.gt(from)));
        };
    }
}
