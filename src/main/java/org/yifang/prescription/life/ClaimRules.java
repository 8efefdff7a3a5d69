package org.yifang.prescription.life;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.Prescription.*;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/// Who may hold a prescription, and for how long. Pure: no clock, no database, no HTTP.
///
/// When several refusals apply, the contract's order decides: review refused, cancelled, expired,
/// on hold, dispensed, awaits review, too early, elsewhere, claimed by another, lease over, not
/// claimed. States that exclude each other are answered by the switch; the rest in that order.
public final class ClaimRules {
    static final String AGAIN = "Claim it again with the pick-up code.";
    private static final DateTimeFormatter SHANGHAI =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Shanghai"));

    /// A pharmacy takes the prescription for itself. The holder's second claim is the same claim.
    public static Decision claim(
            Prescription prescription, Pharmacy pharmacy, Instant now, Terms terms) {
        Facts facts = prescription.facts();
        Refused over = notOpen(prescription);
        if (over != null) {
            return over;
        }
        if (now.isBefore(facts.validFrom())) {
            return new Refused(
                    TOO_EARLY,
                    "The prescription is valid from " + shown(facts.validFrom()) + ".",
                    "Claim it from then on.");
        }
        return switch (prescription) {
            case Claimed(_, var claim) when claim.pharmacy().equals(pharmacy.id()) ->
                    new Unchanged(prescription);
            case PartlyDispensed(_, var claim) when claim.pharmacy().equals(pharmacy.id()) ->
                    new Unchanged(prescription);
            case Claimed _, PartlyDispensed _ ->
                    TimeRules.isElsewhere(facts, pharmacy) ? elsewhere(facts) : taken();
            case AwaitingClaim _, RestAwaitingClaim _ ->
                    TimeRules.isElsewhere(facts, pharmacy)
                            ? elsewhere(facts)
                            : new Changed(
                                    TimeRules.held(facts, lease(facts, pharmacy, now, terms)));
            case AwaitingReview _,
                    ReviewRefused _,
                    AwaitingNextFill _,
                    Dispensed _,
                    Suspended _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    throw new IllegalStateException("answered above: " + prescription.state());
        };
    }

    private static Claim lease(Facts facts, Pharmacy pharmacy, Instant now, Terms terms) {
        Claim before = facts.claim();
        int number = before == null ? 1 : before.number() + 1;
        return new Claim(
                number,
                pharmacy.id(),
                now,
                now.plus(terms.lease()),
                now.plus(terms.claimMost()),
                null,
                false,
                null);
    }

    /// Whether a prescription is not open for the time being or for good; null when it is open.
    public static @Nullable Refused notOpen(Prescription prescription) {
        return switch (prescription) {
            case ReviewRefused _ ->
                    new Refused(
                            REVIEW_REFUSED,
                            "The reviewing pharmacist refused the prescription.",
                            "The prescriber issues a corrected one.");
            case Cancelled _, RestCancelled _ ->
                    new Refused(
                            CANCELLED,
                            "The prescription has been cancelled.",
                            "Ask the patient for a newer one.");
            case Expired(var facts) -> expired(facts);
            case RestExpired(var facts) -> expired(facts);
            case Suspended suspended ->
                    new Refused(
                            ON_HOLD,
                            "The prescription is suspended.",
                            suspended.until() == null
                                    ? "It can be claimed once it has been resumed."
                                    : "The suspension ends at " + shown(suspended.until()) + ".");
            case Dispensed _ ->
                    new Refused(
                            ALREADY_DISPENSED,
                            "Everything prescribed has been dispensed.",
                            "Nothing remains to be handed out.");
            case AwaitingReview _ ->
                    new Refused(
                            AWAITS_REVIEW,
                            "The prescription awaits its pharmacist's review.",
                            "It can be claimed once it has been approved.");
            case AwaitingNextFill(var facts) ->
                    new Refused(
                            TOO_EARLY,
                            "Fill %d of %d opens at %s."
                                    .formatted(
                                            facts.fill() + 1,
                                            facts.fills(),
                                            shown(facts.opens(facts.fill() + 1))),
                            "Claim it from then on.");
            case AwaitingClaim _, RestAwaitingClaim _, Claimed _, PartlyDispensed _ -> null;
        };
    }

    private static Refused expired(Facts facts) {
        return new Refused(
                EXPIRED,
                "The prescription was valid until " + shown(facts.validUntil()) + ".",
                "The patient needs a new one.");
    }

    static Refused elsewhere(Facts facts) {
        // Which pharmacy it is, is not this caller's business.
        return facts.issuingHospitalOnly()
                ? new Refused(
                        DIRECTED_ELSEWHERE,
                        "Only the issuing hospital's own pharmacy may dispense the prescription.",
                        "Send the patient back to the hospital's pharmacy.")
                : new Refused(
                        DIRECTED_ELSEWHERE,
                        "The patient directed the prescription to another pharmacy.",
                        "The patient can choose this pharmacy, or free the choice.");
    }

    private static Refused taken() {
        return new Refused(
                CLAIMED_BY_ANOTHER,
                "Another pharmacy holds the prescription.",
                "It is free again when that pharmacy releases it or its lease ends.");
    }

