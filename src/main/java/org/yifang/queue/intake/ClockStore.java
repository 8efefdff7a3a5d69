package org.yifang.queue.intake;

import static org.yifang.generated.Tables.QUEUE_CLOCK;
import static org.yifang.generated.Tables.QUEUE_QUARANTINE;
import static org.yifang.generated.Tables.QUEUE_SOURCE_DAY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.Arriving;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/// All SQL about senders' clocks, and about events that no clock explains.
final class ClockStore {
    /// An event that no clock explains.
    ///
    /// @param at when it happened by our clock, as far as that can be told
    record Quarantined(
            UUID id,
            UUID organization,
            String source,
            Arriving event,
            Instant at,
            Instant received) {}

    private static final Insert<Quarantined> ADD_QUARANTINED =
            Insert.into(QUEUE_QUARANTINE)
                    .set(QUEUE_QUARANTINE.ID, Quarantined::id)
                    .set(QUEUE_QUARANTINE.ORGANIZATION_ID, Quarantined::organization)
                    .set(QUEUE_QUARANTINE.SOURCE, Quarantined::source)
                    .set(QUEUE_QUARANTINE.QUEUE, one -> one.event.queue())
                    .set(QUEUE_QUARANTINE.TICKET, one -> one.event.ticket())
                    .set(QUEUE_QUARANTINE.SEQ, one -> one.event.seq())
                    .set(QUEUE_QUARANTINE.CODE, one -> one.event.code())
                    .set(QUEUE_QUARANTINE.AT_SOURCE, one -> one.event.at())
                    .set(QUEUE_QUARANTINE.AT, Quarantined::at)
                    .set(QUEUE_QUARANTINE.AT_SERVER, Quarantined::received);

    private static final Statement LAST_OFFSET =
            Statement.of(p ->
                    SQL.select(QUEUE_CLOCK.OFFSET_MS, QUEUE_CLOCK.MEASURED_AT)
                            .from(QUEUE_CLOCK)
                            .where(
                                    QUEUE_CLOCK.ORGANIZATION_ID.eq(
                                            p.like(QUEUE_CLOCK.ORGANIZATION_ID)))
                            .and(QUEUE_CLOCK.SOURCE.eq(p.like(QUEUE_CLOCK.SOURCE)))
                            .orderBy(QUEUE_CLOCK.MEASURED_AT.desc())
                            .limit(DSL.inline(1)));

    /// What was written down last of a sender's clock.
    record LastOffset(long millis, Instant measured) {}

    /// How far a sender's clock was off.
    record Offset(
            UUID organization, String source, Instant measured, long millis, boolean jumped) {}

    private static final Insert<Offset> ADD_OFFSET =
            Insert.into(QUEUE_CLOCK)
                    .set(QUEUE_CLOCK.ORGANIZATION_ID, Offset::organization)
                    .set(QUEUE_CLOCK.SOURCE, Offset::source)
                    .set(QUEUE_CLOCK.MEASURED_AT, Offset::measured)
                    .set(QUEUE_CLOCK.OFFSET_MS, Offset::millis)
                    .set(QUEUE_CLOCK.JUMPED, Offset::jumped)
                    .orNothing();

    /// What became of the events of one upload.
    record Counts(long events, long late, long repeated, long refused, long quarantined) {}

    private record SourceDay(UUID organization, String source, LocalDate day, Counts counts) {}

    private static final Insert<SourceDay> COUNT =
            Insert.into(QUEUE_SOURCE_DAY)
                    .set(QUEUE_SOURCE_DAY.ORGANIZATION_ID, SourceDay::organization)
                    .set(QUEUE_SOURCE_DAY.SOURCE, SourceDay::source)
                    .set(QUEUE_SOURCE_DAY.DAY, SourceDay::day)
                    .add(QUEUE_SOURCE_DAY.UPLOADS, _ -> 1L)
                    .add(QUEUE_SOURCE_DAY.EVENTS, one -> one.counts.events())
                    .add(QUEUE_SOURCE_DAY.LATE, one -> one.counts.late())
                    .add(QUEUE_SOURCE_DAY.REPEATED, one -> one.counts.repeated())
                    .add(QUEUE_SOURCE_DAY.REFUSED, one -> one.counts.refused())
                    .add(QUEUE_SOURCE_DAY.QUARANTINED, one -> one.counts.quarantined())
                    .orReplace(
                            QUEUE_SOURCE_DAY.ORGANIZATION_ID,
                            QUEUE_SOURCE_DAY.SOURCE,
                            QUEUE_SOURCE_DAY.DAY);

    private final Insert<Quarantined> addQuarantined;
    private final Insert<Offset> addOffset;
    private final Insert<SourceDay> count;

    ClockStore(String region) {
        this.addQuarantined = ADD_QUARANTINED.always(QUEUE_QUARANTINE.REGION, DSL.inline(region));
        this.addOffset = ADD_OFFSET.always(QUEUE_CLOCK.REGION, DSL.inline(region));
        this.count = COUNT.always(QUEUE_SOURCE_DAY.REGION, DSL.inline(region));
    }

    void quarantine(Tx tx, Quarantined event) {
        var _ = addQuarantined.start(tx, event);
    }

    /// Adds an upload to what its source sent today; the last statement of its transaction, since
    /// all uploads of a source wait for each other here.
    void count(Tx tx, UUID organization, String source, LocalDate day, Counts counts) {
        var _ = count.start(tx, new SourceDay(organization, source, day, counts));
    }

    /// The offset of a sender's clock as last written down.
    @Nullable LastOffset lastOffset(Tx tx, UUID organization, String source) {
        for (Row row : tx.run(LAST_OFFSET, organization, source)) {
            return new LastOffset(
                    Rows.get(row, QUEUE_CLOCK.OFFSET_MS), Rows.get(row, QUEUE_CLOCK.MEASURED_AT));
        }
        return null;
    }

    void addOffset(Tx tx, Offset offset) {
        var _ = addOffset.start(tx, offset);
    }
}
