package org.yifang.queue.intake;

import static org.yifang.generated.Tables.QUEUE_CLOCK;
import static org.yifang.generated.Tables.QUEUE_QUARANTINE;
import static org.yifang.generated.Tables.QUEUE_SOURCE_DAY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.Arriving;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/// All SQL about senders' clocks, and about events that no clock explains.
final class ClockStore {
    private static final Statement ADD_QUARANTINED =
            Statement.of(p ->
                    SQL.insertInto(
                                    QUEUE_QUARANTINE,
                                    QUEUE_QUARANTINE.ID,
                                    QUEUE_QUARANTINE.REGION,
                                    QUEUE_QUARANTINE.ORGANIZATION_ID,
                                    QUEUE_QUARANTINE.SOURCE,
                                    QUEUE_QUARANTINE.QUEUE,
                                    QUEUE_QUARANTINE.TICKET,
                                    QUEUE_QUARANTINE.SEQ,
                                    QUEUE_QUARANTINE.CODE,
                                    QUEUE_QUARANTINE.AT_SOURCE,
                                    QUEUE_QUARANTINE.AT,
                                    QUEUE_QUARANTINE.AT_SERVER)
                            .values(
                                    p.like(QUEUE_QUARANTINE.ID),
                                    p.like(QUEUE_QUARANTINE.REGION),
                                    p.like(QUEUE_QUARANTINE.ORGANIZATION_ID),
                                    p.like(QUEUE_QUARANTINE.SOURCE),
                                    p.like(QUEUE_QUARANTINE.QUEUE),
                                    p.like(QUEUE_QUARANTINE.TICKET),
                                    p.like(QUEUE_QUARANTINE.SEQ),
                                    p.like(QUEUE_QUARANTINE.CODE),
                                    p.like(QUEUE_QUARANTINE.AT_SOURCE),
                                    p.like(QUEUE_QUARANTINE.AT),
                                    p.like(QUEUE_QUARANTINE.AT_SERVER)));

    private static final Statement LAST_OFFSET =
            Statement.of(p ->
                    SQL.select(QUEUE_CLOCK.OFFSET_MS)
                            .from(QUEUE_CLOCK)
                            .where(
                                    QUEUE_CLOCK.ORGANIZATION_ID.eq(
                                            p.like(QUEUE_CLOCK.ORGANIZATION_ID)))
                            .and(QUEUE_CLOCK.SOURCE.eq(p.like(QUEUE_CLOCK.SOURCE)))
                            .orderBy(QUEUE_CLOCK.MEASURED_AT.desc())
                            .limit(DSL.inline(1)));

    private static final Statement ADD_OFFSET =
            Statement.of(p ->
                    SQL.insertInto(
                                    QUEUE_CLOCK,
                                    QUEUE_CLOCK.ORGANIZATION_ID,
                                    QUEUE_CLOCK.SOURCE,
                                    QUEUE_CLOCK.MEASURED_AT,
                                    QUEUE_CLOCK.REGION,
                                    QUEUE_CLOCK.OFFSET_MS,
                                    QUEUE_CLOCK.JUMPED)
                            .values(
                                    p.like(QUEUE_CLOCK.ORGANIZATION_ID),
                                    p.like(QUEUE_CLOCK.SOURCE),
                                    p.like(QUEUE_CLOCK.MEASURED_AT),
                                    p.like(QUEUE_CLOCK.REGION),
                                    p.like(QUEUE_CLOCK.OFFSET_MS),
                                    p.like(QUEUE_CLOCK.JUMPED))
                            .onConflictDoNothing());

    private static final Statement COUNT =
            Statement.of(p ->
                    SQL.insertInto(
                                    QUEUE_SOURCE_DAY,
                                    QUEUE_SOURCE_DAY.ORGANIZATION_ID,
                                    QUEUE_SOURCE_DAY.SOURCE,
                                    QUEUE_SOURCE_DAY.DAY,
                                    QUEUE_SOURCE_DAY.REGION,
                                    QUEUE_SOURCE_DAY.UPLOADS,
                                    QUEUE_SOURCE_DAY.EVENTS,
                                    QUEUE_SOURCE_DAY.LATE,
                                    QUEUE_SOURCE_DAY.REPEATED,
                                    QUEUE_SOURCE_DAY.REFUSED,
                                    QUEUE_SOURCE_DAY.QUARANTINED)
                            .values(
                                    p.like(QUEUE_SOURCE_DAY.ORGANIZATION_ID),
                                    p.like(QUEUE_SOURCE_DAY.SOURCE),
                                    p.like(QUEUE_SOURCE_DAY.DAY),
                                    p.like(QUEUE_SOURCE_DAY.REGION),
                                    DSL.inline(1L),
                                    p.like(QUEUE_SOURCE_DAY.EVENTS),
                                    p.like(QUEUE_SOURCE_DAY.LATE),
                                    p.like(QUEUE_SOURCE_DAY.REPEATED),
                                    p.like(QUEUE_SOURCE_DAY.REFUSED),
                                    p.like(QUEUE_SOURCE_DAY.QUARANTINED))
                            .onConflict(
                                    QUEUE_SOURCE_DAY.ORGANIZATION_ID,
                                    QUEUE_SOURCE_DAY.SOURCE,
                                    QUEUE_SOURCE_DAY.DAY)
                            .doUpdate()
                            .set(more(QUEUE_SOURCE_DAY.UPLOADS))
                            .set(more(QUEUE_SOURCE_DAY.EVENTS))
                            .set(more(QUEUE_SOURCE_DAY.LATE))
                            .set(more(QUEUE_SOURCE_DAY.REPEATED))
                            .set(more(QUEUE_SOURCE_DAY.REFUSED))
                            .set(more(QUEUE_SOURCE_DAY.QUARANTINED)));

    private static Map<Field<Long>, Field<Long>> more(Field<Long> column) {
        return Map.of(column, column.plus(DSL.excluded(column)));
    }

    private final String region;

    ClockStore(String region) {
        this.region = region;
    }

    void quarantine(
            Tx tx,
            UUID id,
            UUID organization,
            String source,
            Arriving event,
            Instant at,
            Instant now) {
        var _ =
                tx.start(
                        ADD_QUARANTINED,
                        id,
                        region,
                        organization,
                        source,
                        event.queue(),
                        event.ticket(),
                        event.seq(),
                        event.code(),
                        event.at(),
                        at,
                        now);
    }

    /// What became of the events of one upload.
    record Counts(long events, long late, long repeated, long refused, long quarantined) {}

    /// Adds an upload to what its source sent today; the last statement of its transaction, since
    /// all uploads of a source wait for each other here.
    void count(Tx tx, UUID organization, String source, LocalDate day, Counts counts) {
        var _ =
                tx.start(
                        COUNT,
                        organization,
                        source,
                        day,
                        region,
                        counts.events(),
                        counts.late(),
                        counts.repeated(),
                        counts.refused(),
                        counts.quarantined());
    }

    /// The offset of a sender's clock as last written down, in milliseconds.
    @Nullable Long lastOffset(Tx tx, UUID organization, String source) {
        for (Row row : tx.run(LAST_OFFSET, organization, source)) {
            return Rows.get(row, QUEUE_CLOCK.OFFSET_MS);
        }
        return null;
    }

    void addOffset(
            Tx tx, UUID organization, String source, Instant at, long offsetMs, boolean jumped) {
        var _ = tx.start(ADD_OFFSET, organization, source, at, region, offsetMs, jumped);
    }
}
