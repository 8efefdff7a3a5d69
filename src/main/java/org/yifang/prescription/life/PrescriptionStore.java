package org.yifang.prescription.life;

import static org.yifang.generated.Tables.*;

import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.PrescriptionLine;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionRow.LineDrug;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/// Writes the next state of a prescription and of its lines, and every version of both.
public final class PrescriptionStore {
    private static final PrescriptionLine LINE = PRESCRIPTION_LINE;

    /// A prescription as it will stand.
    private record Next(
            PrescriptionRow before,
            Prescription prescription,
            long version,
            byte[] task,
            byte[] mac,
            @Nullable Instant due,
            Instant at) {
        UUID id() {
            return before.id();
        }

        TaskFrame frame() {
            return before.frame();
        }

        Facts facts() {
            return prescription.facts();
        }

        /// Of the latest claim, null before the first.
        <V> @Nullable V claim(Function<Claim, @Nullable V> value) {
            Claim claim = facts().claim();
            return claim == null ? null : value.apply(claim);
        }

        /// Of the claim that lasts.
        <V> @Nullable V held(Function<Claim, V> value) {
            Claim claim = facts().claim();
            return claim == null || claim.ended() != null ? null : value.apply(claim);
        }

        <V> @Nullable V suspended(Function<Suspended, @Nullable V> value) {
            return prescription instanceof Suspended one ? value.apply(one) : null;
        }

        Version asVersion() {
            return new Version(
                    id(),
                    version,
                    prescription.state(),
                    held(Claim::pharmacy),
                    held(Claim::leaseUntil),
                    facts().directedTo(),
                    task,
                    mac,
                    before.reviews().bytes(),
                    at);
        }
    }

    private static final Update<Next> UPDATE =
            Update.of(PRESCRIPTION)
                    .set(PRESCRIPTION.STATE, (Next next) -> next.prescription().state().code())
                    .set(PRESCRIPTION.FILL, next -> next.facts().fill())
                    .set(PRESCRIPTION.REVIEWER, next -> next.before().reviewer())
                    .set(PRESCRIPTION.REVIEWS, next -> next.before().reviews().bytes())
                    .set(PRESCRIPTION.REVIEWED_BY, next -> next.before().reviews().clients())
                    .set(PRESCRIPTION.DIRECTED_TO, next -> next.facts().directedTo())
                    .set(
                            PRESCRIPTION.CLAIM_NUMBER,
                            next -> Objects.requireNonNullElse(next.claim(Claim::number), 0))
                    .set(PRESCRIPTION.CLAIMED_BY, next -> next.held(Claim::pharmacy))
                    .set(PRESCRIPTION.LAST_CLAIMANT, next -> next.claim(Claim::pharmacy))
                    .set(PRESCRIPTION.CLAIMED_AT, next -> next.claim(Claim::since))
                    .set(PRESCRIPTION.LEASE_UNTIL, next -> next.claim(Claim::leaseUntil))
                    .set(PRESCRIPTION.CLAIM_MOST, next -> next.claim(Claim::most))
                    .set(PRESCRIPTION.CLAIM_ENDED, next -> next.claim(PrescriptionStore::ended))
                    .set(
                            PRESCRIPTION.CLAIM_DISPENSED,
                            next -> Boolean.TRUE.equals(next.claim(Claim::dispensed)))
                    .set(PRESCRIPTION.CLAIM_PREPARED, next -> next.claim(Claim::prepared))
                    .set(
                            PRESCRIPTION.SUSPENDED_FROM,
                            next -> next.suspended(one -> one.from().code()))
                    .set(PRESCRIPTION.SUSPENDED_UNTIL, next -> next.suspended(Suspended::until))
                    .set(PRESCRIPTION.REASON_SYSTEM, next -> next.frame().reason().system())
                    .set(PRESCRIPTION.REASON_CODE, next -> next.frame().reason().code())
                    .set(PRESCRIPTION.REASON_TEXT, next -> next.frame().reason().text())
                    .set(PRESCRIPTION.SUCCESSOR_ID, next -> next.frame().successor())
                    .set(PRESCRIPTION.NEXT_DUE, Next::due)
                    .set(PRESCRIPTION.TASK, Next::task)
                    .set(PRESCRIPTION.TASK_MAC, Next::mac)
                    .set(PRESCRIPTION.VERSION, Next::version)
                    .set(PRESCRIPTION.UPDATED_AT, Next::at)
                    .where(PRESCRIPTION.ID, Next::id);

    private static @Nullable String ended(Claim claim) {
        return claim.ended() == null ? null : claim.ended().code();
    }

    /// One version of a Task.
    ///
    /// @param mac vouches for the Task
    /// @param reviews all that were decided by then, null before the first
    public record Version(
            UUID prescription,
            long version,
            State state,
            @Nullable UUID holder,
            @Nullable Instant leaseUntil,
            @Nullable UUID directedTo,
            byte[] task,
            byte[] mac,
            byte @Nullable [] reviews,
            Instant at) {}

