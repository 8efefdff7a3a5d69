package org.yifang.queue.ticket;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.WaitSample.Ending;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One person's turn in one queue, as its events tell it. A time is null until it is known.
///
/// @param joined when the wait began
/// @param called the first call
/// @param serviceStart when the wait ended in service
/// @param serviceEnd when service was over
/// @param leftAt when the wait ended without service
/// @param lastKnown the last moment at which the ticket was known to be in the line
public record Ticket(
        TicketState state,
        @Nullable Instant joined,
        @Nullable Instant called,
        @Nullable Instant serviceStart,
        @Nullable Instant serviceEnd,
        @Nullable Instant leftAt,
        @Nullable Instant lastKnown) {
    /// A wait and how it ended.
    ///
    /// @param seconds until service, or until the last moment the ticket was known to wait
    public record Wait(long seconds, Ending ending) {}

    /// Why a ticket has no wait.
    public enum Exclusion {
        VOIDED("voided"),
        START_MISSING("start-missing");

        private final String code;

        Exclusion(String code) {
            this.code = code;
        }

        /// As it is stored.
        public String code() {
            return code;
        }

        public static Exclusion of(String code) {
            return code.equals(VOIDED.code) ? VOIDED : START_MISSING;
        }
    }

    /// Why the ticket says nothing about waiting, empty when it does.
    public Optional<Exclusion> exclusion() {
        if (state == TicketState.VOIDED) {
            return Optional.of(Exclusion.VOIDED);
        }
        return joined == null ? Optional.of(Exclusion.START_MISSING) : Optional.empty();
    }

    /// The wait; whoever was not seen to be served is censored, never counted as served.
    public Optional<Wait> waiting() {
        if (joined == null || state == TicketState.VOIDED) {
            return Optional.empty();
        }
        if (serviceStart != null) {
            return Optional.of(new Wait(seconds(joined, serviceStart), Ending.SERVED));
        }
        Instant seen = lastKnown == null ? joined : lastKnown;
        return Optional.of(
                switch (state) {
                    case LEFT -> new Wait(seconds(joined, leftAt == null ? seen : leftAt), LEFT);
                    // Who does not come when called was last known to wait at the call.
                    case NO_SHOW -> new Wait(seconds(joined, seen), LEFT);
                    case TRANSFERRED ->
                            new Wait(seconds(joined, leftAt == null ? seen : leftAt), Ending.LOST);
                    case WAITING, CALLED, UNKNOWN, IN_SERVICE, SERVED, VOIDED ->
                            new Wait(seconds(joined, seen), Ending.LOST);
                });
    }

    private static final Ending LEFT = Ending.LEFT;

    /// The ticket after the end of its day: whoever was still in line is unknown; service that was
    /// seen to begin stays service.
    public Ticket swept() {
        return switch (state) {
            case WAITING, CALLED -> withState(TicketState.UNKNOWN);
            case IN_SERVICE -> withState(TicketState.SERVED);
            case SERVED, LEFT, NO_SHOW, TRANSFERRED, UNKNOWN, VOIDED -> this;
        };
    }

    private Ticket withState(TicketState next) {
        return new Ticket(next, joined, called, serviceStart, serviceEnd, leftAt, lastKnown);
    }

    private static long seconds(Instant from, Instant to) {
        // Two clocks, each corrected, may still disagree by seconds.
        return Math.max(Duration.between(from, to).toSeconds(), 0);
    }
}
