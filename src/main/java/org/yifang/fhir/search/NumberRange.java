package org.yifang.fhir.search;

import org.jooq.Condition;
import org.jooq.Field;

import java.math.BigDecimal;

/// A number of a search: its prefix, and how far its precision reaches to either side.
record NumberRange(Prefix prefix, BigDecimal value, BigDecimal reach) {
    /// Reads `ge5.40`: equality with 5.40 covers 5.395 (inclusive) to 5.405 (exclusive).
    static NumberRange read(Match.Asked asked, String text) {
        Prefix prefix = Prefix.of(text);
        String digits = prefix.rest(text);
        // Exponents would let a few characters stand for gigabytes of digits.
        if (!digits.matches("[+-]?\\d{1,30}(\\.\\d{1,30})?")) {
            throw asked.unreadable(text, "Write a number, `5.4` or `ge5.4`.");
        }
        BigDecimal value = new BigDecimal(digits);
        BigDecimal reach =
                prefix == Prefix.AP
                        ? value.abs().movePointLeft(1)
                        : BigDecimal.valueOf(5, value.scale() + 1);
        return new NumberRange(prefix, value, reach);
    }

    Condition in(Field<BigDecimal> column) {
        BigDecimal from = value.subtract(reach);
        BigDecimal to = value.add(reach);
        return switch (prefix) {
            case EQ -> column.ge(from).and(column.lt(to));
            case AP -> column.ge(from).and(column.le(to));
            case NE -> column.lt(from).or(column.ge(to));
            case GT, SA -> column.gt(value);
            case LT, EB -> column.lt(value);
            case GE -> column.ge(value);
            case LE -> column.le(value);
        };
    }
}
