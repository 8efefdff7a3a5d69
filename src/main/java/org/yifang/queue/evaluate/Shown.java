package org.yifang.queue.evaluate;

import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.statistics.Interval;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalDouble;

/// Shares and waits as a report shows them: per cent and minutes with one digit behind the point.
final class Shown {
    private static final String PERCENT = "%";
    private static final String MINUTES = "min";

    static void percent(NamedValues all, String name, double share) {
        all.measure(name, rounded(100 * share), PERCENT);
    }

    static void minutes(NamedValues all, String name, double seconds) {
        all.measure(name, rounded(seconds / 60), MINUTES);
    }

    static void minutes(NamedValues all, String name, OptionalDouble seconds) {
        seconds.ifPresent(value -> minutes(all, name, value));
    }

    /// From one share to another.
    static void range(NamedValues all, String name, Interval shares) {
        all.range(name, rounded(100 * shares.low()), rounded(100 * shares.high()), PERCENT);
    }

    /// From one wait to another.
    static void minutes(NamedValues all, String name, Interval seconds) {
        all.range(name, rounded(seconds.low() / 60), rounded(seconds.high() / 60), MINUTES);
    }

    /// The members of a share that is written already begun.
    static void percent(FhirWriter quantity, double share) {
        quantity.measured(rounded(100 * share), PERCENT);
    }

    static void minutes(FhirWriter to, String name, double seconds) {
        to.measure(name, rounded(seconds / 60), MINUTES);
    }

    static void percent(FhirWriter to, String name, double share) {
        to.measure(name, rounded(100 * share), PERCENT);
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
    }

    private Shown() {}
}
