package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// A prescription: one record per state, so that a new state does not compile until every rule
/// answers for it.
public sealed interface Prescription {
    Facts facts();

    /// The state as it is stored and sent.
    default State state() {
        return switch (this) {
            case AwaitingReview _ -> State.AWAITING_REVIEW;
            case ReviewRefused _ -> State.REVIEW_REFUSED;
            case AwaitingClaim _ -> State.AWAITING_CLAIM;
            case Claimed _ -> State.CLAIMED;
            case PartlyDispensed _ -> State.PARTLY_DISPENSED;
            case RestAwaitingClaim _ -> State.REST_AWAITING_CLAIM;
            case AwaitingNextFill _ -> State.AWAITING_NEXT_FILL;
            case Dispensed _ -> State.DISPENSED;
            case Suspended _ -> State.SUSPENDED;
            case Cancelled _ -> State.CANCELLED;
            case RestCancelled _ -> State.REST_CANCELLED;
            case Expired _ -> State.EXPIRED;
            case RestExpired _ -> State.REST_EXPIRED;
        };
    }

    /// Waits for a reviewing pharmacist of the hospital.
    record AwaitingReview(Facts facts) implements Prescription {}

    /// A reviewing pharmacist refused it.
    record ReviewRefused(Facts facts) implements Prescription {}

    /// Open to a pharmacy; nothing of this fill was handed out.
    record AwaitingClaim(Facts facts) implements Prescription {}

    /// A pharmacy holds it and has handed out nothing of this fill.
    record Claimed(Facts facts, Claim claim) implements Prescription {}

    /// A pharmacy holds it; part of this fill has been handed out.
    record PartlyDispensed(Facts facts, Claim claim) implements Prescription {}

    /// What is left of this fill is open to any pharmacy.
    record RestAwaitingClaim(Facts facts) implements Prescription {}

    /// This fill is over; the next one opens on its day.
    record AwaitingNextFill(Facts facts) implements Prescription {}

    /// Everything was handed out.
    record Dispensed(Facts facts) implements Prescription {}

    /// Stopped for the time being.
    ///
    /// @param from the unclaimed state to which it returns
    /// @param until when it returns by itself, null for not before `$resume`
    record Suspended(Facts facts, State from, @Nullable Instant until) implements Prescription {}

    /// Cancelled before anything was handed out.
    record Cancelled(Facts facts) implements Prescription {}

    /// The rest was cancelled after something was handed out.
    record RestCancelled(Facts facts) implements Prescription {}

    /// Validity ended before anything was handed out.
    record Expired(Facts facts) implements Prescription {}

    /// Validity ended after something was handed out.
    record RestExpired(Facts facts) implements Prescription {}
}
