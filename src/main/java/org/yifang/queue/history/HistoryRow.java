package org.yifang.queue.history;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Csv;
import org.yifang.platform.XmlCharacters;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketState;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One ticket of the time before the platform, as its file tells it.
///
/// @param stage null when the file does not say
/// @param visit the visit, registration or prescription it belongs to, null when not told
public record HistoryRow(
        String organization,
        String queue,
        @Nullable String department,
        @Nullable QueueStage stage,
        LocalDate day,
        String ticket,
        @Nullable String visit,
        Ticket content) {
    /// What is wrong with a row.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /// Reads a row.
    ///
    /// @param places where each column stands
    /// @param today days after it have no past
    static HistoryRow read(Csv.Row row, Map<String, Integer> places, LocalDate today)
            throws Unreadable {
        LocalDate day = day(needed(row, places, "day"));
        if (day.isAfter(today)) {
            throw new Unreadable("`day` " + day + " is still to come.");
        }
        Instant joined = time(row, places, "joined", day);
        Instant called = time(row, places, "called", day);
        Instant served = time(row, places, "served", day);
        Instant left = time(row, places, "left", day);
        if (served != null && left != null) {
            throw new Unreadable("A ticket is served or left, not both.");
        }
        Instant end = served == null ? left : served;
        if (joined != null
                && end != null
                && end.plus(TicketRules.CLOCK_TOLERANCE).isBefore(joined)) {
            throw new Unreadable("It ends at `" + end + "`, before it begins at `" + joined + "`.");
        }
        String stage = find(row, places, "stage");
        if (stage != null && QueueStage.of(stage).isEmpty()) {
            throw new Unreadable("`" + stage + "` is no stage.");
        }
        return new HistoryRow(
                needed(row, places, "organization"),
                needed(row, places, "queue"),
                find(row, places, "department"),
                stage == null ? null : QueueStage.of(stage).orElse(null),
                day,
                needed(row, places, "ticket"),
                find(row, places, "visit"),
                new Ticket(
                        state(served, left),
                        joined,
                        called,
                        served,
                        time(row, places, "ended", day),
                        left,
                        called == null ? joined : called));
    }

    private static TicketState state(@Nullable Instant served, @Nullable Instant left) {
        if (served != null) {
            return TicketState.SERVED;
        }
        return left == null ? TicketState.UNKNOWN : TicketState.LEFT;
    }

    private static String needed(Csv.Row row, Map<String, Integer> places, String column)
            throws Unreadable {
        String value = find(row, places, column);
        if (value == null) {
            throw new Unreadable("`" + column + "` is empty.");
        }
        return value;
    }

    private static @Nullable String find(Csv.Row row, Map<String, Integer> places, String column)
            throws Unreadable {
        Integer place = places.get(column);
        List<String> fields = row.fields();
        if (place == null || place >= fields.size() || fields.get(place).isBlank()) {
            return null;
        }
        String value = fields.get(place).strip();
        Optional<String> fault = fault(column, value);
        if (fault.isPresent()) {
            throw new Unreadable(fault.get());
        }
        return value;
    }

    /// What is wrong with any text of a file, empty when nothing is.
    public static Optional<String> fault(String column, String value) {
        if (value.length() > QueueLimits.NAME_LENGTH) {
            return Optional.of("`" + column + "` has more than 64 characters.");
        }
        return value.chars().anyMatch(Character::isISOControl)
                        || XmlCharacters.firstUnfit(value) != XmlCharacters.NONE
                ? Optional.of("`" + column + "` holds a control character.")
                : Optional.empty();
    }

    private static LocalDate day(String text) throws Unreadable {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException unreadable) {
            throw new Unreadable("`day` is `" + text + "`; write `2026-03-02`.");
        }
    }

    /// A time with its offset, or one of Asia/Shanghai with or without the day.
    private static @Nullable Instant time(
            Csv.Row row, Map<String, Integer> places, String column, LocalDate day)
            throws Unreadable {
        String text = find(row, places, column);
        if (text == null) {
            return null;
        }
        String iso = text.replace(' ', 'T');
        try {
            boolean dated = iso.indexOf('T') > 0;
            if (!dated) {
                return day.atTime(LocalTime.parse(iso)).atZone(QueueLimits.ZONE).toInstant();
            }
            boolean zoned = iso.endsWith("Z") || iso.lastIndexOf('+') > 0;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).atZone(QueueLimits.ZONE).toInstant();
        } catch (DateTimeException unreadable) {
            throw new Unreadable(
                    "`" + column + "` is `" + text + "`; write `2026-03-02T09:05:00+08:00`.");
        }
    }
}
