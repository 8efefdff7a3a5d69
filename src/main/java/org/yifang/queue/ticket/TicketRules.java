package org.yifang.queue.ticket;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a ticket's events may be and what they mean, in whatever order they arrive.
///
/// joined -> (called -> recalled*)? -> service-start -> service-end; joined or called -> left,
/// no-show or transferred; anything -> voided. An event that may still get its missing forerunner
/// is welcome; one that contradicts what is known whatever else may come is not.
public final class TicketRules {
    /// Two corrected clocks may disagree by so much without contradicting each other.
    public static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);

    /// How far ahead of the server an event may be: beyond it the clock is wrong, not the event
    /// early.
    public static final Duration AHEAD_MOST = Duration.ofMinutes(5);

    private static final Comparator<QueueEvent> IN_TIME =
            Comparator.comparing(QueueEvent::at)
                    .thenComparingInt(event -> event.code().rank())
                    .thenComparingLong(QueueEvent::seq);

    /// Why `next` cannot belong to a ticket with the events `known`, empty when it can.
    ///
    /// Several times of joining stand side by side at the hand-over only: there the wait begins
    /// when the last of arriving and paying is done.
    public static Optional<String> contradiction(
            QueueStage stage, List<QueueEvent> known, QueueEvent next) {
        for (QueueEvent other : known) {
            if (other.seq() == next.seq()) {
                continue;
            }
            Optional<String> found = contradiction(stage, other, next);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> contradiction(
            QueueStage stage, QueueEvent known, QueueEvent next) {
        QueueCode a = known.code();
        QueueCode b = next.code();
        if (a == QueueCode.VOIDED && !next.at().isBefore(known.at())) {
            return Optional.of("the ticket was voided at `" + known.at() + "`");
        }
        if (a == QueueCode.VOIDED || b == QueueCode.VOIDED) {
            return Optional.empty();
        }
        boolean mayRepeat =
                a == QueueCode.RECALLED || (a == QueueCode.JOINED && stage == QueueStage.HAND_OVER);
        if (a == b && !mayRepeat) {
            return Optional.of("`" + b.code() + "` is known already, at `" + known.at() + "`");
        }
        if ((a.isLeaving() && isService(b)) || (isService(a) && b.isLeaving())) {
            return Optional.of("`" + b.code() + "` and `" + a.code() + "` exclude each other");
        }
        if (a.isLeaving() && b.isLeaving()) {
            return Optional.of("the ticket ended with `" + a.code() + "` already");
        }
        boolean knownFirst = a.rank() < b.rank();
        QueueEvent first = knownFirst ? known : next;
        QueueEvent second = knownFirst ? next : known;
        boolean reversed =
                first.code().rank() != second.code().rank()
                        && first.at().isAfter(second.at().plus(CLOCK_TOLERANCE));
        // Paying after the hand-over happens; the wait is then none.
        boolean lateJoin = first.code() == QueueCode.JOINED && stage == QueueStage.HAND_OVER;
        return reversed && !lateJoin
                ? Optional.of(
                        "`"
                                + first.code().code()
                                + "` cannot come after `"
                                + second.code().code()
                                + "`")
                : Optional.empty();
    }

    private static boolean isService(QueueCode code) {
        return code == QueueCode.SERVICE_START || code == QueueCode.SERVICE_END;
    }

    /// What the events say, whatever their order; contradictions among them were refused when they
    /// came.
    public static Ticket fold(List<QueueEvent> events) {
        List<QueueEvent> ordered = new ArrayList<>(events);
        ordered.sort(IN_TIME);
        Instant joined = null;
        Instant called = null;
        Instant start = null;
        Instant end = null;
        Instant left = null;
        Instant lastKnown = null;
        QueueCode leaving = null;
        boolean voided = false;
        for (QueueEvent event : ordered) {
            switch (event.code()) {
                case JOINED -> {
                    joined = event.at();
                    lastKnown = latest(lastKnown, event.at());
                }
                case CALLED -> {
                    called = called == null ? event.at() : called;
                    lastKnown = latest(lastKnown, event.at());
                }
                case RECALLED -> called = called == null ? event.at() : called;
                case SERVICE_START -> start = event.at();
                case SERVICE_END -> end = event.at();
                case LEFT, NO_SHOW, TRANSFERRED -> {
                    leaving = event.code();
                    left = event.at();
                }
                case VOIDED -> voided = true;
            }
        }
        if (start != null && end != null && end.isBefore(start)) {
            // Two clocks that differ a little: service is not over before it began.
            end = start;
        }
        TicketState state = state(voided, leaving, start, end, called);
        return new Ticket(state, joined, called, start, end, left, lastKnown);
    }

    private static TicketState state(
            boolean voided,
            @Nullable QueueCode leaving,
            @Nullable Instant start,
            @Nullable Instant end,
            @Nullable Instant called) {
        if (voided) {
            return TicketState.VOIDED;
        }
        if (leaving != null) {
            return switch (leaving) {
                case LEFT -> TicketState.LEFT;
                case NO_SHOW -> TicketState.NO_SHOW;
                case TRANSFERRED -> TicketState.TRANSFERRED;
                case JOINED, CALLED, RECALLED, SERVICE_START, SERVICE_END, VOIDED ->
                        throw new IllegalStateException(leaving + " is no way to leave.");
            };
        }
        if (end != null) {
            return TicketState.SERVED;
        }
        if (start != null) {
            return TicketState.IN_SERVICE;
        }
        return called != null ? TicketState.CALLED : TicketState.WAITING;
    }

    private static Instant latest(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    private TicketRules() {}
}
