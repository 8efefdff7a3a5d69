package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE_EVENT;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueEvent;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketStore;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Tickets of a day that changed after a moment, folded anew from what had been received by then.
final class ChangedStore {
    private static final Statement CHANGED_SINCE =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.DEPARTMENT,
                                    QUEUE_TICKET.TICKET,
                                    QUEUE_TICKET.VISIT,
                                    DayStore.VISIT_KEY.as("visit_key"),
                                    QUEUE_EVENT.SEQ,
                                    QUEUE_EVENT.CODE,
                                    QUEUE_EVENT.AT_SOURCE,
                                    QUEUE_EVENT.AT,
                                    QUEUE_EVENT.AT_SERVER,
                                    QUEUE_EVENT.SOURCE)
                            .from(QUEUE_TICKET)
                            .join(QUEUE_EVENT)
                            .on(
                                    QUEUE_EVENT.ORGANIZATION_ID.eq(QUEUE_TICKET.ORGANIZATION_ID),
                                    QUEUE_EVENT.QUEUE_ID.eq(QUEUE_TICKET.QUEUE_ID),
                                    QUEUE_EVENT.DAY.eq(QUEUE_TICKET.DAY),
                                    QUEUE_EVENT.TICKET.eq(QUEUE_TICKET.TICKET))
                            .where(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.UPDATED_AT.gt(p.like(QUEUE_TICKET.UPDATED_AT)))
                            .and(QUEUE_EVENT.AT_SERVER.le(p.like(QUEUE_EVENT.AT_SERVER)))
                            .orderBy(QUEUE_TICKET.QUEUE_ID, QUEUE_TICKET.TICKET));

    /// A ticket as it was known then.
    record Changed(
            UUID queue,
            String number,
            @Nullable String visit,
            @Nullable String visitKey,
            @Nullable String department,
            String source,
            Ticket ticket) {
        /// Of its wait, null when it has none.
        @Nullable Integer seconds() {
            return ticket.waiting()
                    .map(wait -> (int) Math.min(wait.seconds(), Integer.MAX_VALUE))
                    .orElse(null);
        }

        @Nullable Fate fate() {
            return ticket.waiting().map(wait -> TicketStore.fate(ticket, wait)).orElse(null);
        }
    }

    /// Starts to read.
    static Future<RowSet<Row>> start(Database database, LocalDate day, Instant asOf) {
        return database.start(CHANGED_SINCE, day, asOf, asOf);
    }

    /// What was started. Waits.
    static List<Changed> read(Future<RowSet<Row>> started, LocalDate day, Instant asOf) {
        Map<String, List<QueueEvent>> events = new HashMap<>();
        Map<String, Row> keys = new HashMap<>();
        for (Row row : started.await()) {
            UUID queue = Rows.get(row, QUEUE_TICKET.QUEUE_ID);
            String key = queue + "/" + Rows.get(row, QUEUE_TICKET.TICKET);
            keys.put(key, row);
            events.computeIfAbsent(key, _ -> new ArrayList<>())
                    .add(
                            new QueueEvent(
                                    Rows.get(row, QUEUE_EVENT.SEQ),
                                    QueueCode.of(Rows.get(row, QUEUE_EVENT.CODE)).orElseThrow(),
                                    Rows.get(row, QUEUE_EVENT.AT_SOURCE),
                                    Rows.get(row, QUEUE_EVENT.AT),
                                    Rows.get(row, QUEUE_EVENT.AT_SERVER),
                                    Rows.get(row, QUEUE_EVENT.SOURCE)));
        }
        boolean over = day.isBefore(LocalDate.ofInstant(asOf, QueueLimits.ZONE));
        List<Changed> folded = new ArrayList<>();
        events.forEach((key, told) -> {
            Ticket ticket = TicketRules.fold(told);
            Row row = Objects.requireNonNull(keys.get(key));
            folded.add(
                    new Changed(
                            Rows.get(row, QUEUE_TICKET.QUEUE_ID),
                            Rows.get(row, QUEUE_TICKET.TICKET),
                            Rows.find(row, QUEUE_TICKET.VISIT),
                            row.getString("visit_key"),
                            Rows.find(row, QUEUE_TICKET.DEPARTMENT),
                            told.getFirst().source(),
                            over ? ticket.swept() : ticket));
        });
        return folded;
    }

    private ChangedStore() {}
}
