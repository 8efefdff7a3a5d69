package org.yifang.queue.live;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.QueueTicket;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.TicketState;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All SQL about how queues stand now.
final class LiveStore {
    private static final Field<String[]> TEXTS = DSL.field("x", SQLDataType.CLOB.array());

    /// Constants, not parameters: a plan made for any value could not use the index of open
    /// tickets.
    private static Condition inLine(Field<String> state) {
        return state.in(
                DSL.inline(TicketState.WAITING.code()), DSL.inline(TicketState.CALLED.code()));
    }

    private static final Statement OPEN =
            Statement.of(p ->
                    SQL.select(QUEUE_TICKET.JOINED, QUEUE_TICKET.TICKET, QUEUE_TICKET.STATE)
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.QUEUE_ID.eq(p.like(QUEUE_TICKET.QUEUE_ID)))
                            .and(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(inLine(QUEUE_TICKET.STATE))
                            .orderBy(QUEUE_TICKET.JOINED)
                            .limit(DSL.inline(1000)));

    private static final Statement AHEAD =
            Statement.of(p -> {
                QueueTicket mine = QUEUE_TICKET.as("mine");
                Field<Integer> others =
                        SQL.select(DSL.count())
                                .from(QUEUE_TICKET)
                                .where(QUEUE_TICKET.QUEUE_ID.eq(mine.QUEUE_ID))
                                .and(QUEUE_TICKET.DAY.eq(mine.DAY))
                                .and(inLine(QUEUE_TICKET.STATE))
                                .and(QUEUE_TICKET.JOINED.lt(mine.JOINED))
                                .asField("ahead");
                return SQL.select(others)
                        .from(mine)
                        .where(mine.ID.eq(p.like(mine.ID)))
                        .and(inLine(mine.STATE));
            });

    private static final Statement SERVED =
            Statement.of(p ->
                    SQL.select(QUEUE_TICKET.JOINED, QUEUE_TICKET.SERVICE_START)
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.QUEUE_ID.eq(p.like(QUEUE_TICKET.QUEUE_ID)))
                            .and(QUEUE_TICKET.DAY.ge(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.FATE.eq(DSL.inline(Fate.SERVED.code())))
                            .orderBy(QUEUE_TICKET.DAY.desc(), QUEUE_TICKET.SERVICE_START.desc())
                            .limit(DSL.inline(QueueLimits.WAITS_LEARNT)));

    private static final Statement QUEUE_BY_ID =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE.ID,
                                    QUEUE.ORGANIZATION_ID,
                                    QUEUE.ORGANIZATION,
                                    QUEUE.CODE,
                                    QUEUE.STAGE,
                                    QUEUE.DEPARTMENT)
                            .from(QUEUE)
                            .where(QUEUE.ID.eq(p.like(QUEUE.ID))));

    private static final Statement QUEUES_OF_NUMBER =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE.ID,
                                    QUEUE.ORGANIZATION_ID,
                                    QUEUE.ORGANIZATION,
                                    QUEUE.CODE,
                                    QUEUE.STAGE,
                                    QUEUE.DEPARTMENT)
                            .from(QUEUE)
                            .where(QUEUE.ORGANIZATION.eq(p.like(QUEUE.ORGANIZATION)))
                            .orderBy(QUEUE.CODE)
                            .limit(DSL.inline(1000)));

    private static final Statement QUEUES_OF =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE.ID,
                                    QUEUE.ORGANIZATION_ID,
                                    QUEUE.ORGANIZATION,
                                    QUEUE.CODE,
                                    QUEUE.STAGE,
                                    QUEUE.DEPARTMENT)
                            .from(QUEUE)
                            .where(QUEUE.ORGANIZATION_ID.eq(p.like(QUEUE.ORGANIZATION_ID)))
                            .orderBy(QUEUE.CODE)
                            .limit(DSL.inline(200)));

    private static final Statement TELL =
            Statement.of(p ->
                    SQL.select(
                                    DSL.field(
                                            "pg_notify('queue', {0})",
                                            Object.class, DSL.field(DSL.name("id"), String.class)))
                            .from(DSL.unnest(p.like(TEXTS)).as("queues", "id")));

    private final Database database;

    LiveStore(Database database) {
        this.database = database;
    }

    /// One who stands in line.
    record InLine(String ticket, boolean called, Instant joined) {}

    /// Those who stand in line, the head first.
    List<InLine> inLine(UUID queue, LocalDate day) {
        List<InLine> line = new ArrayList<>();
        for (Row row : database.run(OPEN, queue, day)) {
            Instant at = Rows.find(row, QUEUE_TICKET.JOINED);
            if (at != null) {
                line.add(
                        new InLine(
                                Rows.get(row, QUEUE_TICKET.TICKET),
                                Rows.get(row, QUEUE_TICKET.STATE).equals(TicketState.CALLED.code()),
                                at));
            }
        }
        return line;
    }

    /// Served tickets since a day, in the order of joining.
    PastWaits.Served[] served(UUID queue, LocalDate since, Instant now) {
        List<PastWaits.Served> served = new ArrayList<>();
        for (Row row : database.run(SERVED, queue, since)) {
            Instant joined = Rows.find(row, QUEUE_TICKET.JOINED);
            Instant start = Rows.find(row, QUEUE_TICKET.SERVICE_START);
            if (joined != null && start != null) {
                double waited = Math.max(seconds(joined, start), 0);
                double from = seconds(now, joined);
                served.add(new PastWaits.Served(from, from + waited));
            }
        }
        served.sort(java.util.Comparator.comparingDouble(PastWaits.Served::joined));
        return served.toArray(PastWaits.Served[]::new);
    }

    Optional<QueueRow> queue(UUID id) {
        for (Row row : database.run(QUEUE_BY_ID, id)) {
            return Optional.of(QueueStore.queue(row));
        }
        return Optional.empty();
    }

    List<QueueRow> queues(String organization) {
        return queues(database.run(QUEUES_OF_NUMBER, organization));
    }

    List<QueueRow> queues(UUID organization) {
        return queues(database.run(QUEUES_OF, organization));
    }

    private static List<QueueRow> queues(Iterable<Row> rows) {
        List<QueueRow> queues = new ArrayList<>();
        for (Row row : rows) {
            queues.add(QueueStore.queue(row));
        }
        return queues;
    }

    /// How many stand before a ticket, null when it does not stand in line.
    @Nullable Integer ahead(UUID ticket) {
        for (Row row : database.run(AHEAD, ticket)) {
            return row.getInteger("ahead");
        }
        return null;
    }

    /// Tells every instance of the service that these queues have changed.
    void tell(Collection<UUID> queues) {
        String[] ids = queues.stream().map(UUID::toString).toArray(String[]::new);
        database.run(TELL, (Object) ids);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
