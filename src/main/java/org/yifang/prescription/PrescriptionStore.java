package org.yifang.prescription;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.Database.SQL;
import static org.yifang.platform.Rows.find;
import static org.yifang.platform.Rows.get;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.PrescriptionLine;
import org.yifang.platform.Rows;
import org.yifang.platform.Statement;
import org.yifang.platform.Tx;
import org.yifang.prescription.Prescription.*;
import org.yifang.prescription.PrescriptionRow.LineDrug;
import org.yifang.prescription.PrescriptionRow.TaskFrame;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Reads, locks and changes a prescription and its lines.
final class PrescriptionStore {
    private static final List<Field<?>> COLUMNS =
            List.of(
                    PRESCRIPTION.ID,
                    PRESCRIPTION.HOSPITAL_ID,
                    PRESCRIPTION.HOSPITAL,
                    PRESCRIPTION.RX_NUMBER,
                    PRESCRIPTION.BUNDLE_ID,
                    PRESCRIPTION.ORIGINAL_ID,
                    PRESCRIPTION.DOCUMENT_KEY,
                    PRESCRIPTION.PATIENT_ID,
                    PRESCRIPTION.CIRCULATION,
                    PRESCRIPTION.PRIORITY,
                    PRESCRIPTION.STATE,
                    PRESCRIPTION.VALID_FROM,
                    PRESCRIPTION.VALID_UNTIL,
                    PRESCRIPTION.FILL,
                    PRESCRIPTION.FILLS,
                    PRESCRIPTION.FILL_INTERVAL_DAYS,
                    PRESCRIPTION.REVIEW_DUE,
                    PRESCRIPTION.REVIEWER,
                    PRESCRIPTION.REVIEWS,
                    PRESCRIPTION.PRESCRIBER,
                    PRESCRIPTION.SECOND_REVIEW,
                    PRESCRIPTION.DIRECTED_TO,
                    PRESCRIPTION.CLAIM_NUMBER,
                    PRESCRIPTION.LAST_CLAIMANT,
                    PRESCRIPTION.CLAIMED_AT,
                    PRESCRIPTION.LEASE_UNTIL,
                    PRESCRIPTION.CLAIM_MOST,
                    PRESCRIPTION.CLAIM_ENDED,
                    PRESCRIPTION.CLAIM_DISPENSED,
                    PRESCRIPTION.SUSPENDED_FROM,
                    PRESCRIPTION.SUSPENDED_UNTIL,
                    PRESCRIPTION.REASON_SYSTEM,
                    PRESCRIPTION.REASON_CODE,
                    PRESCRIPTION.REASON_TEXT,
                    PRESCRIPTION.PICKUP_CODE,
                    PRESCRIPTION.PICKUP_TOKEN,
                    PRESCRIPTION.SUCCESSOR_ID,
                    PRESCRIPTION.VERSION,
                    PRESCRIPTION.CREATED_AT,
                    PRESCRIPTION.UPDATED_AT,
                    PATIENT.PATIENT_KEY);

    private static final PrescriptionLine LINE = PRESCRIPTION_LINE;

