package org.yifang.prescription.export;

import static org.yifang.generated.Tables.DISPENSE;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource.Window;
import org.yifang.platform.data.Database;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What exports take of prescriptions: columns alone, nothing that is sealed.
final class ExportViews {
    /// A line of a prescription.
    record ExportedLine(
            UUID id,
            UUID prescription,
            UUID patient,
            String status,
            String kind,
            String priority,
            String hospital,
            String drugCode,
            String genericName,
            BigDecimal quantity,
            String unit,
            int fills,
            Instant authoredOn) {}

    /// What was handed out of one.
    record ExportedDispense(
            UUID id,
            UUID line,
            UUID patient,
            UUID pharmacy,
            String drugCode,
            BigDecimal quantity,
            BigDecimal takenBack,
            String unit,
            @Nullable Long priceFen,
            Instant handedOverAt) {}

    private ExportViews() {}

    private static Condition lines(Window window) {
        Condition submitted = PRESCRIPTION.CREATED_AT.le(window.until());
        return window.since() == null
                ? submitted
                : submitted.and(PRESCRIPTION_LINE.UPDATED_AT.gt(window.since()));
    }

    static long countLines(Database database, Window window) {
        return database.run(
                        SQL.selectCount()
                                .from(PRESCRIPTION_LINE)
                                .join(PRESCRIPTION)
                                .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                                .where(lines(window)))
                .iterator()
                .next()
                .getLong(0);
    }

    /// Lines in the order of their ids.
    ///
    /// @param after only those with a greater id, or null
    static List<ExportedLine> lines(
            Database database, Window window, @Nullable String after, int most) {
        List<ExportedLine> lines = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        PRESCRIPTION_LINE.ID,
                                        PRESCRIPTION_LINE.PRESCRIPTION_ID,
                                        PRESCRIPTION.PATIENT_ID,
                                        PRESCRIPTION_LINE.STATUS,
                                        PRESCRIPTION.KIND,
                                        PRESCRIPTION.PRIORITY,
                                        PRESCRIPTION.HOSPITAL,
                                        PRESCRIPTION_LINE.DRUG_CODE,
                                        PRESCRIPTION_LINE.GENERIC_NAME,
                                        PRESCRIPTION_LINE.QUANTITY,
                                        PRESCRIPTION_LINE.UNIT,
                                        PRESCRIPTION.FILLS,
                                        PRESCRIPTION_LINE.AUTHORED_ON)
                                .from(PRESCRIPTION_LINE)
                                .join(PRESCRIPTION)
                                .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                                .where(lines(window))
                                .and(behind(PRESCRIPTION_LINE.ID, after))
                                .orderBy(PRESCRIPTION_LINE.ID)
                                .limit(DSL.inline(most)))) {
            lines.add(
                    new ExportedLine(
                            get(row, PRESCRIPTION_LINE.ID),
                            get(row, PRESCRIPTION_LINE.PRESCRIPTION_ID),
                            get(row, PRESCRIPTION.PATIENT_ID),
                            get(row, PRESCRIPTION_LINE.STATUS),
                            get(row, PRESCRIPTION.KIND),
                            get(row, PRESCRIPTION.PRIORITY),
                            get(row, PRESCRIPTION.HOSPITAL),
                            get(row, PRESCRIPTION_LINE.DRUG_CODE),
                            get(row, PRESCRIPTION_LINE.GENERIC_NAME),
                            get(row, PRESCRIPTION_LINE.QUANTITY),
                            get(row, PRESCRIPTION_LINE.UNIT),
                            get(row, PRESCRIPTION.FILLS),
                            get(row, PRESCRIPTION_LINE.AUTHORED_ON)));
        }
        return lines;
    }

    private static Condition behind(Field<UUID> id, @Nullable String after) {
        return after == null ? DSL.noCondition() : id.gt(UUID.fromString(after));
    }

    private static Condition dispenses(Window window) {
        Condition recorded = DISPENSE.CREATED_AT.le(window.until());
        return window.since() == null
                ? recorded
                : recorded.and(DISPENSE.UPDATED_AT.gt(window.since()));
    }

    static long countDispenses(Database database, Window window) {
        return database.run(SQL.selectCount().from(DISPENSE).where(dispenses(window)))
                .iterator()
                .next()
                .getLong(0);
    }

    /// Dispenses in the order of their ids.
    ///
    /// @param after only those with a greater id, or null
    static List<ExportedDispense> dispenses(
            Database database, Window window, @Nullable String after, int most) {
        List<ExportedDispense> dispenses = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        DISPENSE.ID,
                                        DISPENSE.LINE_ID,
                                        DISPENSE.PATIENT_ID,
                                        DISPENSE.PHARMACY_ID,
                                        DISPENSE.DRUG_CODE,
                                        DISPENSE.QUANTITY,
                                        DISPENSE.TAKEN_BACK,
                                        DISPENSE.PRICE_FEN,
                                        DISPENSE.HANDED_OVER_AT,
                                        PRESCRIPTION_LINE.UNIT)
                                .from(DISPENSE)
                                .join(PRESCRIPTION_LINE)
                                .on(PRESCRIPTION_LINE.ID.eq(DISPENSE.LINE_ID))
                                .where(dispenses(window))
                                .and(behind(DISPENSE.ID, after))
                                .orderBy(DISPENSE.ID)
                                .limit(DSL.inline(most)))) {
            dispenses.add(
                    new ExportedDispense(
                            get(row, DISPENSE.ID),
                            get(row, DISPENSE.LINE_ID),
                            get(row, DISPENSE.PATIENT_ID),
                            get(row, DISPENSE.PHARMACY_ID),
                            get(row, DISPENSE.DRUG_CODE),
                            get(row, DISPENSE.QUANTITY),
                            get(row, DISPENSE.TAKEN_BACK),
                            get(row, PRESCRIPTION_LINE.UNIT),
                            find(row, DISPENSE.PRICE_FEN),
                            get(row, DISPENSE.HANDED_OVER_AT)));
        }
        return dispenses;
    }
}
