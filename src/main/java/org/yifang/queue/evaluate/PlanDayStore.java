package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_EXPECTED;
import static org.yifang.generated.Tables.QUEUE_HISTORY;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.Ticket;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// All SQL of the tickets of a plan, one by one, with the units that they are linked to, as they
/// were known at a moment.
final class PlanDayStore {
    /// The tickets of a day one by one, for a plan: each is linked, or struck.
    private static final Statement SINGLE =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_TICKET.QUEUE_ID,
                                    QUEUE_TICKET.TICKET,
                                    QUEUE_TICKET.VISIT,
                                    QUEUE_TICKET.SOURCE,
                                    QUEUE_TICKET.DEPARTMENT,
                                    QUEUE_TICKET.JOINED,
                                    QUEUE_TICKET.SERVICE_START,
                                    QUEUE_TICKET.SERVICE_END,
                                    QUEUE_TICKET.LEFT_AT,
                                    QUEUE_TICKET.WAIT_SECONDS,
                                    QUEUE_TICKET.FATE,
                                    QUEUE_TICKET.EXCLUSION,
                                    QUEUE_TICKET.HISTORY_ID,
                                    QUEUE_TICKET.CREATED_AT)
                            .from(QUEUE_TICKET)
                            .where(QUEUE_TICKET.DAY.eq(p.like(QUEUE_TICKET.DAY)))
                            .and(QUEUE_TICKET.UPDATED_AT.le(p.like(QUEUE_TICKET.UPDATED_AT)))
                            .orderBy(QUEUE_TICKET.QUEUE_ID, QUEUE_TICKET.TICKET));

    /// Told by a client of the very organization: it cannot bear witness for itself.
    private static final Condition OWN =
            DSL.exists(
                    SQL.selectOne()
                            .from(QUEUE)
                            .where(QUEUE.ORGANIZATION.eq(QUEUE_EXPECTED.ORGANIZATION))
                            .and(QUEUE.ORGANIZATION_ID.eq(QUEUE_HISTORY.ORGANIZATION_ID)));

    private static final Statement UNITS =
            Statement.of(p ->
                    SQL.select(
                                    QUEUE_EXPECTED.ORGANIZATION,
                                    QUEUE_EXPECTED.STAGE,
                                    QUEUE_EXPECTED.UNIT,
                                    QUEUE_EXPECTED.SENDER,
                                    DSL.field(OWN).as("own"))
                            .from(QUEUE_EXPECTED)
                            .join(QUEUE_HISTORY)
                            .on(QUEUE_HISTORY.ID.eq(QUEUE_EXPECTED.HISTORY_ID))
                            .where(QUEUE_EXPECTED.DAY.eq(p.like(QUEUE_EXPECTED.DAY)))
                            .and(QUEUE_EXPECTED.SOURCE.eq(p.like(QUEUE_EXPECTED.SOURCE)))
                            .and(QUEUE_EXPECTED.RECEIVED_AT.le(p.like(QUEUE_EXPECTED.RECEIVED_AT)))
                            .orderBy(QUEUE_EXPECTED.UNIT));

    /// Days after which a ticket that is told as live counts as told afterwards.
    static final int LATE_DAYS = 14;

    private final Database database;

    PlanDayStore(Database database) {
        this.database = database;
    }

    /// A ticket of a plan.
    ///
    /// @param serviceEnd when service was over, null when not told
    /// @param history the file of the past that it came from
    /// @param isLate whether it was told long after its day, as if it were live
    record Single(
            UUID queue,
            String number,
            @Nullable String visit,
            String source,
            @Nullable String department,
            @Nullable Instant joined,
            @Nullable Instant serviceEnd,
            @Nullable Integer seconds,
            @Nullable Fate fate,
            Ticket.@Nullable Exclusion exclusion,
            @Nullable UUID history,
            boolean isLate) {
        /// When its wait ended, in service or not.
        @Nullable Instant end() {
            return joined == null || seconds == null ? null : joined.plusSeconds(seconds);
        }
    }

    /// A unit that was expected at a stage of an organization.
    ///
    /// @param sender the client that told of it
    /// @param isOwn whether that client is the organization's own
    record Unit(String organization, String stage, String unit, String sender, boolean isOwn) {}

    /// A day of a plan.
    record PlanDay(List<Single> tickets, List<Unit> units) {}

    /// A counter that was away comes back within days; what comes later was collected, or made up.
    private static boolean isLate(LocalDate day, Instant created) {
        return LocalDate.ofInstant(created, QueueLimits.ZONE).isAfter(day.plusDays(LATE_DAYS));
    }

    /// The day of a plan as it was known at `asOf`. Waits.
    ///
    /// @param source of the expected units, null for none
    PlanDay read(LocalDate day, @Nullable String source, Instant asOf) {
        Database at = database.forReports();
        Future<RowSet<Row>> told = at.start(SINGLE, day, asOf);
        Future<RowSet<Row>> changed = ChangedStore.start(at, day, asOf);
        Future<RowSet<Row>> units = source == null ? null : at.start(UNITS, day, source, asOf);
        List<Single> tickets = new ArrayList<>();
        for (Row row : told.await()) {
            String fate = Rows.find(row, QUEUE_TICKET.FATE);
            String exclusion = Rows.find(row, QUEUE_TICKET.EXCLUSION);
            tickets.add(
                    new Single(
                            Rows.get(row, QUEUE_TICKET.QUEUE_ID),
                            Rows.get(row, QUEUE_TICKET.TICKET),
                            Rows.find(row, QUEUE_TICKET.VISIT),
                            Rows.get(row, QUEUE_TICKET.SOURCE),
                            Rows.find(row, QUEUE_TICKET.DEPARTMENT),
                            Rows.find(row, QUEUE_TICKET.JOINED),
                            Rows.find(row, QUEUE_TICKET.SERVICE_END),
                            Rows.find(row, QUEUE_TICKET.WAIT_SECONDS),
                            fate == null ? null : Fate.of(fate),
                            exclusion == null ? null : Ticket.Exclusion.of(exclusion),
                            Rows.find(row, QUEUE_TICKET.HISTORY_ID),
                            isLate(day, Rows.get(row, QUEUE_TICKET.CREATED_AT))));
        }
        for (ChangedStore.Changed one : ChangedStore.read(changed, day, asOf)) {
            tickets.add(
                    new Single(
                            one.queue(),
                            one.number(),
                            one.visit(),
                            one.source(),
                            one.department(),
                            one.ticket().joined(),
                            one.ticket().serviceEnd(),
                            one.seconds(),
                            one.fate(),
                            one.ticket().exclusion().orElse(null),
                            null,
                            false));
        }
        List<Unit> expected = new ArrayList<>();
        if (units != null) {
            for (Row row : units.await()) {
                expected.add(
                        new Unit(
                                Rows.get(row, QUEUE_EXPECTED.ORGANIZATION),
                                Rows.get(row, QUEUE_EXPECTED.STAGE),
                                Rows.get(row, QUEUE_EXPECTED.UNIT),
                                Rows.get(row, QUEUE_EXPECTED.SENDER),
                                row.getBoolean("own")));
            }
        }
        return new PlanDay(tickets, expected);
    }
}
