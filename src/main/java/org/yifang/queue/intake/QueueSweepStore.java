package org.yifang.queue.intake;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.QueueEvent;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.QueueStore.Logged;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRow;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketState;
import org.yifang.queue.ticket.TicketStore;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Ends the day: whoever still stood in line becomes unknown, never served; and makes the months of
/// events that come next. May run in several instances at once.
public final class QueueSweepStore {
    private static final int TICKETS_AT_ONCE = 500;
    private static final int MONTHS_AHEAD = 3;

    private final Database database;
    private final InstantSource clock;
    private final QueueStore store;
    private final TicketStore tickets;

    public QueueSweepStore(Database database, InstantSource clock, String region) {
        this.database = database;
        this.clock = clock;
        this.store = new QueueStore(region);
        this.tickets = new TicketStore(region);
    }

    /// Ends all days before today. Waits; call from a virtual thread, every few minutes.
    ///
    /// @return how many tickets were ended
    public int run() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, QueueLimits.ZONE);
        for (int month = 0; month <= MONTHS_AHEAD; month++) {
            LocalDate day = today.plusMonths(month);
            database.inTransaction(tx -> {
                tx.takeTurn("months of queue_event");
                return tx.run(
                        SQL.select(
                                DSL.field(
                                        "queue_event_make_month({0})",
                                        Object.class, DSL.val(day))));
            });
        }
        int ended = 0;
        int batch;
        do {
            batch = database.inTransaction(tx -> batch(tx, today, now));
            ended += batch;
        } while (batch == TICKETS_AT_ONCE);
        return ended;
    }

    private int batch(Tx tx, LocalDate today, Instant now) {
        List<TicketStore.WithEvents> swept = new ArrayList<>();
        for (TicketRow row : open(tx, today)) {
            List<QueueEvent> events =
                    store
                            .events(
                                    tx,
                                    row.queue().organizationId(),
                                    new UUID[] {row.queue().id()},
                                    new LocalDate[] {row.day()},
                                    new String[] {row.ticket()})
                            .stream()
                            .map(Logged::event)
                            .toList();
            Ticket content = TicketRules.fold(events).swept();
            swept.add(new TicketStore.WithEvents(row.settled(content, now), events));
        }
        if (!swept.isEmpty()) {
            tickets.update(tx, swept);
        }
        return swept.size();
    }

    /// Open tickets of past days, locked; those that another instance holds are left to it.
    private List<TicketRow> open(Tx tx, LocalDate today) {
        Map<UUID, QueueRow> queues = new LinkedHashMap<>();
        List<LocalDate> days = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(
                                        QUEUE_TICKET.ID.as("ticket_id"),
                                        QUEUE_TICKET.DAY,
                                        QUEUE_TICKET.TICKET,
                                        QUEUE.ID,
                                        QUEUE.ORGANIZATION_ID,
                                        QUEUE.ORGANIZATION,
                                        QUEUE.CODE,
                                        QUEUE.STAGE,
                                        QUEUE.DEPARTMENT)
                                .from(QUEUE_TICKET)
                                .join(QUEUE)
                                .on(QUEUE.ID.eq(QUEUE_TICKET.QUEUE_ID))
                                .where(
                                        QUEUE_TICKET.STATE.in(
                                                DSL.inline(TicketState.WAITING.code()),
                                                DSL.inline(TicketState.CALLED.code()),
                                                DSL.inline(TicketState.IN_SERVICE.code())))
                                .and(QUEUE_TICKET.DAY.lt(today))
                                .and(QUEUE_TICKET.HISTORY_ID.isNull())
                                .orderBy(QUEUE_TICKET.ID)
                                .limit(TICKETS_AT_ONCE)
                                .forUpdate()
                                .of(QUEUE_TICKET)
                                .skipLocked())) {
            QueueRow queue = QueueStore.queue(row);
            queues.put(queue.id(), queue);
            days.add(Rows.get(row, QUEUE_TICKET.DAY));
            numbers.add(Rows.get(row, QUEUE_TICKET.TICKET));
            ids.add(row.getUUID("ticket_id"));
        }
        if (ids.isEmpty()) {
            return List.of();
        }
        return tickets
                .find(
                        tx,
                        queues,
                        days.stream().distinct().toArray(LocalDate[]::new),
                        numbers.stream().distinct().toArray(String[]::new))
                .stream()
                .filter(row -> ids.contains(row.id()))
                .toList();
    }
}
