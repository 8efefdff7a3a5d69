package org.yifang.prescription.submit;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Table;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Writes a new prescription with all that came in its document.
final class SubmitStore {
    /// A prescription with the same number.
    record Same(UUID id, UUID patient, byte[] contentHash) {}

    private static final Statement FIND_SAME =
            Statement.of(p ->
                    SQL.select(PRESCRIPTION.ID, PRESCRIPTION.PATIENT_ID, PRESCRIPTION.CONTENT_HASH)
                            .from(PRESCRIPTION)
                            .where(PRESCRIPTION.HOSPITAL_ID.eq(p.like(PRESCRIPTION.HOSPITAL_ID)))
                            .and(PRESCRIPTION.RX_NUMBER.eq(p.like(PRESCRIPTION.RX_NUMBER))));

    static final List<Field<?>> PRESCRIPTION_COLUMNS =
            List.of(
                    PRESCRIPTION.ID,
                    PRESCRIPTION.REGION,
                    PRESCRIPTION.HOSPITAL_ID,
                    PRESCRIPTION.HOSPITAL,
                    PRESCRIPTION.RX_NUMBER,
                    PRESCRIPTION.CONTENT_HASH,
                    PRESCRIPTION.BUNDLE_ID,
                    PRESCRIPTION.ORIGINAL_ID,
                    PRESCRIPTION.ORIGINAL,
                    PRESCRIPTION.ORIGINAL_TYPE,
                    PRESCRIPTION.SIGNED,
                    PRESCRIPTION.DOCUMENT_KEY,
                    PRESCRIPTION.PATIENT_ID,
                    PRESCRIPTION.PRESCRIBER,
                    PRESCRIPTION.KIND,
                    PRESCRIPTION.CIRCULATION,
                    PRESCRIPTION.PRIORITY,
                    PRESCRIPTION.STATE,
                    PRESCRIPTION.VALID_FROM,
                    PRESCRIPTION.VALID_UNTIL,
                    PRESCRIPTION.FILL,
                    PRESCRIPTION.FILLS,
                    PRESCRIPTION.FILL_INTERVAL_DAYS,
                    PRESCRIPTION.REVIEW_DUE,
                    PRESCRIPTION.SECOND_REVIEW,
                    PRESCRIPTION.PICKUP_CODE_INDEX,
                    PRESCRIPTION.PICKUP_CODE,
                    PRESCRIPTION.PICKUP_TOKEN,
                    PRESCRIPTION.PREDECESSOR,
                    PRESCRIPTION.NEXT_DUE,
                    PRESCRIPTION.TASK,
                    PRESCRIPTION.VERSION,
                    PRESCRIPTION.RULE_SET_VERSION,
                    PRESCRIPTION.PROFILE_VERSION,
                    PRESCRIPTION.CATALOGUE_VERSION,
                    PRESCRIPTION.SHARING_BASIS,
                    PRESCRIPTION.CREATED_AT,
                    PRESCRIPTION.UPDATED_AT,
                    PRESCRIPTION.TASK_MAC);

    private static final Statement INSERT_PRESCRIPTION = insert(PRESCRIPTION, PRESCRIPTION_COLUMNS);

    private static final Statement INSERT_LINE =
            insert(
                    PRESCRIPTION_LINE,
                    List.of(
                            PRESCRIPTION_LINE.ID,
                            PRESCRIPTION_LINE.REGION,
                            PRESCRIPTION_LINE.PRESCRIPTION_ID,
                            PRESCRIPTION_LINE.LINE,
                            PRESCRIPTION_LINE.IDENTIFIER,
                            PRESCRIPTION_LINE.DRUG_CODE,
                            PRESCRIPTION_LINE.PRODUCT_ONLY,
                            PRESCRIPTION_LINE.QUANTITY,
                            PRESCRIPTION_LINE.REMAINING,
                            PRESCRIPTION_LINE.DISPENSED,
                            PRESCRIPTION_LINE.UNIT,
                            PRESCRIPTION_LINE.STATUS,
                            PRESCRIPTION_LINE.AUTHORED_ON,
                            PRESCRIPTION_LINE.RUNS_UNTIL,
                            PRESCRIPTION_LINE.SUBSTITUTION_SET,
                            PRESCRIPTION_LINE.GENERIC_NAME,
                            PRESCRIPTION_LINE.CONTENT,
                            PRESCRIPTION_LINE.VERSION,
                            PRESCRIPTION_LINE.UPDATED_AT));

