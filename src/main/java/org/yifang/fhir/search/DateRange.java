package org.yifang.fhir.search;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.fhir.TimeSpan;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/// A date of a search: its prefix and the time that its precision covers, `[from, to)`. R4 compares
/// with all of that time (3.1.1.4.5): what is greater than a second begins with the next.
record DateRange(Prefix prefix, Instant from, Instant to) {
    /// Reads `ge2026-03-01`; where no zone is named, Asia/Shanghai is meant.
    static DateRange read(Match.Asked asked, String value) {
        Prefix prefix = Prefix.of(value);
        // A plus sign that was not encoded arrives as a space.
        String text = prefix.rest(value).replace(' ', '+');
        TimeSpan span = TimeSpan.of(text);
        if (span == null) {
            throw asked.unreadable(
                    value, "Write `2026`, `2026-03`, `2026-03-01` or `2026-03-01T08:00:00+08:00`.");
        }
        return new DateRange(prefix, span.from(), span.to()).approximate(asked.now());
    }

    /// `ap` widens by a tenth of the distance from now, as R4 suggests.
    private DateRange approximate(Instant now) {
        if (prefix != Prefix.AP) {
            return this;
        }
        Duration gap = Duration.between(from, now).abs().dividedBy(10);
        return new DateRange(prefix, from.minus(gap), to.plus(gap));
    }

    Condition moment(Field<Instant> column) {
        return switch (prefix) {
            case EQ, AP -> column.ge(from).and(column.lt(to));
            case NE -> column.lt(from).or(column.ge(to));
            case GT, SA -> column.ge(to);
            case LT, EB -> column.lt(from);
            case GE -> column.ge(from);
            case LE -> column.lt(to);
        };
    }

    /// A day of a column is compared as the day that it is in Asia/Shanghai.
    Condition day(Field<LocalDate> column) {
        LocalDate first = from.atZone(TimeSpan.ZONE).toLocalDate();
        LocalDate behind = to.minusNanos(1).atZone(TimeSpan.ZONE).toLocalDate().plusDays(1);
        return switch (prefix) {
            case EQ, AP -> column.ge(first).and(column.lt(behind));
            case NE -> column.lt(first).or(column.ge(behind));
            case GT, SA -> column.ge(behind);
            case LT, EB -> column.lt(first);
            case GE -> column.ge(first);
            case LE -> column.lt(behind);
        };
    }

    /// A column pair, both ends of it included; an end that is null is still to come.
    Condition period(Field<Instant> start, Field<Instant> end) {
        Condition within = start.ge(from).and(end.isNotNull()).and(end.lt(to));
        Condition reachesBeyond = start.isNotNull().and(end.isNull().or(end.ge(to)));
        return switch (prefix) {
            // That it begins before the end follows; an index of beginnings has to be told.
            case EQ -> within.and(start.lt(to));
            case NE -> start.isNotNull().and(DSL.not(within));
            case GT -> reachesBeyond;
            case LT -> start.lt(from);
            case GE -> reachesBeyond.or(within);
            case LE -> start.lt(from).or(within);
            case SA -> start.ge(to);
            case EB -> end.isNotNull().and(end.lt(from));
            case AP -> start.lt(to).and(end.isNull().or(end.ge(from)));
        };
    }
}
