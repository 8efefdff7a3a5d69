package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// What is true of a prescription in every state.
///
/// @param id the Task
/// @param hospital the Organization that issued it
/// @param patient the Patient of the registry
/// @param validFrom start of validity
/// @param validUntil end of the first fill's validity, exclusive
/// @param issuingHospitalOnly whether only the hospital's in-house pharmacy may dispense it
/// @param directedTo the pharmacy that the patient chose, null for any
/// @param fill the current fill, from 1
/// @param fills how many there are
/// @param interval from the opening of one fill to the next
/// @param lines all of its lines
/// @param claim the current or latest claim, null before the first
public record Facts(
        UUID id,
        UUID hospital,
        UUID patient,
        Instant validFrom,
        Instant validUntil,
        boolean issuingHospitalOnly,
        @Nullable UUID directedTo,
        int fill,
        int fills,
        Duration interval,
        List<Line> lines,
        @Nullable Claim claim) {
    public Facts {
        lines = List.copyOf(lines);
    }

    /// Whether anything at all counts as dispensed.
    boolean anythingDispensed() {
        return lines.stream().anyMatch(line -> line.dispensed().signum() > 0);
    }

    /// Whether something of the current fill was handed out.
    boolean fillBegun() {
        return lines.stream().anyMatch(Line::isBegun);
    }

    boolean fillComplete() {
        return lines.stream().allMatch(Line::isComplete);
    }

    boolean hasFillsLeft() {
        return fill < fills;
    }

    /// When a fill opens: the first with validity, each further one an interval later.
    public Instant opens(int which) {
        return validFrom.plus(interval.multipliedBy(which - 1L));
    }

    /// When a fill closes, exclusive: what is left of it lapses when the next one opens at the
    /// latest.
    public Instant closes(int which, Terms terms) {
        if (which == 1) {
            return validUntil;
        }
        Instant window = opens(which).plus(terms.repeatWindow());
        return which < fills && opens(which + 1).isBefore(window) ? opens(which + 1) : window;
    }

    Facts withLines(UnaryOperator<Line> change) {
        List<Line> changed = lines.stream().map(change).toList();
        return new Facts(
                id,
                hospital,
                patient,
                validFrom,
                validUntil,
                issuingHospitalOnly,
                directedTo,
                fill,
                fills,
                interval,
                changed,
                claim);
    }

    Facts withClaim(@Nullable Claim next) {
        return new Facts(
                id,
                hospital,
                patient,
                validFrom,
                validUntil,
                issuingHospitalOnly,
                directedTo,
                fill,
                fills,
                interval,
                lines,
                next);
    }

    /// Ends the current claim; a claim that is over already keeps its reason.
    Facts endClaim(Claim.End why) {
        return claim == null || claim.ended() != null ? this : withClaim(claim.end(why));
    }

    Facts directedTo(@Nullable UUID pharmacy) {
        return new Facts(
                id,
                hospital,
                patient,
                validFrom,
                validUntil,
                issuingHospitalOnly,
                pharmacy,
                fill,
                fills,
                interval,
                lines,
                claim);
    }

    /// Nothing of it counts as handed out any more: its lines read as if it never had been.
    Facts untouched() {
        return withLines(Line::refill);
    }

    /// The next fill: whole again, for the pharmacy that was chosen while it was awaited.
    Facts nextFill() {
        return new Facts(
                id,
                hospital,
                patient,
                validFrom,
                validUntil,
                issuingHospitalOnly,
                directedTo,
                fill + 1,
                fills,
                interval,
                lines.stream().map(Line::refill).toList(),
                claim);
    }
}
