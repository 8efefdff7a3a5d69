package org.yifang.prescription.life;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.Prescription.*;

import java.time.Instant;
import java.util.Objects;

/// Review, cancellation and suspension. Pure: no clock, no database, no HTTP.
public final class HospitalRules {
    /// A reviewing pharmacist approves or refuses.
    public static Decision review(Prescription prescription, boolean approve) {
        return switch (prescription) {
            case AwaitingReview(var facts) ->
                    new Changed(approve ? TimeRules.unclaimed(facts) : new ReviewRefused(facts));
            case ReviewRefused _ -> approve ? notOpen(prescription) : new Unchanged(prescription);
            case Cancelled _, Expired _, Suspended _ -> notOpen(prescription);
            case AwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _,
                    Dispensed _,
                    RestCancelled _,
                    RestExpired _ ->
                    new Refused(
                            ALREADY_REVIEWED,
                            "The prescription has been reviewed already.",
                            "Suspend or cancel it when something is wrong with it.");
        };
    }

    /// The hospital withdraws the prescription, or what is left of it.
    public static Decision cancel(Prescription prescription) {
        return switch (prescription) {
            case Cancelled _, RestCancelled _ -> new Unchanged(prescription);
            case ReviewRefused _, Expired _, RestExpired _, Dispensed _ -> notOpen(prescription);
            case AwaitingReview _,
                    AwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _,
                    Suspended _ -> {
                Facts facts = prescription.facts().endClaim(Claim.End.CANCELLED);
                yield new Changed(
                        facts.anythingDispensed()
                                ? new RestCancelled(facts)
                                : new Cancelled(facts));
            }
        };
    }

    /// Stops a prescription for the time being and ends a claim on it.
    ///
    /// @param until when it goes on by itself, null for not before `$resume`
    public static Decision suspend(Prescription prescription, @Nullable Instant until) {
        return switch (prescription) {
            case Suspended(_, _, var before) when Objects.equals(before, until) ->
                    new Unchanged(prescription);
            case Suspended(var facts, var from, _) ->
                    new Changed(new Suspended(facts, from, until));
            case AwaitingReview _, AwaitingNextFill _, AwaitingClaim _, RestAwaitingClaim _ ->
                    new Changed(new Suspended(prescription.facts(), prescription.state(), until));
            case Claimed(var facts, _) -> fromHeld(facts, until);
            case PartlyDispensed(var facts, _) -> fromHeld(facts, until);
            case ReviewRefused _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _,
                    Dispensed _ ->
                    notOpen(prescription);
        };
    }

    private static Decision fromHeld(Facts facts, @Nullable Instant until) {
        Prescription free = TimeRules.unclaimed(facts.endClaim(Claim.End.SUSPENDED));
        return new Changed(new Suspended(free.facts(), free.state(), until));
    }

    /// Lets a suspended prescription go on. Resuming what goes on already changes nothing.
    public static Decision resume(Prescription prescription) {
        return switch (prescription) {
            case Suspended suspended -> new Changed(TimeRules.suspendedFrom(suspended));
            case AwaitingReview _,
                    AwaitingNextFill _,
                    AwaitingClaim _,
                    RestAwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _ ->
                    new Unchanged(prescription);
            case ReviewRefused _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _,
                    Dispensed _ ->
                    notOpen(prescription);
        };
    }

    private static Refused notOpen(Prescription prescription) {
        return Objects.requireNonNull(ClaimRules.notOpen(prescription));
    }

    private HospitalRules() {}
}
