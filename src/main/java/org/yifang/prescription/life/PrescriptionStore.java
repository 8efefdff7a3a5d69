package org.yifang.prescription.life;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Field;
import org.yifang.generated.tables.PrescriptionLine;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionRow.LineDrug;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Writes the next state of a prescription and of its lines, and every version of both.
public final class PrescriptionStore {
    private static final PrescriptionLine LINE = PRESCRIPTION_LINE;

    private static final Statement UPDATE =
            Statement.of(p ->
                    SQL.update(PRESCRIPTION)
                            .set(PRESCRIPTION.STATE, p.like(PRESCRIPTION.STATE))
                            .set(PRESCRIPTION.FILL, p.like(PRESCRIPTION.FILL))
                            .set(PRESCRIPTION.REVIEWER, p.like(PRESCRIPTION.REVIEWER))
                            .set(PRESCRIPTION.REVIEWS, p.like(PRESCRIPTION.REVIEWS))
                            .set(PRESCRIPTION.REVIEWED_BY, p.like(PRESCRIPTION.REVIEWED_BY))
                            .set(PRESCRIPTION.DIRECTED_TO, p.like(PRESCRIPTION.DIRECTED_TO))
                            .set(PRESCRIPTION.CLAIM_NUMBER, p.like(PRESCRIPTION.CLAIM_NUMBER))
                            .set(PRESCRIPTION.CLAIMED_BY, p.like(PRESCRIPTION.CLAIMED_BY))
                            .set(PRESCRIPTION.LAST_CLAIMANT, p.like(PRESCRIPTION.LAST_CLAIMANT))
                            .set(PRESCRIPTION.CLAIMED_AT, p.like(PRESCRIPTION.CLAIMED_AT))
                            .set(PRESCRIPTION.LEASE_UNTIL, p.like(PRESCRIPTION.LEASE_UNTIL))
                            .set(PRESCRIPTION.CLAIM_MOST, p.like(PRESCRIPTION.CLAIM_MOST))
                            .set(PRESCRIPTION.CLAIM_ENDED, p.like(PRESCRIPTION.CLAIM_ENDED))
                            .set(PRESCRIPTION.CLAIM_DISPENSED, p.like(PRESCRIPTION.CLAIM_DISPENSED))
                            .set(PRESCRIPTION.SUSPENDED_FROM, p.like(PRESCRIPTION.SUSPENDED_FROM))
                            .set(PRESCRIPTION.SUSPENDED_UNTIL, p.like(PRESCRIPTION.SUSPENDED_UNTIL))
                            .set(PRESCRIPTION.REASON_SYSTEM, p.like(PRESCRIPTION.REASON_SYSTEM))
                            .set(PRESCRIPTION.REASON_CODE, p.like(PRESCRIPTION.REASON_CODE))
                            .set(PRESCRIPTION.REASON_TEXT, p.like(PRESCRIPTION.REASON_TEXT))
                            .set(PRESCRIPTION.SUCCESSOR_ID, p.like(PRESCRIPTION.SUCCESSOR_ID))
                            .set(PRESCRIPTION.NEXT_DUE, p.like(PRESCRIPTION.NEXT_DUE))
                            .set(PRESCRIPTION.TASK, p.like(PRESCRIPTION.TASK))
                            .set(PRESCRIPTION.TASK_MAC, p.like(PRESCRIPTION.TASK_MAC))
                            .set(PRESCRIPTION.VERSION, p.like(PRESCRIPTION.VERSION))
                            .set(PRESCRIPTION.UPDATED_AT, p.like(PRESCRIPTION.UPDATED_AT))
                            .where(PRESCRIPTION.ID.eq(p.like(PRESCRIPTION.ID))));

    private static final Statement UPDATE_LINE =
            Statement.of(p ->
                    SQL.update(LINE)
                            .set(LINE.STATUS, p.like(LINE.STATUS))
                            .set(LINE.REMAINING, p.like(LINE.REMAINING))
                            .set(LINE.DISPENSED, p.like(LINE.DISPENSED))
                            .set(LINE.VERSION, p.like(LINE.VERSION))
                            .set(LINE.UPDATED_AT, p.like(LINE.UPDATED_AT))
                            .where(LINE.ID.eq(p.like(LINE.ID))));

    private static final List<Field<?>> FIRST_VERSION =
            List.of(
                    PRESCRIPTION_HISTORY.PRESCRIPTION_ID,
                    PRESCRIPTION_HISTORY.VERSION,
                    PRESCRIPTION_HISTORY.STATE,
                    PRESCRIPTION_HISTORY.CLAIMED_BY,
                    PRESCRIPTION_HISTORY.LEASE_UNTIL,
                    PRESCRIPTION_HISTORY.DIRECTED_TO,
                    PRESCRIPTION_HISTORY.TASK,
                    PRESCRIPTION_HISTORY.UPDATED_AT,
                    PRESCRIPTION_HISTORY.TASK_MAC);

    /// The version that was submitted.
    public static final Statement INSERT_HISTORY = history(FIRST_VERSION);

    private static final Statement INSERT_NEXT_HISTORY = nextHistory();

