package org.yifang.queue.ticket;

import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.ManyRows;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// All SQL that writes tickets.
public final class TicketStore {
    private static final Field<UUID[]> UUIDS = DSL.field("x", SQLDataType.UUID.array());
    private static final Field<String[]> TEXTS = DSL.field("x", SQLDataType.CLOB.array());
    private static final Field<LocalDate[]> DAYS = DSL.field("x", SQLDataType.LOCALDATE.array());

    /// What changes with the events of a ticket, in the order of [#changing].
    private static final List<Field<?>> CHANGING =
            List.of(
                    QUEUE_TICKET.STAGE,
                    QUEUE_TICKET.DEPARTMENT,
                    QUEUE_TICKET.STATE,
                    QUEUE_TICKET.TASK_STATUS,
                    QUEUE_TICKET.JOINED,
                    QUEUE_TICKET.CALLED,
                    QUEUE_TICKET.SERVICE_START,
                    QUEUE_TICKET.SERVICE_END,
                    QUEUE_TICKET.LEFT_AT,
                    QUEUE_TICKET.LAST_KNOWN,
                    QUEUE_TICKET.WAIT_SECONDS,
                    QUEUE_TICKET.FATE,
                    QUEUE_TICKET.EXCLUSION,
                    QUEUE_TICKET.VISIT,
                    QUEUE_TICKET.PRESCRIPTION_ID,
                    QUEUE_TICKET.PATIENT_ID,
                    QUEUE_TICKET.PREDICTED_LOW,
                    QUEUE_TICKET.PREDICTED_LIKELY,
                    QUEUE_TICKET.PREDICTED_HIGH,
                    QUEUE_TICKET.TASK,
                    QUEUE_TICKET.VERSION,
                    QUEUE_TICKET.UPDATED_AT);

    /// What a ticket is born with, in the order of [#fixed].
    private static final List<Field<?>> FIXED =
            List.of(
                    QUEUE_TICKET.ID,
                    QUEUE_TICKET.REGION,
                    QUEUE_TICKET.ORGANIZATION_ID,
                    QUEUE_TICKET.ORGANIZATION,
                    QUEUE_TICKET.QUEUE_ID,
                    QUEUE_TICKET.DAY,
                    QUEUE_TICKET.TICKET,
                    QUEUE_TICKET.SOURCE,
                    QUEUE_TICKET.HISTORY_ID,
                    QUEUE_TICKET.CREATED_AT);

    private static final List<Field<?>> ALL =
            Stream.concat(CHANGING.stream(), FIXED.stream()).<Field<?>>map(one -> one).toList();

    private static final List<Field<?>> KEYED =
            Stream.concat(CHANGING.stream(), Stream.of(QUEUE_TICKET.ID))
                    .<Field<?>>map(one -> one)
                    .toList();

    private static final Statement INSERT =
            Statement.of(p ->
                    SQL.insertInto(QUEUE_TICKET, ALL)
                            .values(ALL.stream().map(p::like).toList())
                            .onConflict(
                                    QUEUE_TICKET.QUEUE_ID, QUEUE_TICKET.DAY, QUEUE_TICKET.TICKET)
                            .doNothing());

    private static final Statement INSERT_MANY =
            ManyRows.insert(QUEUE_TICKET, ALL, "ON CONFLICT (queue_id, day, ticket) DO NOTHING");

    private static final Statement UPDATE_MANY =
            ManyRows.update(QUEUE_TICKET, CHANGING, QUEUE_TICKET.ID);