    private static final Statement INSERT_PART =
            insert(
                    CLINICAL_RESOURCE,
                    List.of(
                            CLINICAL_RESOURCE.ID,
                            CLINICAL_RESOURCE.TYPE,
                            CLINICAL_RESOURCE.REGION,
                            CLINICAL_RESOURCE.PRESCRIPTION_ID,
                            CLINICAL_RESOURCE.PATIENT_ID,
                            CLINICAL_RESOURCE.ORGANIZATION_ID,
                            CLINICAL_RESOURCE.IDENTIFIER_SYSTEM,
                            CLINICAL_RESOURCE.IDENTIFIER,
                            CLINICAL_RESOURCE.STATUS,
                            CLINICAL_RESOURCE.STARTED_AT,
                            CLINICAL_RESOURCE.DOCUMENT_KEY,
                            CLINICAL_RESOURCE.CONTENT,
                            CLINICAL_RESOURCE.VERSION,
                            CLINICAL_RESOURCE.CREATED_AT,
                            CLINICAL_RESOURCE.UPDATED_AT));

    private static final Statement OVERLAPS =
            Statement.of(p ->
                    SQL.selectDistinct(PRESCRIPTION_LINE.GENERIC_NAME)
                            .from(PRESCRIPTION_LINE)
                            .join(PRESCRIPTION)
                            .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                            .where(PRESCRIPTION.PATIENT_ID.eq(p.like(PRESCRIPTION.PATIENT_ID)))
                            .and(PRESCRIPTION.ID.ne(p.like(PRESCRIPTION.ID)))
                            .and(
                                    PRESCRIPTION_LINE.GENERIC_NAME.eq(
                                            org.jooq.impl.DSL.any(
                                                    p.array(PRESCRIPTION_LINE.GENERIC_NAME))))
                            .and(
                                    PRESCRIPTION_LINE.RUNS_UNTIL.gt(
                                            p.like(PRESCRIPTION_LINE.RUNS_UNTIL)))
                            // Cancelled before anything of it was handed out.
                            .and(PRESCRIPTION_LINE.STATUS.ne(inline("cancelled")))
                            .and(
                                    PRESCRIPTION.STATE.notIn(
                                            inline("review-refused"),
                                            inline("cancelled"),
                                            inline("expired")))
                            .limit(org.jooq.impl.DSL.inline(20)));

    /// Whether this patient has a prescription of this number. Another's is not found, so that an
    /// answer tells nothing about it.
    private static final Statement OF_PATIENT =
            Statement.of(p ->
                    SQL.select(PRESCRIPTION.ID)
                            .from(PRESCRIPTION)
                            .where(PRESCRIPTION.PATIENT_ID.eq(p.like(PRESCRIPTION.PATIENT_ID)))
                            .and(PRESCRIPTION.RX_NUMBER.eq(p.like(PRESCRIPTION.RX_NUMBER)))
                            .limit(org.jooq.impl.DSL.inline(1)));

    private static Field<String> inline(String text) {
        return org.jooq.impl.DSL.inline(text);
    }

    private static Statement insert(Table<?> table, List<Field<?>> columns) {
        return Statement.of(p ->
                SQL.insertInto(table)
                        .columns(columns)
                        .values(columns.stream().map(p::like).toList()));
    }

    Future<Optional<Same>> startSame(Tx tx, UUID hospital, String number) {
        return tx.start(FIND_SAME, hospital, number).map(SubmitStore::same);
    }

    Optional<Same> findSame(Database database, UUID hospital, String number) {
        return same(database.run(FIND_SAME, hospital, number));
    }

    private static Optional<Same> same(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        return Optional.of(
                new Same(
                        get(row, PRESCRIPTION.ID),
                        get(row, PRESCRIPTION.PATIENT_ID),
                        get(row, PRESCRIPTION.CONTENT_HASH)));
    }

    /// Generic names that still run for this patient from another prescription.
    Future<List<String>> overlaps(
            Tx tx, UUID patient, UUID prescription, List<String> names, Instant now) {
        return tx.start(OVERLAPS, patient, prescription, names.toArray(String[]::new), now)
                .map(SubmitStore::names);
    }

    /// Whether the patient has a prescription of this number, from whatever hospital.
    Future<Boolean> isOfPatient(Tx tx, UUID patient, String number) {
        return tx.start(OF_PATIENT, patient, number).map(rows -> rows.size() > 0);
    }

    private static List<String> names(RowSet<Row> rows) {
        List<String> names = new java.util.ArrayList<>();
        rows.forEach(row -> names.add(get(row, PRESCRIPTION_LINE.GENERIC_NAME)));
        return names;
    }

    /// Sends everything; it travels with the commit.
    void insert(Tx tx, Object[] prescription, List<Object[]> lines, List<Object[]> parts) {
        tx.start(INSERT_PRESCRIPTION, prescription);
        tx.startBatch(INSERT_LINE, lines);
        if (!parts.isEmpty()) {
            tx.startBatch(INSERT_PART, parts);
        }
    }
}
