package org.yifang.prescription.life;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.yifang.prescription.life.Prescription.*;

import java.time.Instant;
import java.util.UUID;

/// What time alone does to a prescription: leases and validity end, fills open, suspensions lift.
///
/// Every command is decided on the settled prescription, so an answer never depends on whether a
/// sweep has run yet; the sweep only makes visible what is already true.
public final class TimeRules {
    /// One change by time alone, or the same prescription when there is none.
    static Prescription step(Prescription current, Instant now, Terms terms) {
        return switch (current) {
            case AwaitingReview(var facts) ->
                    now.isBefore(facts.validUntil()) ? current : new Expired(facts);
            case AwaitingClaim(var facts) -> closeFill(current, facts, now, terms);
            case RestAwaitingClaim(var facts) -> closeFill(current, facts, now, terms);
            // A lease taken within validity outlives it.
            case Claimed(var facts, var claim) -> endLease(current, facts, claim, now);
            case PartlyDispensed(var facts, var claim) -> endLease(current, facts, claim, now);
            case AwaitingNextFill(var facts) ->
                    now.isBefore(facts.opens(facts.fill() + 1))
                            ? current
                            : new AwaitingClaim(facts.nextFill());
            case Suspended suspended -> lift(suspended, now, terms);
            case ReviewRefused _,
                    Dispensed _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    current;
        };
    }

    private static Prescription closeFill(
            Prescription current, Facts facts, Instant now, Terms terms) {
        return now.isBefore(facts.closes(facts.fill(), terms)) ? current : lapsed(facts);
    }

    /// What becomes of a fill that nobody holds when its time is over.
    private static Prescription lapsed(Facts facts) {
        if (!facts.anythingDispensed()) {
            return new Expired(facts);
        }
        return facts.hasFillsLeft() ? awaitNext(facts) : new RestExpired(facts);
    }

    /// A fill is over and another comes. The choice of a pharmacy was made for the one that is
    /// over; one made from now on is for the next.
    static Prescription awaitNext(Facts facts) {
        return new AwaitingNextFill(facts.directedTo(null));
    }

    private static Prescription endLease(
            Prescription current, Facts facts, Claim claim, Instant now) {
        return now.isBefore(claim.leaseUntil())
                ? current
                : unclaimed(facts.endClaim(Claim.End.LEASE_OVER));
    }

    private static Prescription lift(Suspended suspended, Instant now, Terms terms) {
        Prescription before = suspendedFrom(suspended);
        Instant until = suspended.until();
        if (until != null && !now.isBefore(until)) {
            return before;
        }
        // Validity goes on running; a next fill does not open while it is suspended.
        boolean waits = suspended.from() == State.AWAITING_NEXT_FILL;
        Prescription then = waits ? before : step(before, now, terms);
        if (then.state() == before.state()) {
            return suspended;
        }
        // A fill that lapses does not end the suspension; the end of validity does.
        return then instanceof AwaitingNextFill
                ? new Suspended(then.facts(), then.state(), until)
                : then;
    }

    /// The unclaimed state before a suspension.
    static Prescription suspendedFrom(Suspended suspended) {
        Facts facts = suspended.facts();
        return switch (suspended.from()) {
            case AWAITING_REVIEW -> new AwaitingReview(facts);
            case AWAITING_NEXT_FILL -> new AwaitingNextFill(facts);
            case AWAITING_CLAIM, REST_AWAITING_CLAIM -> unclaimed(facts);
            case REVIEW_REFUSED,
                    CLAIMED,
                    PARTLY_DISPENSED,
                    DISPENSED,
                    SUSPENDED,
                    CANCELLED,
                    REST_CANCELLED,
                    EXPIRED,
                    REST_EXPIRED ->
                    throw new IllegalStateException("suspended from " + suspended.from());
        };
    }

    /// Open to pharmacies: whole, or the rest of a fill that was begun.
    static Prescription unclaimed(Facts facts) {
        return facts.fillBegun() ? new RestAwaitingClaim(facts) : new AwaitingClaim(facts);
    }

    /// Held by a pharmacy, begun or not.
    static Prescription held(Facts facts, Claim claim) {
        Facts with = facts.withClaim(claim);
        return facts.fillBegun() ? new PartlyDispensed(with, claim) : new Claimed(with, claim);
    }

    /// When time alone changes the prescription next, null when never.
    public static @Nullable Instant due(Prescription current, Terms terms) {
        return switch (current) {
            case AwaitingReview(var facts) -> facts.validUntil();
            case AwaitingClaim(var facts) -> facts.closes(facts.fill(), terms);
            case RestAwaitingClaim(var facts) -> facts.closes(facts.fill(), terms);
            case Claimed(_, var claim) -> claim.leaseUntil();
            case PartlyDispensed(_, var claim) -> claim.leaseUntil();
            case AwaitingNextFill(var facts) -> facts.opens(facts.fill() + 1);
            case Suspended suspended -> earliest(suspended, terms);
            case ReviewRefused _,
                    Dispensed _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    null;
        };
    }

    private static @Nullable Instant earliest(Suspended suspended, Terms terms) {
        Instant until = suspended.until();
        if (suspended.from() == State.AWAITING_NEXT_FILL) {
            return until;
        }
        Instant over = requireNonNull(due(suspendedFrom(suspended), terms));
        return until == null || over.isBefore(until) ? over : until;
    }

    /// Whether `pharmacy` may dispense it at all: in-house only, or directed to another.
    static boolean isElsewhere(Facts facts, Pharmacy pharmacy) {
        UUID chosen = facts.directedTo();
        boolean another = chosen != null && !chosen.equals(pharmacy.id());
        boolean notInHouse =
                facts.issuingHospitalOnly() && !facts.hospital().equals(pharmacy.hospital());
        return another || notInHouse;
    }

    private TimeRules() {}
}
