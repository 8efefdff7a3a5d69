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
import java.util.HashSet;
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

    static PastDayStore read(Tx tx, String organization, LocalDate[] days) {
        PastDayStore past = new PastDayStore();
        for (Row row :
                tx.run(
                        SQL.select(
                                        QUEUE_TICKET.QUEUE_ID,
                                        QUEUE_TICKET.DAY,
                                        QUEUE_TICKET.HISTORY_ID,
                                        QUEUE_TICKET.SOURCE,
                                        QUEUE_TICKET.JOINED,
                                        QUEUE_TICKET.CALLED,
                                        QUEUE_TICKET.SERVICE_START,
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
            past.times.add(
                    times(
                            Rows.get(row, QUEUE_TICKET.QUEUE_ID),
                            day,
                            Rows.find(row, QUEUE_TICKET.JOINED),
                            Rows.find(row, QUEUE_TICKET.CALLED),
                            Rows.find(row, QUEUE_TICKET.SERVICE_START),
                            Rows.find(row, QUEUE_TICKET.LEFT_AT)));
        }
        return past;
    }

    /// Why a row that is not there yet is refused, null when it is welcome; it is remembered then.
    @Nullable String fault(UUID queue, HistoryRow row) {
        if (live.contains(row.day())) {
            return "`day` "
                    + row.day()
                    + " was reported live; a file of the past cannot add to it.";
        }
        Ticket told = row.content();
        boolean isNew =
                times.add(
                        times(
                                queue,
                                row.day(),
                                told.joined(),
                                told.called(),
                                told.serviceStart(),
                                told.leftAt()));
        return isNew
                ? null
                : "A ticket of this queue and day has the same times under another number.";
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
