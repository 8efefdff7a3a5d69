package org.yifang.queue.history;

import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.Ticket;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// What is known of the days that a file of the past names: a day that was lived with the platform
/// has no past, and the same ticket does not come again under another number.
final class PastDayStore {
    /// What the platform sees by itself does not make a day one that a hospital reported live.
    private static final String PLATFORM = "platform";

    private static final int TICKETS_MOST = 1_000_000;

    private final Set<LocalDate> live = new HashSet<>();
    private final Set<String> times = new HashSet<>();
    private final Map<String, String> contents = new HashMap<>();

    /// What becomes of a row.
    sealed interface Look {
        /// It is there already, as it is.
        record Repeated() implements Look {}

        /// It is welcome.
        record New() implements Look {}

        /// It is refused.
        record Fault(String reason) implements Look {}
    }

    static PastDayStore read(Tx tx, String organization, LocalDate[] days) {
        PastDayStore past = new PastDayStore();
        for (Row row :
                tx.run(
                        SQL.select(
                                        QUEUE_TICKET.QUEUE_ID,
                                        QUEUE_TICKET.DAY,
                                        QUEUE_TICKET.TICKET,
                                        QUEUE_TICKET.VISIT,
                                        QUEUE_TICKET.HISTORY_ID,
                                        QUEUE_TICKET.SOURCE,
                                        QUEUE_TICKET.JOINED,
                                        QUEUE_TICKET.CALLED,
                                        QUEUE_TICKET.SERVICE_START,
                                        QUEUE_TICKET.SERVICE_END,
                                        QUEUE_TICKET.LEFT_AT)
                                .from(QUEUE_TICKET)
                                .where(QUEUE_TICKET.DAY.in(days))
                                .and(QUEUE_TICKET.ORGANIZATION.eq(organization))
                                .limit(TICKETS_MOST))) {
            LocalDate day = Rows.get(row, QUEUE_TICKET.DAY);
            boolean isLive = Rows.find(row, QUEUE_TICKET.HISTORY_ID) == null;
            if (isLive && !Rows.get(row, QUEUE_TICKET.SOURCE).equals(PLATFORM)) {
                past.live.add(day);
            }
            UUID queue = Rows.get(row, QUEUE_TICKET.QUEUE_ID);
            String times =
                    times(
                            queue,
                            day,
                            Rows.find(row, QUEUE_TICKET.JOINED),
                            Rows.find(row, QUEUE_TICKET.CALLED),
                            Rows.find(row, QUEUE_TICKET.SERVICE_START),
                            Rows.find(row, QUEUE_TICKET.LEFT_AT));
            past.times.add(times);
            past.contents.put(
                    key(queue, day, Rows.get(row, QUEUE_TICKET.TICKET)),
                    content(
                            times,
                            Rows.find(row, QUEUE_TICKET.SERVICE_END),
                            Rows.find(row, QUEUE_TICKET.VISIT)));
        }
        return past;
    }

    /// Looks at a row; one that is welcome is remembered.
    Look look(UUID queue, HistoryRow row) {
        Ticket told = row.content();
        String times =
                times(
                        queue,
                        row.day(),
                        told.joined(),
                        told.called(),
                        told.serviceStart(),
                        told.leftAt());
        String key = key(queue, row.day(), row.ticket());
        String content = content(times, told.serviceEnd(), row.visit());
        String known = contents.get(key);
        if (content.equals(known)) {
            return new Look.Repeated();
        }
        if (live.contains(row.day())) {
            return new Look.Fault(
                    "`day` "
                            + row.day()
                            + " was reported live; a file of the past cannot add to it.");
        }
        if (known != null) {
            // A past that could be told anew would be told as a claim needs it.
            return new Look.Fault(
                    "This ticket was told before, with other times or another visit, and stays as"
                            + " it was told first.");
        }
        if (!this.times.add(times)) {
            return new Look.Fault(
                    "A ticket of this queue and day has the same times under another number.");
        }
        contents.put(key, content);
        return new Look.New();
    }

    private static String key(UUID queue, LocalDate day, String ticket) {
        return queue + "|" + day + "|" + ticket;
    }

    private static String content(String times, @Nullable Instant end, @Nullable String visit) {
        return times + "|" + second(end) + "|" + visit;
    }

    private static String times(
            UUID queue,
            LocalDate day,
            @Nullable Instant joined,
            @Nullable Instant called,
            @Nullable Instant served,
            @Nullable Instant left) {
        return queue
                + "|"
                + day
                + "|"
                + second(joined)
                + "|"
                + second(called)
                + "|"
                + second(served)
                + "|"
                + second(left);
    }

    private static String second(@Nullable Instant at) {
        return at == null ? "-" : Objects.toString(at.getEpochSecond());
    }

    private PastDayStore() {}
}