    private static final Statement UPDATE =
            Statement.of(p -> {
                Map<Field<?>, Object> set = new java.util.LinkedHashMap<>();
                CHANGING.forEach(field -> set.put(field, p.like(field)));
                return SQL.update(QUEUE_TICKET)
                        .set(set)
                        .where(QUEUE_TICKET.ID.eq(p.like(QUEUE_TICKET.ID)));
            });

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.ID,
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.DAY,
                                    QUEUE_TICKET.TICKET,
                                    QUEUE_TICKET.STAGE,
                                    QUEUE_TICKET.DEPARTMENT,
                                    QUEUE_TICKET.VISIT,
                                    QUEUE_TICKET.PRESCRIPTION_ID,
                                    QUEUE_TICKET.PATIENT_ID,
                                    QUEUE_TICKET.SOURCE,
                                    QUEUE_TICKET.HISTORY_ID,
                                    QUEUE_TICKET.PREDICTED_LOW,
                                    QUEUE_TICKET.PREDICTED_LIKELY,
                                    QUEUE_TICKET.PREDICTED_HIGH,
                                    QUEUE_TICKET.VERSION,
                                    QUEUE_TICKET.CREATED_AT,
                                    QUEUE_TICKET.UPDATED_AT)
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.QUEUE_ID.eq(DSL.any(p.like(UUIDS))))
                            .and(QUEUE_TICKET.DAY.eq(DSL.any(p.like(DAYS))))
                            .and(QUEUE_TICKET.TICKET.eq(DSL.any(p.like(TEXTS)))));

    private final String region;

    public TicketStore(String region) {
        this.region = region;
    }

    /// The tickets of these keys; combinations that were not asked for may come along.
    public List<TicketRow> find(
            Tx tx, Map<UUID, QueueRow> queues, LocalDate[] days, String[] tickets) {
        List<TicketRow> found = new ArrayList<>();
        UUID[] ids = queues.keySet().toArray(UUID[]::new);
        for (Row row : tx.run(FIND, ids, days, tickets)) {
            QueueRow queue = queues.get(Rows.get(row, QUEUE_TICKET.QUEUE_ID));
            if (queue != null) {
                found.add(ticket(row, queue));
            }
        }
        return found;
    }

    private static TicketRow ticket(Row row, QueueRow queue) {
        Integer low = Rows.find(row, QUEUE_TICKET.PREDICTED_LOW);
        WaitPrediction predicted =
                low == null
                        ? null
                        : new WaitPrediction(
                                low,
                                Rows.get(row, QUEUE_TICKET.PREDICTED_LIKELY),
                                Rows.get(row, QUEUE_TICKET.PREDICTED_HIGH),
                                0);
        return new TicketRow(
                Rows.get(row, QUEUE_TICKET.ID),
                queue,
                Rows.get(row, QUEUE_TICKET.DAY),
                Rows.get(row, QUEUE_TICKET.TICKET),
                Optional.ofNullable(Rows.find(row, QUEUE_TICKET.STAGE))
                        .flatMap(QueueStage::of)
                        .orElse(null),
                Rows.find(row, QUEUE_TICKET.DEPARTMENT),
                Rows.find(row, QUEUE_TICKET.VISIT),
                Rows.find(row, QUEUE_TICKET.PRESCRIPTION_ID),
                Rows.find(row, QUEUE_TICKET.PATIENT_ID),
                Rows.get(row, QUEUE_TICKET.SOURCE),
                Rows.find(row, QUEUE_TICKET.HISTORY_ID),
                predicted,
                TicketRow.EMPTY,
                Rows.get(row, QUEUE_TICKET.VERSION),
                Rows.get(row, QUEUE_TICKET.CREATED_AT),
                Rows.get(row, QUEUE_TICKET.UPDATED_AT));
    }

    /// A ticket and the events that its Task shows.
    public record Told(TicketRow row, List<QueueEvent> events) {}

    /// Writes new tickets; one that is there already stays as it is.
    public io.vertx.core.Future<io.vertx.sqlclient.RowSet<Row>> insert(Tx tx, List<Told> tickets) {
        List<@Nullable Object[]> rows =
                tickets.stream().map(told -> join(changing(told), fixed(told.row()))).toList();
        return rows.size() < ManyRows.WORTH_IT
                ? tx.startBatch(INSERT, rows)
                : tx.start(INSERT_MANY, ManyRows.values(ALL, rows));
    }

    public void update(Tx tx, List<Told> tickets) {
        List<@Nullable Object[]> rows =
                tickets.stream()
                        .map(told -> join(changing(told), new Object[] {told.row().id()}))
                        .toList();
        var _ =
                rows.size() < ManyRows.WORTH_IT
                        ? tx.startBatch(UPDATE, rows)
                        : tx.start(UPDATE_MANY, ManyRows.values(KEYED, rows));
    }

    private static @Nullable Object[] changing(Told told) {
        TicketRow row = told.row();
        Ticket ticket = row.content();
        Optional<Ticket.Wait> wait = ticket.waiting();
        WaitPrediction predicted = row.predicted();
        return new @Nullable Object[] {
            row.stage() == null ? null : row.stage().code(),
            row.department(),
            ticket.state().code(),
            ticket.state().taskStatus(),
            ticket.joined(),
            ticket.called(),
            ticket.serviceStart(),
            ticket.serviceEnd(),
            ticket.leftAt(),
            ticket.lastKnown(),
            wait.map(one -> (int) Math.min(one.seconds(), Integer.MAX_VALUE)).orElse(null),
            wait.map(one -> fate(ticket, one).code()).orElse(null),
            ticket.exclusion().map(TicketStore::code).orElse(null),
            row.visit(),
            row.prescription(),
            row.patient(),
            predicted == null ? null : (int) predicted.lowSeconds(),
            predicted == null ? null : (int) predicted.likelySeconds(),
            predicted == null ? null : (int) predicted.highSeconds(),
            TicketJson.write(row, told.events()),
            row.version(),
            row.updatedAt()
        };
    }

    private @Nullable Object[] fixed(TicketRow row) {
        return new @Nullable Object[] {
            row.id(),
            region,
            row.queue().organizationId(),
            row.queue().organization(),
            row.queue().id(),
            row.day(),
            row.ticket(),
            row.source(),
            row.history(),
            row.createdAt()
        };
    }

    public static Fate fate(Ticket ticket, Ticket.Wait wait) {
        return switch (wait.ending()) {
            case SERVED -> Fate.SERVED;
            case LEFT -> Fate.LEFT;
            case LOST ->
                    ticket.state() == TicketState.TRANSFERRED ? Fate.TRANSFERRED : Fate.UNKNOWN;
        };
    }

    static String code(Ticket.Exclusion exclusion) {
        return switch (exclusion) {
            case VOIDED -> "voided";
            case START_MISSING -> "start-missing";
        };
    }

    private static @Nullable Object[] join(@Nullable Object[] some, @Nullable Object[] others) {
        @Nullable Object[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }
}
