package org.yifang.queue.ticket;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_EVENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All SQL that touches queues and their events.
public final class QueueStore {
    private static final Field<UUID[]> UUIDS = DSL.field("x", SQLDataType.UUID.array());
    private static final Field<String[]> TEXTS = DSL.field("x", SQLDataType.CLOB.array());
    private static final Field<LocalDate[]> DAYS = DSL.field("x", SQLDataType.LOCALDATE.array());

    private static final Statement LOCK =
            Statement.of(p ->
                    SQL.select(
                                    DSL.field(
                                            "pg_advisory_xact_lock(hashtextextended({0}, 30))",
                                            Object.class,
                                            DSL.field(DSL.name("name"), String.class)))
                            .from(DSL.unnest(p.like(TEXTS)).as("queues", "name")));

    private static final Statement FIND_QUEUES =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE.ID,
                                    QUEUE.ORGANIZATION_ID,
                                    QUEUE.ORGANIZATION,
                                    QUEUE.CODE,
                                    QUEUE.STAGE,
                                    QUEUE.DEPARTMENT,
                                    QUEUE.CREATED_AT)
                            .from(QUEUE)
                            .where(QUEUE.ORGANIZATION.eq(p.like(QUEUE.ORGANIZATION)))
                            .and(QUEUE.CODE.eq(DSL.any(p.like(TEXTS)))));

    /// A queue that is met for the first time.
    private static final Insert<Dated> MAKE_QUEUE =
            Insert.into(QUEUE)
                    .set(QUEUE.ID, (Dated one) -> one.row.id())
                    .set(QUEUE.ORGANIZATION_ID, one -> one.row.organizationId())
                    .set(QUEUE.ORGANIZATION, one -> one.row.organization())
                    .set(QUEUE.CODE, one -> one.row.code())
                    .set(QUEUE.STAGE, one -> stage(one.row.stage()))
                    .set(QUEUE.DEPARTMENT, one -> one.row.department())
                    .always(QUEUE.VERSION, DSL.inline(1L))
                    .set(QUEUE.CREATED_AT, Dated::createdAt)
                    .set(QUEUE.UPDATED_AT, Dated::createdAt)
                    .orNothing(QUEUE.ORGANIZATION, QUEUE.CODE);

    private static @Nullable String stage(@Nullable QueueStage stage) {
        return stage == null ? null : stage.code();
    }

    /// A queue of which is known now what it is for.
    private record Staged(UUID queue, QueueStage stage, Instant at) {}

    private static final Prepared<Staged> NAME_STAGE =
            Prepared.of(v ->
                    SQL.update(QUEUE)
                            .set(QUEUE.STAGE, v.of(QUEUE.STAGE, one -> one.stage().code()))
                            .set(QUEUE.UPDATED_AT, v.of(QUEUE.UPDATED_AT, Staged::at))
                            .set(QUEUE.VERSION, QUEUE.VERSION.plus(DSL.inline(1L)))
                            .where(QUEUE.ID.eq(v.of(QUEUE.ID, Staged::queue)))
                            .and(QUEUE.STAGE.isNull()));

    private static final Statement EVENTS_OF =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_EVENT.QUEUE_ID,
                                    QUEUE_EVENT.DAY,
                                    QUEUE_EVENT.TICKET,
                                    QUEUE_EVENT.SEQ,
                                    QUEUE_EVENT.CODE,
                                    QUEUE_EVENT.AT_SOURCE,
                                    QUEUE_EVENT.AT,
                                    QUEUE_EVENT.AT_SERVER,
                                    QUEUE_EVENT.SOURCE,
                                    QUEUE_EVENT.CONTENT)
                            .from(QUEUE_EVENT)
                            .where(
                                    QUEUE_EVENT.ORGANIZATION_ID.eq(
                                            p.like(QUEUE_EVENT.ORGANIZATION_ID)))
                            .and(QUEUE_EVENT.QUEUE_ID.eq(DSL.any(p.like(UUIDS))))
                            .and(QUEUE_EVENT.DAY.eq(DSL.any(p.like(DAYS))))
                            // An array of days leaves no month out of the search; two bounds do.
                            .and(QUEUE_EVENT.DAY.ge(p.like(QUEUE_EVENT.DAY)))
                            .and(QUEUE_EVENT.DAY.le(p.like(QUEUE_EVENT.DAY)))
                            .and(QUEUE_EVENT.TICKET.eq(DSL.any(p.like(TEXTS)))));

    /// An event and the organization that tells it.
    private record Entry(UUID organization, Logged logged) {
        private QueueEvent event() {
            return logged.event();
        }
    }

    private static final Insert<Entry> ADD_EVENTS =
            Insert.into(QUEUE_EVENT)
                    .set(QUEUE_EVENT.ORGANIZATION_ID, Entry::organization)
                    .set(QUEUE_EVENT.QUEUE_ID, one -> one.logged.queueId())
                    .set(QUEUE_EVENT.DAY, one -> one.logged.day())
                    .set(QUEUE_EVENT.TICKET, one -> one.logged.ticket())
                    .set(QUEUE_EVENT.SEQ, one -> one.event().seq())
                    .set(QUEUE_EVENT.CODE, one -> one.event().code().code())
                    .set(QUEUE_EVENT.AT_SOURCE, one -> one.event().atSource())
                    .set(QUEUE_EVENT.AT_SERVER, one -> one.event().atServer())
                    .set(QUEUE_EVENT.AT, one -> one.event().at())
                    .set(QUEUE_EVENT.SOURCE, one -> one.event().source())
                    .set(QUEUE_EVENT.CONTENT, one -> one.logged.content());

    private final Insert<Dated> makeQueue;
    private final Insert<Entry> addEvents;

    public QueueStore(String region) {
        this.makeQueue = MAKE_QUEUE.always(QUEUE.REGION, DSL.inline(region));
        this.addEvents = ADD_EVENTS.always(QUEUE_EVENT.REGION, DSL.inline(region));
    }

    /// An event in the log, with the ticket that it belongs to.
    public record Logged(
            UUID queueId, LocalDate day, String ticket, QueueEvent event, byte[] content) {}

    /// Uploads to one queue go one after the other until the transaction ends, so that two of them
    /// cannot each make the same ticket.
    public void lock(Tx tx, String organization, Collection<String> queues) {
        // In one order everywhere, so that two uploads never wait for each other.
        String[] names =
                queues.stream()
                        .sorted()
                        .distinct()
                        .map(queue -> organization + '/' + queue)
                        .toArray(String[]::new);
        var _ = tx.start(LOCK, (Object) names);
    }

    /// A queue and since when it is known.
    public record Dated(QueueRow row, Instant createdAt) {}

    public List<Dated> queues(Tx tx, String organization, Collection<String> codes) {
        List<Dated> found = new ArrayList<>();
        String[] wanted = codes.stream().distinct().toArray(String[]::new);
        for (Row row : tx.run(FIND_QUEUES, organization, wanted)) {
            found.add(new Dated(queue(row), Rows.get(row, QUEUE.CREATED_AT)));
        }
        return found;
    }

    public static QueueRow queue(Row row) {
        return new QueueRow(
                Rows.get(row, QUEUE.ID),
                Rows.get(row, QUEUE.ORGANIZATION_ID),
                Rows.get(row, QUEUE.ORGANIZATION),
                Rows.get(row, QUEUE.CODE),
                Optional.ofNullable(Rows.find(row, QUEUE.STAGE))
                        .flatMap(QueueStage::of)
                        .orElse(null),
                Rows.find(row, QUEUE.DEPARTMENT));
    }

    public void make(Tx tx, QueueRow queue, Instant now) {
        var _ = makeQueue.start(tx, new Dated(queue, now));
    }

    public void nameStage(Tx tx, UUID queue, QueueStage stage, Instant now) {
        var _ = NAME_STAGE.start(tx, new Staged(queue, stage, now));
    }

    /// The events of these tickets, on their way.
    public Future<RowSet<Row>> startEvents(
            Tx tx, UUID organization, UUID[] queues, LocalDate[] days, String[] tickets) {
        LocalDate first = Collections.min(Arrays.asList(days));
        LocalDate last = Collections.max(Arrays.asList(days));
        return tx.start(EVENTS_OF, organization, queues, days, first, last, tickets);
    }

    public List<Logged> events(
            Tx tx, UUID organization, UUID[] queues, LocalDate[] days, String[] tickets) {
        return logged(startEvents(tx, organization, queues, days, tickets).await());
    }

    public static List<Logged> logged(RowSet<Row> rows) {
        List<Logged> found = new ArrayList<>();
        for (Row row : rows) {
            QueueEvent event =
                    new QueueEvent(
                            Rows.get(row, QUEUE_EVENT.SEQ),
                            QueueCode.of(Rows.get(row, QUEUE_EVENT.CODE)).orElseThrow(),
                            Rows.get(row, QUEUE_EVENT.AT_SOURCE),
                            Rows.get(row, QUEUE_EVENT.AT),
                            Rows.get(row, QUEUE_EVENT.AT_SERVER),
                            Rows.get(row, QUEUE_EVENT.SOURCE));
            found.add(
                    new Logged(
                            Rows.get(row, QUEUE_EVENT.QUEUE_ID),
                            Rows.get(row, QUEUE_EVENT.DAY),
                            Rows.get(row, QUEUE_EVENT.TICKET),
                            event,
                            Rows.get(row, QUEUE_EVENT.CONTENT)));
        }
        return found;
    }

    public void add(Tx tx, UUID organization, List<Logged> events) {
        if (!events.isEmpty()) {
            var _ =
                    addEvents.startAll(
                            tx, events.stream().map(one -> new Entry(organization, one)).toList());
        }
    }
}