    private static final Insert<Version> INSERT_VERSION =
            Insert.into(PRESCRIPTION_HISTORY)
                    .set(PRESCRIPTION_HISTORY.PRESCRIPTION_ID, Version::prescription)
                    .set(PRESCRIPTION_HISTORY.VERSION, Version::version)
                    .set(PRESCRIPTION_HISTORY.STATE, one -> one.state().code())
                    .set(PRESCRIPTION_HISTORY.CLAIMED_BY, Version::holder)
                    .set(PRESCRIPTION_HISTORY.LEASE_UNTIL, Version::leaseUntil)
                    .set(PRESCRIPTION_HISTORY.DIRECTED_TO, Version::directedTo)
                    .set(PRESCRIPTION_HISTORY.TASK, Version::task)
                    .set(PRESCRIPTION_HISTORY.TASK_MAC, Version::mac)
                    .set(PRESCRIPTION_HISTORY.REVIEWS, Version::reviews)
                    .set(PRESCRIPTION_HISTORY.UPDATED_AT, Version::at);

    /// One version of a line.
    private record LineVersion(Line line, long version, String status, Instant at) {
        UUID id() {
            return line.id();
        }
    }

    private static final Update<LineVersion> UPDATE_LINE =
            Update.of(LINE)
                    .set(LINE.STATUS, LineVersion::status)
                    .set(LINE.REMAINING, one -> one.line().remaining())
                    .set(LINE.DISPENSED, one -> one.line().dispensed())
                    .set(LINE.VERSION, LineVersion::version)
                    .set(LINE.UPDATED_AT, LineVersion::at)
                    .where(LINE.ID, LineVersion::id);

    private static final Insert<LineVersion> INSERT_LINE_VERSION =
            Insert.into(PRESCRIPTION_LINE_HISTORY)
                    .set(PRESCRIPTION_LINE_HISTORY.LINE_ID, LineVersion::id)
                    .set(PRESCRIPTION_LINE_HISTORY.VERSION, LineVersion::version)
                    .set(PRESCRIPTION_LINE_HISTORY.STATUS, LineVersion::status)
                    .set(PRESCRIPTION_LINE_HISTORY.REMAINING, one -> one.line().remaining())
                    .set(PRESCRIPTION_LINE_HISTORY.UPDATED_AT, LineVersion::at);

    private record NewClaim(UUID prescription, Claim claim) {}

    private static final Insert<NewClaim> INSERT_CLAIM =
            Insert.into(PRESCRIPTION_CLAIM)
                    .set(PRESCRIPTION_CLAIM.PRESCRIPTION_ID, NewClaim::prescription)
                    .set(PRESCRIPTION_CLAIM.NUMBER, one -> one.claim().number())
                    .set(PRESCRIPTION_CLAIM.PHARMACY_ID, one -> one.claim().pharmacy())
                    .set(PRESCRIPTION_CLAIM.CLAIMED_AT, one -> one.claim().since());

    private final Terms terms;
    private final Unsealing unsealing;

    PrescriptionStore(Terms terms, Unsealing unsealing) {
        this.terms = terms;
        this.unsealing = unsealing;
    }

    /// Keeps the version that was submitted; travels with the commit.
    public static void first(Tx tx, Version version, List<Line> lines) {
        INSERT_VERSION.start(tx, version);
        INSERT_LINE_VERSION.startAll(
                tx,
                lines.stream()
                        .map(line ->
                                new LineVersion(line, 1, LineStatus.ACTIVE.code(), version.at()))
                        .toList());
    }

    /// Writes the next state of a locked prescription; the statements travel with the commit.
    PrescriptionRow replace(Tx tx, PrescriptionRow before, Prescription prescription, Instant now) {
        long version = before.version() + 1;
        byte[] task = TaskJson.write(before.frame(), prescription, terms, version, now);
        Instant due = TimeRules.due(prescription, terms);
        byte[] mac = unsealing.vouch(before.id(), version, task);
        Next next = new Next(before, prescription, version, task, mac, due, now);
        UPDATE.start(tx, next);
        INSERT_VERSION.start(tx, next.asVersion());
        Claim old = before.prescription().facts().claim();
        Claim claim = next.facts().claim();
        if (claim != null && (old == null || old.number() < claim.number())) {
            INSERT_CLAIM.start(tx, new NewClaim(before.id(), claim));
        }
        return before.with(prescription, version, now, replaceLines(tx, next));
    }

    private static List<LineDrug> replaceLines(Tx tx, Next next) {
        List<LineDrug> drugs = new ArrayList<>();
        List<LineVersion> changed = new ArrayList<>();
        List<Line> old = next.before().prescription().facts().lines();
        List<Line> lines = next.facts().lines();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            LineDrug drug = next.before().drugs().get(i);
            String status = LineStatus.of(next.prescription(), line).code();
            if (status.equals(drug.status()) && line.equals(old.get(i))) {
                drugs.add(drug);
                continue;
            }
            long version = drug.version() + 1;
            changed.add(new LineVersion(line, version, status, next.at()));
            drugs.add(
                    new LineDrug(
                            drug.line(),
                            drug.drugCode(),
                            drug.productOnly(),
                            drug.unit(),
                            status,
                            version));
        }
        if (!changed.isEmpty()) {
            UPDATE_LINE.startAll(tx, changed);
            INSERT_LINE_VERSION.startAll(tx, changed);
        }
        return drugs;
    }
}
