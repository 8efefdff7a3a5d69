package org.yifang.registry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// Writes the hours of FHIR, day by day, as [OpeningHours] reads them.
final class WeekHours {
    private static final List<String> FHIR =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final List<String> OURS = List.of("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su");
    private static final String WHOLE = "00:00-24:00";

    /// Adds a span to a day.
    ///
    /// @param hours spans by day, Monday is 0
    /// @throws IllegalArgumentException when a time is missing
    static void add(
            SortedMap<Integer, List<String>> hours,
            String day,
            boolean allDay,
            @Nullable String from,
            @Nullable String until) {
        if (!allDay && (from == null || until == null)) {
            throw new IllegalArgumentException("Hours have a beginning and an end.");
        }
        String span = allDay ? WHOLE : minutes(from) + "-" + last(minutes(until));
        hours.computeIfAbsent(FHIR.indexOf(day), _ -> new ArrayList<>()).add(span);
    }

    private static String minutes(@Nullable String time) {
        return String.valueOf(time).substring(0, 5);
    }

    /// FHIR has no 24:00: the last second of the day stands for its end.
    private static String last(String time) {
        return time.equals("23:59") ? "24:00" : time;
    }

    static String text(SortedMap<Integer, List<String>> hours) {
        boolean always =
                hours.size() == OURS.size()
                        && hours.values().stream().allMatch(List.of(WHOLE)::equals);
        return always
                ? "24/7"
                : hours.entrySet().stream()
                        .filter(one -> one.getKey() >= 0)
                        .map(WeekHours::day)
                        .collect(Collectors.joining("; "));
    }

    private static String day(Map.Entry<Integer, List<String>> one) {
        return OURS.get(one.getKey()) + " " + String.join(",", one.getValue());
    }

    private WeekHours() {}
}
