package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.*;

import org.yifang.platform.PrescribingLimits;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.submit.Submission.Order;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Objects;

/// How long a prescription is valid. Source: 处方管理办法 art. 18.
final class ValidityRules {
    /// Art. 18: valid on the day of issue, noted longer up to three days. What is not written
    /// counts as it will be kept: from the writing, until the end of that day.
    static void check(Inspection rule) {
        Submission document = rule.submission();
        for (Order order : document.orders()) {
            String where = order.expression() + ".dispenseRequest.validityPeriod";
            authored(rule, order);
            Instant from = order.opens(rule.now());
            Instant until = order.ends(rule.now());
            if (!from.isBefore(until)) {
                rule.refuse(
                        VALIDITY,
                        where,
                        "Validity ends before it begins.",
                        "`end` lies after `start`.");
                continue;
            }
            start(rule, order, from, where);
            if (until.isAfter(lastEnd(from, rule.limits()))) {
                rule.refuse(
                        VALIDITY,
                        where,
                        "Validity lasts longer than "
                                + rule.limits().validityDays()
                                + " days: until `"
                                + ClaimRules.shown(until)
                                + "`.",
                        "At the latest until "
                                + ClaimRules.shown(lastEnd(from, rule.limits()))
                                + " (处方管理办法 art. 18).");
            }
            if (!rule.now().isBefore(until)) {
                rule.refuse(
                        VALIDITY,
                        where,
                        "Validity was over at `" + ClaimRules.shown(until) + "`.",
                        "Submit a prescription while it is valid.");
            }
            if (!together(order, document.orders().getFirst(), rule.now())) {
                rule.refuse(
                        VALIDITY,
                        where,
                        "The lines are not valid for the same time.",
                        "One prescription has one validity.");
            }
        }
    }

    private static void authored(Inspection rule, Order order) {
        Instant authored = order.authoredOn();
        if (authored != null && authored.isAfter(rule.now().plus(DocumentRules.TOLERANCE))) {
            rule.refuse(
                    TIMES,
                    order.expression() + ".authoredOn",
                    "The line was written at `" + ClaimRules.shown(authored) + "`, in the future.",
                    "Set the clock of the sending system; five minutes are tolerated.");
        }
    }

    /// A validity that begins before the writing, or long after it, would stretch the days that the
    /// law gives.
    private static void start(Inspection rule, Order order, Instant from, String where) {
        Instant authored = Objects.requireNonNullElse(order.authoredOn(), rule.now());
        Instant latest = lastEnd(authored, rule.limits());
        boolean known = order.authoredOn() != null;
        if (known && from.isBefore(authored.minus(DocumentRules.TOLERANCE))) {
            rule.refuse(
                    VALIDITY,
                    where + ".start",
                    "Validity begins before the prescription was written.",
                    "Not before `authoredOn`, " + ClaimRules.shown(authored) + ".");
        } else if (from.isAfter(latest)) {
            rule.refuse(
                    VALIDITY,
                    where + ".start",
                    "Validity begins at `" + ClaimRules.shown(from) + "`, too long after writing.",
                    "At the latest " + ClaimRules.shown(latest) + " (处方管理办法 art. 18).");
        }
    }

    private static boolean together(Order order, Order first, Instant now) {
        Instant from = order.opens(now);
        Instant other = first.opens(now);
        // Lines that note no start were written one after the other.
        boolean noted = order.validFrom() != null && first.validFrom() != null;
        boolean begin =
                from.equals(other)
                        || (!noted
                                && Duration.between(from, other)
                                                .abs()
                                                .compareTo(DocumentRules.TOLERANCE)
                                        <= 0);
        return begin && order.ends(now).equals(first.ends(now));
    }

    private static Instant lastEnd(Instant from, PrescribingLimits limits) {
        if (!limits.calendarDay()) {
            return from.plus(Duration.ofDays(limits.validityDays()));
        }
        ZonedDateTime day = from.atZone(SubmissionReader.SHANGHAI);
        return day.toLocalDate()
                .plusDays(limits.validityDays())
                .atStartOfDay(SubmissionReader.SHANGHAI)
                .toInstant();
    }

    private ValidityRules() {}
}