    /// Whether `pharmacy` holds the prescription by this very claim; null when it does.
    ///
    /// @param number the claim that the caller's token names, 0 when the token is none of ours
    static @Nullable Refused notHolder(Prescription prescription, UUID pharmacy, int number) {
        Refused over = notOpen(prescription);
        if (over != null) {
            return over;
        }
        Claim claim = prescription.facts().claim();
        boolean lasts = claim != null && claim.ended() == null;
        if (claim != null && lasts && !claim.pharmacy().equals(pharmacy)) {
            return taken();
        }
        if (claim != null && number > 0 && number < claim.number()) {
            return new Refused(
                    LEASE_OVER,
                    "The lease is over and the prescription has been claimed since.",
                    AGAIN);
        }
        if (claim == null || !lasts || number != claim.number()) {
            return notClaimed();
        }
        return null;
    }

    /// The holder tells of a moment at its counter, whatever the claim's token.
    ///
    /// @param prepared since when the drugs lie ready, null for another moment
    static Decision progress(Prescription prescription, UUID pharmacy, @Nullable Instant prepared) {
        Refused over = notOpen(prescription);
        if (over != null) {
            return over;
        }
        Claim claim = prescription.facts().claim();
        if (claim == null || claim.ended() != null || !claim.pharmacy().equals(pharmacy)) {
            return notClaimed();
        }
        return prepared == null || prepared.equals(claim.prepared())
                ? new Unchanged(prescription)
                : new Changed(TimeRules.held(prescription.facts(), claim.prepared(prepared)));
    }

    static Refused notClaimed() {
        return new Refused(
                NOT_CLAIMED,
                "The prescription is not claimed, or not with this `claim-token`.",
                AGAIN);
    }

    /// The holder prolongs its lease, up to the most that a claim may last.
    public static Decision renew(
            Prescription prescription, UUID pharmacy, int number, Instant now, Terms terms) {
        Refused not = notHolder(prescription, pharmacy, number);
        Claim claim = prescription.facts().claim();
        if (not != null || claim == null) {
            return not == null ? notClaimed() : not;
        }
        Instant wanted = now.plus(terms.lease());
        Instant until = wanted.isBefore(claim.most()) ? wanted : claim.most();
        return until.isAfter(claim.leaseUntil())
                ? new Changed(TimeRules.held(prescription.facts(), claim.renewedUntil(until)))
                : new Unchanged(prescription);
    }

    /// The holder gives the prescription back. Releasing the same claim twice is one release.
    public static Decision release(Prescription prescription, UUID pharmacy, int number) {
        Claim claim = prescription.facts().claim();
        if (claim != null
                && claim.pharmacy().equals(pharmacy)
                && claim.number() == number
                && claim.ended() == Claim.End.RELEASED) {
            return new Unchanged(prescription);
        }
        Refused not = notHolder(prescription, pharmacy, number);
        return not == null
                ? new Changed(
                        TimeRules.unclaimed(prescription.facts().endClaim(Claim.End.RELEASED)))
                : not;
    }

    /// The patient ends a claim under which nothing was dispensed, to go elsewhere.
    public static Decision releaseByPatient(Prescription prescription) {
        Facts facts = prescription.facts();
        Claim claim = facts.claim();
        if (claim != null && claim.ended() == Claim.End.BY_PATIENT) {
            return new Unchanged(prescription);
        }
        Refused over = notOpen(prescription);
        if (over != null) {
            return over;
        }
        if (claim == null || claim.ended() != null) {
            return new Refused(
                    NOT_CLAIMED,
                    "No pharmacy holds the prescription.",
                    "Any pharmacy can claim it now.");
        }
        return claim.dispensed()
                ? new Refused(
                        ALREADY_DISPENSED,
                        "The pharmacy has handed out a part already.",
                        "The pharmacy releases what is left, or its lease ends.")
                : new Changed(TimeRules.unclaimed(facts.endClaim(Claim.End.BY_PATIENT)));
    }

    /// The patient chooses the pharmacy, or with null frees the choice.
    public static Decision choose(Prescription prescription, @Nullable Pharmacy pharmacy) {
        Facts facts = prescription.facts();
        if (!(prescription instanceof AwaitingReview)
                && !(prescription instanceof AwaitingNextFill)) {
            Refused over = notOpen(prescription);
            if (over != null) {
                return over;
            }
        }
        UUID chosen = pharmacy == null ? null : pharmacy.id();
        if (pharmacy != null
                && facts.issuingHospitalOnly()
                && !facts.hospital().equals(pharmacy.hospital())) {
            return elsewhere(facts);
        }
        Claim claim = facts.claim();
        if (java.util.Objects.equals(facts.directedTo(), chosen)) {
            return new Unchanged(prescription);
        }
        if (claim != null
                && claim.ended() == null
                && chosen != null
                && !claim.pharmacy().equals(chosen)) {
            return taken();
        }
        return new Changed(with(prescription, facts.directedTo(chosen)));
    }

    private static Prescription with(Prescription prescription, Facts facts) {
        return switch (prescription) {
            case AwaitingReview _ -> new AwaitingReview(facts);
            case AwaitingClaim _ -> new AwaitingClaim(facts);
            case RestAwaitingClaim _ -> new RestAwaitingClaim(facts);
            case AwaitingNextFill _ -> new AwaitingNextFill(facts);
            case Claimed(_, var claim) -> new Claimed(facts, claim);
            case PartlyDispensed(_, var claim) -> new PartlyDispensed(facts, claim);
            case ReviewRefused _,
                    Dispensed _,
                    Suspended _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    throw new IllegalStateException("not open: " + prescription.state());
        };
    }

    /// A moment as people see it.
    public static String shown(Instant instant) {
        return SHANGHAI.format(instant) + " (Asia/Shanghai)";
    }

    private ClaimRules() {}
}
