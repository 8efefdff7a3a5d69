package org.yifang.prescription.life;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.tables.PrescriptionLine;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionRow.LineDrug;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads a prescription with its lines and locks it.
public final class PrescriptionViews {
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
                    PRESCRIPTION.CLAIM_PREPARED,
                    PRESCRIPTION.SUSPENDED_FROM,
                    PRESCRIPTION.SUSPENDED_UNTIL,
                    PRESCRIPTION.REASON_SYSTEM,
                    PRESCRIPTION.REASON_CODE,
                    PRESCRIPTION.REASON_TEXT,
                    PRESCRIPTION.PICKUP_CODE,
                    PRESCRIPTION.PICKUP_TOKEN,
                    PRESCRIPTION.SUCCESSOR_ID,
                    PRESCRIPTION.SHARING_BASIS,
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

    /// The states in which nothing was ever handed out and nothing will be, as constants: a plan
    /// made for any value could not use an index of some.
    public static List<Field<String>> neverFilled() {
        return Stream.of(State.REVIEW_REFUSED, State.CANCELLED, State.EXPIRED)
                .<Field<String>>map(state -> DSL.inline(state.code()))
                .toList();
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

    /// Whose prescription it is. Waits.
    public static Optional<UUID> patientOf(Database database, UUID task) {
        for (Row row :
                database.run(
                        SQL.select(PRESCRIPTION.PATIENT_ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.ID.eq(task)))) {
            return Optional.of(get(row, PRESCRIPTION.PATIENT_ID));
        }
        return Optional.empty();
    }

    /// Reads and locks a prescription until the transaction ends, in one round trip.
    Optional<PrescriptionRow> lock(Tx tx, UUID id) {
        return locked(tx.start(LOCK_BY_ID, id), tx.start(LINES_BY_ID, id));
    }

    /// As [#lock], by the blind index of its pick-up code.
    Optional<PrescriptionRow> lockByCode(Tx tx, List<byte[]> codeIndexes) {
        return codeIndexes.stream()
                .map(one -> lockByCode(tx, one))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<PrescriptionRow> lockByCode(Tx tx, byte[] codeIndex) {
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
                        lines.stream().map(Line::id).toList(),
                        get(row, PRESCRIPTION.SHARING_BASIS));
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
                Circulation.ISSUING_HOSPITAL.is(get(row, PRESCRIPTION.CIRCULATION)),
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
                get(row, PRESCRIPTION.CLAIM_DISPENSED),
                find(row, PRESCRIPTION.CLAIM_PREPARED));
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
}
