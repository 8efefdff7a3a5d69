package org.yifang.prescription.life;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.Prescription.*;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What may be handed out and what comes back. Pure: no clock, no database, no HTTP.
public final class DispenseRules {
    /// What a pharmacy hands out for one line, in preparation units.
    public record Portion(UUID line, BigDecimal units) {}

    /// Whether `pharmacy` may dispense by this claim, null when it may. A lease that ran out does
    /// not matter while nobody has claimed since: the drug is in the patient's hand.
    ///
    /// @param number the claim that the caller's token names, 0 when the token is none of ours
    public static @Nullable Refused mayNot(Prescription prescription, UUID pharmacy, int number) {
        Refused not = ClaimRules.notHolder(prescription, pharmacy, number);
        return not != null && not.code() == NOT_CLAIMED && isLate(prescription, pharmacy, number)
                ? null
                : not;
    }

    private static boolean isLate(Prescription prescription, UUID pharmacy, int number) {
        Claim claim = prescription.facts().claim();
        return claim != null
                && claim.pharmacy().equals(pharmacy)
                && claim.number() == number
                && claim.ended() == Claim.End.LEASE_OVER
                && (prescription instanceof AwaitingClaim
                        || prescription instanceof RestAwaitingClaim);
    }

    /// Hands out `portions`. Call [#mayNot] first.
    ///
    /// @param keep whether the pharmacy keeps what is left for itself while its lease lasts
    public static Decision dispense(
            Prescription prescription, List<Portion> portions, boolean keep, Instant now) {
        Facts facts = prescription.facts();
        Map<UUID, BigDecimal> wanted = new HashMap<>();
        portions.forEach(one -> wanted.merge(one.line(), one.units(), BigDecimal::add));
        List<Finding> tooMuch = new ArrayList<>();
        for (Line line : facts.lines()) {
            BigDecimal units = wanted.get(line.id());
            if (units != null && units.compareTo(line.remaining()) > 0) {
                tooMuch.add(moreThanOpen(line, units));
            }
        }
        if (!tooMuch.isEmpty()) {
            return new Refused(tooMuch);
        }
        Claim claim = facts.claim();
        if (claim == null) {
            return ClaimRules.notClaimed();
        }
        Facts after =
                facts.withClaim(claim.used())
                        .withLines(line -> {
                            BigDecimal units = wanted.get(line.id());
                            return units == null ? line : line.dispense(units);
                        });
        if (after.fillComplete()) {
            Facts done = after.endClaim(Claim.End.DISPENSED);
            return new Changed(
                    done.hasFillsLeft() ? TimeRules.awaitNext(done) : new Dispensed(done));
        }
        Claim used = claim.used();
        boolean leaseLasts = used.ended() == null && now.isBefore(used.leaseUntil());
        return new Changed(
                keep && leaseLasts
                        ? TimeRules.held(after, used)
                        : TimeRules.unclaimed(after.endClaim(Claim.End.DISPENSED)));
    }

    private static Finding moreThanOpen(Line line, BigDecimal wanted) {
        return new Finding(
                MORE_THAN_OPEN,
                "Line %d has `%s` open, not `%s`."
                        .formatted(line.number(), plain(line.remaining()), plain(wanted)),
                "Dispense at most what `remaining-quantity` says.");
    }

    /// Takes back `units` of a line that were dispensed in `fill`.
    public static Prescription takeBack(
            Prescription prescription,
            UUID lineId,
            BigDecimal units,
            int fill,
            Instant now,
            Terms terms) {
        Facts before = prescription.facts();
        boolean open = fill == before.fill() && reopens(prescription, now, terms);
        boolean isOver =
                prescription instanceof RestCancelled || prescription instanceof RestExpired;
        // What is over is not dispensed again, yet its lines go on telling what was not handed out.
        boolean remains = open || (isOver && fill == before.fill());
        Facts facts =
                before.withLines(
                        line -> line.id().equals(lineId) ? line.takeBack(units, remains) : line);
        return switch (prescription) {
            case Claimed(_, var claim) -> TimeRules.held(facts, claim);
            case PartlyDispensed(_, var claim) -> TimeRules.held(facts, claim);
            case AwaitingClaim _, RestAwaitingClaim _ -> TimeRules.unclaimed(facts);
            case AwaitingNextFill _ -> {
                if (open && !facts.fillComplete()) {
                    yield TimeRules.unclaimed(facts);
                }
                // Nothing counts as dispensed any more, and the first fill's validity is over.
                yield facts.anythingDispensed()
                        ? new AwaitingNextFill(facts)
                        : new Expired(facts.untouched());
            }
            case Dispensed _ -> {
                if (open) {
                    yield TimeRules.unclaimed(facts);
                }
                yield facts.anythingDispensed()
                        ? new Dispensed(facts)
                        : new Expired(facts.untouched());
            }
            case Suspended suspended -> {
                Prescription then =
                        takeBack(
                                TimeRules.suspendedFrom(suspended),
                                lineId,
                                units,
                                fill,
                                now,
                                terms);
                yield then instanceof Expired
                        ? then
                        : new Suspended(then.facts(), then.state(), suspended.until());
            }
            case RestCancelled _ ->
                    facts.anythingDispensed()
                            ? new RestCancelled(facts)
                            : new Cancelled(facts.untouched());
            case RestExpired _ ->
                    facts.anythingDispensed()
                            ? new RestExpired(facts)
                            : new Expired(facts.untouched());
            case AwaitingReview _, ReviewRefused _, Cancelled _, Expired _ ->
                    throw new IllegalStateException("nothing dispensed: " + prescription.state());
        };
    }

    /// Whether what comes back may be dispensed again: the prescription goes on, and the fill's
    /// time is not over or a pharmacy holds it.
    private static boolean reopens(Prescription prescription, Instant now, Terms terms) {
        Facts facts = prescription.facts();
        return switch (prescription) {
            case Claimed _, PartlyDispensed _ -> true;
            case AwaitingClaim _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _,
                    Dispensed _,
                    Suspended _ ->
                    now.isBefore(facts.closes(facts.fill(), terms));
            case AwaitingReview _,
                    ReviewRefused _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    false;
        };
    }

    public static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }

    private DispenseRules() {}
}
