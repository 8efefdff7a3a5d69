package org.yifang.queue.ticket;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/// A ticket as it is stored: who it belongs to, and what its events come to.
///
/// @param stage null for a ticket of the past whose file did not say
/// @param source the client that told of it first
/// @param history the file that it came from, null for one told by events
/// @param content what its events come to; null for a row just read, whose events are folded anew
public record TicketRow(
        UUID id,
        QueueRow queue,
        LocalDate day,
        String ticket,
        @Nullable QueueStage stage,
        @Nullable String department,
        @Nullable String visit,
        @Nullable UUID prescription,
        @Nullable UUID patient,
        String source,
        @Nullable UUID history,
        @Nullable WaitPrediction predicted,
        Ticket content,
        long version,
        Instant createdAt,
        Instant updatedAt) {
    /// What has no event yet.
    public static final Ticket EMPTY =
            new Ticket(TicketState.WAITING, null, null, null, null, null, null);

    /// The same ticket after further events.
    public TicketRow with(Ticket next, Arriving told, Instant now) {
        return new TicketRow(
                id,
                queue,
                day,
                ticket,
                stage == null ? QueueStage.of(told.stage()).orElse(null) : stage,
                told.department() == null ? department : told.department(),
                told.visit() == null ? visit : told.visit(),
                told.prescription() == null ? prescription : told.prescription(),
                told.patient() == null ? patient : told.patient(),
                source,
                history,
                predicted,
                next,
                version + 1,
                createdAt,
                now);
    }

    /// The same ticket with what its events come to.
    public TicketRow holding(Ticket next) {
        return new TicketRow(
                id,
                queue,
                day,
                ticket,
                stage,
                department,
                visit,
                prescription,
                patient,
                source,
                history,
                predicted,
                next,
                version,
                createdAt,
                updatedAt);
    }

    public TicketRow predicted(@Nullable WaitPrediction prediction) {
        return new TicketRow(
                id,
                queue,
                day,
                ticket,
                stage,
                department,
                visit,
                prescription,
                patient,
                source,
                history,
                prediction,
                content,
                version,
                createdAt,
                updatedAt);
    }

    public TicketRow settled(Ticket next, Instant now) {
        return new TicketRow(
                id,
                queue,
                day,
                ticket,
                stage,
                department,
                visit,
                prescription,
                patient,
                source,
                history,
                predicted,
                next,
                version + 1,
                createdAt,
                now);
    }
}
