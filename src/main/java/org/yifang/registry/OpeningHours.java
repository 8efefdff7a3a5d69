package org.yifang.registry;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The hours of a week in which a counter is open, in Shanghai time.
///
/// Written as `Mo-Fr 08:00-12:00,14:00-17:30; Sa,Su 09:00-12:00`, `Mo-Su 20:00-02:00` (over
/// midnight) or `24/7`.
public final class OpeningHours {
    /// The zone of every hour that people see.
    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final int DAY_MINUTES = 24 * 60;
    private static final int WEEK_MINUTES = 7 * DAY_MINUTES;
    private static final List<String> DAYS = List.of("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su");
    private static final Pattern RULE = Pattern.compile("(\\S+)\\s+(\\S+)");
    private static final Pattern SPAN =
            Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)-([01]\\d|2[0-4]):([0-5]\\d)");

    /// A time of one day of every week; an end not after its start is on the day after.
    public record Span(DayOfWeek day, LocalTime start, LocalTime end) {
        private int from() {
            return (day.getValue() - 1) * DAY_MINUTES + minuteOf(start);
        }

        private int lengthMinutes() {
            int length = minuteOf(end) - minuteOf(start);
            return length > 0 ? length : length + DAY_MINUTES;
        }

        /// Whether it ends on the day after, midnight itself included.
        public boolean overMidnight() {
            return !end.isAfter(start);
        }
    }

    private final String text;
    private final List<Span> spans;

    private OpeningHours(String text, List<Span> spans) {
        this.text = text;
        this.spans = spans;
    }

    /// Reads what the class comment shows; an empty text is a counter that never opens.
    ///
    /// @throws IllegalArgumentException with a sentence that says what could not be read
    public static OpeningHours parse(String text) {
        if (text.equals("24/7")) {
            return new OpeningHours(
                    text,
                    Stream.of(DayOfWeek.values())
                            .map(day -> new Span(day, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT))
                            .toList());
        }
        List<Span> spans = new ArrayList<>();
        for (String rule : text.split(";", -1)) {
            if (!rule.isBlank()) {
                addRule(rule.strip(), spans);
            }
        }
        spans.sort(Comparator.comparingInt(Span::from));
        return new OpeningHours(text, List.copyOf(spans));
    }

    /// The times of the week, Monday first.
    public List<Span> spans() {
        return spans;
    }

    /// Open at this very instant; the closing minute itself is closed.
    public boolean openAt(Instant instant) {
        ZonedDateTime time = instant.atZone(ZONE);
        int minute = minuteOfWeek(time);
        return spans.stream()
                .anyMatch(span ->
                        Math.floorMod(minute - span.from(), WEEK_MINUTES) < span.lengthMinutes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpeningHours hours && spans.equals(hours.spans);
    }

    @Override
    public int hashCode() {
        return spans.hashCode();
    }

    /// The hours as they were written.
    @Override
    public String toString() {
        return text;
    }

    private static void addRule(String rule, List<Span> spans) {
        Matcher parts = RULE.matcher(rule);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "`%s` is no opening time such as `Mo-Fr 08:00-17:30`.".formatted(rule));
        }
        for (DayOfWeek day : daysIn(parts.group(1))) {
            for (String span : parts.group(2).split(",", -1)) {
                spans.add(spanOf(day, span));
            }
        }
    }

    private static List<DayOfWeek> daysIn(String text) {
        List<DayOfWeek> days = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = dayOf(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : dayOf(part.substring(dash + 1));
            for (int i = 0; i <= Math.floorMod(last - first, 7); i++) {
                days.add(DayOfWeek.of((first + i) % 7 + 1));
            }
        }
        return days;
    }

    private static int dayOf(String name) {
        int day = DAYS.indexOf(name);
        if (day < 0) {
            throw new IllegalArgumentException(
                    "`%s` is no day; the days are %s.".formatted(name, String.join(", ", DAYS)));
        }
        return day;
    }

    private static Span spanOf(DayOfWeek day, String text) {
        Matcher parts = SPAN.matcher(text);
        if (!parts.matches() || (parts.group(3).equals("24") && !parts.group(4).equals("00"))) {
            throw new IllegalArgumentException(
                    "`%s` is no time of a day such as `08:00-17:30`.".formatted(text));
        }
        return new Span(
                day,
                timeOf(parts.group(1), parts.group(2)),
                timeOf(parts.group(3), parts.group(4)));
    }

    private static LocalTime timeOf(String hour, String minute) {
        return LocalTime.of(Integer.parseInt(hour) % 24, Integer.parseInt(minute));
    }

    private static int minuteOf(LocalTime time) {
        return time.getHour() * 60 + time.getMinute();
    }

    private static int minuteOfWeek(ZonedDateTime time) {
        return (time.getDayOfWeek().getValue() - 1) * DAY_MINUTES + minuteOf(time.toLocalTime());
    }
}
