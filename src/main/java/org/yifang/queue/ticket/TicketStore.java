package org.yifang.queue.ticket;

import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Columns;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// All SQL that writes tickets.
public final class TicketStore {
    private static final Field<UUID[]> UUIDS = DSL.field("x", SQLDataType.UUID.array());
    private static final Field<String[]> TEXTS = DSL.field("x", SQLDataType.CLOB.array());
    private static final Field<LocalDate[]> DAYS = DSL.field("x", SQLDataType.LOCALDATE.array());

    /// A ticket and the events that its Task shows.
    public record WithEvents(TicketRow row, List<QueueEvent> events) {
        private Ticket content() {
            return row.content();
        }

        private <V> @Nullable V wait(Function<Ticket.Wait, V> value) {
            return content().waiting().map(value).orElse(null);
        }

        private @Nullable Integer predicted(ToLongFunction<WaitPrediction> seconds) {
            WaitPrediction predicted = row.predicted();
            return predicted == null ? null : (int) seconds.applyAsLong(predicted);
        }
    }

    /// What changes with the events of a ticket.
    private static final Columns<WithEvents> CHANGING =
            Columns.<WithEvents>of(QUEUE_TICKET)
                    .set(QUEUE_TICKET.STAGE, one -> stage(one.row.stage()))
                    .set(QUEUE_TICKET.DEPARTMENT, one -> one.row.department())
                    .set(QUEUE_TICKET.STATE, one -> one.content().state().code())
                    .set(QUEUE_TICKET.TASK_STATUS, one -> one.content().state().taskStatus())
                    .set(QUEUE_TICKET.JOINED, one -> one.content().joined())
                    .set(QUEUE_TICKET.CALLED, one -> one.content().called())
                    .set(QUEUE_TICKET.SERVICE_START, one -> one.content().serviceStart())
                    .set(QUEUE_TICKET.SERVICE_END, one -> one.content().serviceEnd())
                    .set(QUEUE_TICKET.LEFT_AT, one -> one.content().leftAt())
                    .set(QUEUE_TICKET.LAST_KNOWN, one -> one.content().lastKnown())
                    .set(QUEUE_TICKET.WAIT_SECONDS, one -> one.wait(TicketStore::seconds))
                    .set(
                            QUEUE_TICKET.FATE,
                            one -> one.wait(wait -> fate(one.content(), wait).code()))
                    .set(
                            QUEUE_TICKET.EXCLUSION,
                            one ->
                                    one.content()
                                            .exclusion()
                                            .map(Ticket.Exclusion::code)
                                            .orElse(null))
                    .set(QUEUE_TICKET.VISIT, one -> one.row.visit())
                    .set(QUEUE_TICKET.PRESCRIPTION_ID, one -> one.row.prescription())
                    .set(QUEUE_TICKET.PATIENT_ID, one -> one.row.patient())
                    .set(
                            QUEUE_TICKET.PREDICTED_LOW,
                            one -> one.predicted(WaitPrediction::lowSeconds))
                    .set(
                            QUEUE_TICKET.PREDICTED_LIKELY,
                            one -> one.predicted(WaitPrediction::likelySeconds))
                    .set(
                            QUEUE_TICKET.PREDICTED_HIGH,
                            one -> one.predicted(WaitPrediction::highSeconds))
                    .set(QUEUE_TICKET.TASK, one -> TicketJson.write(one.row, one.events))
                    .set(QUEUE_TICKET.VERSION, one -> one.row.version())
                    .set(QUEUE_TICKET.UPDATED_AT, one -> one.row.updatedAt());

    private static final Insert<WithEvents> INSERT =
            Insert.into(CHANGING)
                    .set(QUEUE_TICKET.ID, one -> one.row.id())
                    .set(QUEUE_TICKET.ORGANIZATION_ID, one -> one.row.queue().organizationId())
                    .set(QUEUE_TICKET.ORGANIZATION, one -> one.row.queue().organization())
                    .set(QUEUE_TICKET.QUEUE_ID, one -> one.row.queue().id())
                    .set(QUEUE_TICKET.DAY, one -> one.row.day())
                    .set(QUEUE_TICKET.TICKET, one -> one.row.ticket())
                    .set(QUEUE_TICKET.SOURCE, one -> one.row.source())
                    .set(QUEUE_TICKET.HISTORY_ID, one -> one.row.history())
                    .set(QUEUE_TICKET.CREATED_AT, one -> one.row.createdAt())
                    .orNothing(QUEUE_TICKET.QUEUE_ID, QUEUE_TICKET.DAY, QUEUE_TICKET.TICKET);

    private static final Update<WithEvents> UPDATE =
            Update.of(CHANGING).where(QUEUE_TICKET.ID, one -> one.row.id());

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

    private final Insert<WithEvents> insert;

    public TicketStore(String region) {
        this.insert = INSERT.always(QUEUE_TICKET.REGION, DSL.inline(region));
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

    /// Writes new tickets; one that is there already stays as it is.
    public Future<RowSet<Row>> insert(Tx tx, List<WithEvents> tickets) {
        return insert.startAll(tx, tickets);
    }

    public void update(Tx tx, List<WithEvents> tickets) {
        var _ = UPDATE.startAll(tx, tickets);
    }

    private static @Nullable String stage(@Nullable QueueStage stage) {
        return stage == null ? null : stage.code();
    }

    private static int seconds(Ticket.Wait wait) {
        return (int) Math.min(wait.seconds(), Integer.MAX_VALUE);
    }

    public static Fate fate(Ticket ticket, Ticket.Wait wait) {
        return switch (wait.ending()) {
            case SERVED -> Fate.SERVED;
            case LEFT -> Fate.LEFT;
            case LOST ->
                    ticket.state() == TicketState.TRANSFERRED ? Fate.TRANSFERRED : Fate.UNKNOWN;
        };
    }
}