    public static final Statement INSERT_LINE_HISTORY =
            Statement.of(p ->
                    SQL.insertInto(PRESCRIPTION_LINE_HISTORY)
                            .columns(
                                    PRESCRIPTION_LINE_HISTORY.LINE_ID,
                                    PRESCRIPTION_LINE_HISTORY.VERSION,
                                    PRESCRIPTION_LINE_HISTORY.STATUS,
                                    PRESCRIPTION_LINE_HISTORY.REMAINING,
                                    PRESCRIPTION_LINE_HISTORY.UPDATED_AT)
                            .values(
                                    p.like(PRESCRIPTION_LINE_HISTORY.LINE_ID),
                                    p.like(PRESCRIPTION_LINE_HISTORY.VERSION),
                                    p.like(PRESCRIPTION_LINE_HISTORY.STATUS),
                                    p.like(PRESCRIPTION_LINE_HISTORY.REMAINING),
                                    p.like(PRESCRIPTION_LINE_HISTORY.UPDATED_AT)));

    private static final Statement INSERT_CLAIM =
            Statement.of(p ->
                    SQL.insertInto(PRESCRIPTION_CLAIM)
                            .columns(
                                    PRESCRIPTION_CLAIM.PRESCRIPTION_ID,
                                    PRESCRIPTION_CLAIM.NUMBER,
                                    PRESCRIPTION_CLAIM.PHARMACY_ID,
                                    PRESCRIPTION_CLAIM.CLAIMED_AT)
                            .values(
                                    p.like(PRESCRIPTION_CLAIM.PRESCRIPTION_ID),
                                    p.like(PRESCRIPTION_CLAIM.NUMBER),
                                    p.like(PRESCRIPTION_CLAIM.PHARMACY_ID),
                                    p.like(PRESCRIPTION_CLAIM.CLAIMED_AT)));

    private final Terms terms;
    private final Unsealing opening;

    PrescriptionStore(Terms terms, Unsealing opening) {
        this.terms = terms;
        this.opening = opening;
    }

    private static Statement nextHistory() {
        List<Field<?>> columns = new ArrayList<>(FIRST_VERSION);
        columns.add(PRESCRIPTION_HISTORY.REVIEWS);
        return history(columns);
    }

    private static Statement history(List<Field<?>> columns) {
        return Statement.of(p ->
                SQL.insertInto(PRESCRIPTION_HISTORY)
                        .columns(columns)
                        .values(columns.stream().map(p::like).toList()));
    }

    /// Writes the next state of a locked prescription; the statements travel with the commit.
    PrescriptionRow replace(Tx tx, PrescriptionRow before, Prescription next, Instant now) {
        Facts facts = next.facts();
        Claim claim = facts.claim();
        UUID holder = claim != null && claim.ended() == null ? claim.pharmacy() : null;
        Suspended suspended = next instanceof Suspended one ? one : null;
        TaskFrame frame = before.frame();
        long version = before.version() + 1;
        byte[] task = TaskJson.write(frame, next, terms, version, now);
        byte[] mac = opening.vouch(frame.id(), version, task);
        Instant lease = holder == null || claim == null ? null : claim.leaseUntil();
        tx.start(
                UPDATE,
                next.state().code(),
                facts.fill(),
                before.reviewer(),
                before.reviews().bytes(),
                before.reviews().clients(),
                facts.directedTo(),
                claim == null ? 0 : claim.number(),
                holder,
                claim == null ? null : claim.pharmacy(),
                claim == null ? null : claim.since(),
                claim == null ? null : claim.leaseUntil(),
                claim == null ? null : claim.most(),
                claim == null || claim.ended() == null ? null : claim.ended().code(),
                claim != null && claim.dispensed(),
                suspended == null ? null : suspended.from().code(),
                suspended == null ? null : suspended.until(),
                frame.reason().system(),
                frame.reason().code(),
                frame.reason().text(),
                frame.successor(),
                TimeRules.due(next, terms),
                task,
                mac,
                version,
                now,
                frame.id());
        tx.start(
                INSERT_NEXT_HISTORY,
                frame.id(),
                version,
                next.state().code(),
                holder,
                lease,
                facts.directedTo(),
                task,
                now,
                mac,
                before.reviews().bytes());
        Claim old = before.prescription().facts().claim();
        if (claim != null && (old == null || old.number() < claim.number())) {
            tx.start(INSERT_CLAIM, frame.id(), claim.number(), claim.pharmacy(), claim.since());
        }
        return before.with(next, version, now, replaceLines(tx, before, next, now));
    }

    private static List<LineDrug> replaceLines(
            Tx tx, PrescriptionRow before, Prescription next, Instant now) {
        List<LineDrug> drugs = new ArrayList<>();
        List<Line> old = before.prescription().facts().lines();
        List<Line> lines = next.facts().lines();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            LineDrug drug = before.drugs().get(i);
            String status = LineStatus.of(next, line);
            if (status.equals(drug.status()) && line.equals(old.get(i))) {
                drugs.add(drug);
                continue;
            }
            long version = drug.version() + 1;
            tx.start(
                    UPDATE_LINE,
                    status,
                    line.remaining(),
                    line.dispensed(),
                    version,
                    now,
                    line.id());
            tx.start(INSERT_LINE_HISTORY, line.id(), version, status, line.remaining(), now);
            drugs.add(
                    new LineDrug(
                            drug.line(),
                            drug.drugCode(),
                            drug.productOnly(),
                            drug.unit(),
                            status,
                            version));
        }
        return drugs;
    }
}