    private static final Statement LOCK_BY_ID =
            lock(p -> PRESCRIPTION.ID.eq(p.like(PRESCRIPTION.ID)));
    private static final Statement LINES_BY_ID =
            lines(p -> LINE.PRESCRIPTION_ID.eq(p.like(LINE.PRESCRIPTION_ID)));
    private static final Statement LOCK_BY_CODE =
            lock(p -> PRESCRIPTION.PICKUP_CODE_INDEX.eq(p.like(PRESCRIPTION.PICKUP_CODE_INDEX)));
    private static final Statement LINES_BY_CODE =
            lines(p ->
                    LINE.PRESCRIPTION_ID.eq(
                            SQL.select(PRESCRIPTION.ID)
                                    .from(PRESCRIPTION)
                                    .where(
                                            PRESCRIPTION.PICKUP_CODE_INDEX.eq(
                                                    p.like(PRESCRIPTION.PICKUP_CODE_INDEX)))));

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
                    PRESCRIPTION_HISTORY.UPDATED_AT);

    /// The version that was submitted.
    static final Statement INSERT_HISTORY = history(FIRST_VERSION);

    private static final Statement INSERT_NEXT_HISTORY = nextHistory();

    static final Statement INSERT_LINE_HISTORY =
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

    PrescriptionStore(Terms terms) {
        this.terms = terms;
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

    private static Statement lock(Function<Statement.Parameters, Condition> which) {
        return Statement.of(p ->
                SQL.select(COLUMNS)
                        .from(PRESCRIPTION)
                        .join(PATIENT)
                        .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID))
                        .where(which.apply(p))
                        .forUpdate()
                        .of(PRESCRIPTION));
    }

    private static Statement lines(Function<Statement.Parameters, Condition> which) {
        return Statement.of(p ->
                SQL.select(
                                LINE.ID,
                                LINE.LINE,
                                LINE.DRUG_CODE,
                                LINE.PRODUCT_ONLY,
                                LINE.QUANTITY,
                                LINE.REMAINING,
                                LINE.DISPENSED,
                                LINE.UNIT,
                                LINE.STATUS,
                                LINE.VERSION)
                        .from(LINE)
                        .where(which.apply(p))
                        .orderBy(LINE.LINE)
                        .limit(org.jooq.impl.DSL.inline(200)));
    }

    /// Reads and locks a prescription until the transaction ends, in one round trip.
    Optional<PrescriptionRow> lock(Tx tx, UUID id) {
        return locked(tx.start(LOCK_BY_ID, id), tx.start(LINES_BY_ID, id));
    }

    /// As [#lock], by the blind index of its pick-up code.
    Optional<PrescriptionRow> lockByCode(Tx tx, byte[] codeIndex) {
        return locked(
                tx.start(LOCK_BY_CODE, (Object) codeIndex),
                tx.start(LINES_BY_CODE, (Object) codeIndex));
    }

    private static Optional<PrescriptionRow> locked(
            Future<RowSet<Row>> prescription, Future<RowSet<Row>> lines) {
        RowSet<Row> found = prescription.await();
        RowSet<Row> foundLines = lines.await();
        return found.size() == 0
                ? Optional.empty()
                : Optional.of(read(found.iterator().next(), foundLines));
    }

    private static PrescriptionRow read(Row row, RowSet<Row> lineRows) {
        List<Line> lines = new ArrayList<>();
        List<LineDrug> drugs = new ArrayList<>();
        for (Row line : lineRows) {
            lines.add(
                    new Line(
                            get(line, LINE.ID),
                            get(line, LINE.LINE),
                            get(line, LINE.QUANTITY),
                            get(line, LINE.REMAINING),
                            get(line, LINE.DISPENSED)));
            drugs.add(
                    new LineDrug(
                            get(line, LINE.ID),
                            get(line, LINE.DRUG_CODE),
                            get(line, LINE.PRODUCT_ONLY),
                            get(line, LINE.UNIT),
                            get(line, LINE.STATUS),
                            get(line, LINE.VERSION)));
        }
        Facts facts = facts(row, lines);
        TaskFrame frame =
                new TaskFrame(
                        facts.id(),
                        get(row, PRESCRIPTION.RX_NUMBER),
                        facts.hospital(),
                        facts.patient(),
                        get(row, PRESCRIPTION.BUNDLE_ID),
                        get(row, PRESCRIPTION.ORIGINAL_ID),
                        get(row, PRESCRIPTION.PRIORITY),
                        get(row, PRESCRIPTION.CREATED_AT),
                        find(row, PRESCRIPTION.REVIEW_DUE),
                        new Reason(
                                find(row, PRESCRIPTION.REASON_SYSTEM),
                                find(row, PRESCRIPTION.REASON_CODE),
                                find(row, PRESCRIPTION.REASON_TEXT)),
                        find(row, PRESCRIPTION.SUCCESSOR_ID),
                        lines.stream().map(Line::id).toList());
        return new PrescriptionRow(
                inState(row, facts),
                frame,
                get(row, PRESCRIPTION.HOSPITAL),
                get(row, PRESCRIPTION.VERSION),
                get(row, PRESCRIPTION.UPDATED_AT),
                get(row, PRESCRIPTION.DOCUMENT_KEY),
                get(row, PATIENT.PATIENT_KEY),
                get(row, PRESCRIPTION.PICKUP_CODE),
                get(row, PRESCRIPTION.PICKUP_TOKEN),
                find(row, PRESCRIPTION.REVIEWER),
                Reviews.of(find(row, PRESCRIPTION.REVIEWS)),
                get(row, PRESCRIPTION.PRESCRIBER),
                get(row, PRESCRIPTION.SECOND_REVIEW),
                drugs);
    }

    private static Facts facts(Row row, List<Line> lines) {
        return new Facts(
                get(row, PRESCRIPTION.ID),
                get(row, PRESCRIPTION.HOSPITAL_ID),
                get(row, PRESCRIPTION.PATIENT_ID),
                get(row, PRESCRIPTION.VALID_FROM),
                get(row, PRESCRIPTION.VALID_UNTIL),
                "issuing-hospital".equals(get(row, PRESCRIPTION.CIRCULATION)),
                find(row, PRESCRIPTION.DIRECTED_TO),
                get(row, PRESCRIPTION.FILL),
                get(row, PRESCRIPTION.FILLS),
                Duration.ofDays(get(row, PRESCRIPTION.FILL_INTERVAL_DAYS)),
                lines,
                claim(row));
    }

    private static @Nullable Claim claim(Row row) {
        int number = get(row, PRESCRIPTION.CLAIM_NUMBER);
        if (number == 0) {
            return null;
        }
        String ended = find(row, PRESCRIPTION.CLAIM_ENDED);
        return new Claim(
                number,
                get(row, PRESCRIPTION.LAST_CLAIMANT),
                get(row, PRESCRIPTION.CLAIMED_AT),
                get(row, PRESCRIPTION.LEASE_UNTIL),
                get(row, PRESCRIPTION.CLAIM_MOST),
                ended == null ? null : Claim.End.of(ended),
                get(row, PRESCRIPTION.CLAIM_DISPENSED));
    }

    private static Prescription inState(Row row, Facts facts) {
        return switch (State.of(get(row, PRESCRIPTION.STATE))) {
            case AWAITING_REVIEW -> new AwaitingReview(facts);
            case REVIEW_REFUSED -> new ReviewRefused(facts);
            case AWAITING_CLAIM -> new AwaitingClaim(facts);
            case CLAIMED -> new Claimed(facts, java.util.Objects.requireNonNull(facts.claim()));
            case PARTLY_DISPENSED ->
                    new PartlyDispensed(facts, java.util.Objects.requireNonNull(facts.claim()));
            case REST_AWAITING_CLAIM -> new RestAwaitingClaim(facts);
            case AWAITING_NEXT_FILL -> new AwaitingNextFill(facts);
            case DISPENSED -> new Dispensed(facts);
            case SUSPENDED ->
                    new Suspended(
                            facts,
                            State.of(get(row, PRESCRIPTION.SUSPENDED_FROM)),
                            find(row, PRESCRIPTION.SUSPENDED_UNTIL));
            case CANCELLED -> new Cancelled(facts);
            case REST_CANCELLED -> new RestCancelled(facts);
            case EXPIRED -> new Expired(facts);
            case REST_EXPIRED -> new RestExpired(facts);
        };
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

    /// Prescriptions whose review is overdue and nobody has been told.
    List<UUID> lockOverdue(Tx tx, Instant now, int most) {
        List<UUID> overdue = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(PRESCRIPTION.ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.STATE.eq(inline("awaiting-review")))
                                .and(PRESCRIPTION.REVIEW_TOLD.isNull())
                                .and(PRESCRIPTION.REVIEW_DUE.le(now))
                                .orderBy(PRESCRIPTION.REVIEW_DUE)
                                .limit(most)
                                .forUpdate()
                                .skipLocked())) {
            overdue.add(Rows.get(row, PRESCRIPTION.ID));
        }
        return overdue;
    }

    /// Notes that its hospital has been told, whatever reason its Task shows next.
    void toldOverdue(Tx tx, UUID id, Instant now) {
        tx.start(
                SQL.update(PRESCRIPTION)
                        .set(PRESCRIPTION.REVIEW_TOLD, now)
                        .where(PRESCRIPTION.ID.eq(id)));
    }

    private static Field<String> inline(String text) {
        return org.jooq.impl.DSL.inline(text);
    }

    /// Prescriptions that time alone has changed, oldest first; those that another instance works
    /// on are left to it.
    List<UUID> lockDue(Tx tx, Instant now, int most) {
        List<UUID> due = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(PRESCRIPTION.ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.NEXT_DUE.le(now))
                                .orderBy(PRESCRIPTION.NEXT_DUE)
                                .limit(most)
                                .forUpdate()
                                .skipLocked())) {
            due.add(Rows.get(row, PRESCRIPTION.ID));
        }
        return due;
    }
}
