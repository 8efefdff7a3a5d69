package org.yifang.price.compare;

import org.yifang.registry.OpeningHours;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Opening hours as the search for the best way needs them: minutes from now.
final class OpeningTimes {
    /// Never closes: no openings, no closings.
    static final double[][] ALWAYS = new double[2][0];

    /// Openings and closings of the next week in minutes from now; [#ALWAYS] when it never closes.
    static double[][] minutesFrom(Instant now, OpeningHours hours) {
        if (hours.toString().equals("24/7")) {
            return ALWAYS;
        }
        List<double[]> times = new ArrayList<>();
        LocalDate today = now.atZone(OpeningHours.ZONE).toLocalDate();
        for (int day = -1; day <= 8; day++) {
            LocalDate date = today.plusDays(day);
            for (OpeningHours.Span span : hours.spans()) {
                if (span.day() == date.getDayOfWeek()) {
                    ZonedDateTime opens = date.atTime(span.start()).atZone(OpeningHours.ZONE);
                    ZonedDateTime closes =
                            (span.overMidnight() ? date.plusDays(1) : date)
                                    .atTime(span.end())
                                    .atZone(OpeningHours.ZONE);
                    times.add(new double[] {minutes(now, opens), minutes(now, closes)});
                }
            }
        }
        times.sort(Comparator.comparingDouble(pair -> pair[0]));
        double[] opens = times.stream().mapToDouble(pair -> pair[0]).toArray();
        double[] closes = times.stream().mapToDouble(pair -> pair[1]).toArray();
        // A counter that never opens is closed for good, not open for ever.
        return opens.length == 0
                ? new double[][] {{0}, {Double.NEGATIVE_INFINITY}}
                : new double[][] {opens, closes};
    }

    private static double minutes(Instant now, ZonedDateTime time) {
        return Duration.between(now, time.toInstant()).toMillis() / 60_000.0;
    }

    private OpeningTimes() {}
}
