package org.yifang.price.offer;

import static org.jooq.impl.DSL.notExists;
import static org.yifang.generated.Tables.PRICE_DECISION;
import static org.yifang.generated.Tables.PRICE_EVENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jooq.SelectConditionStep;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// A price that waits for a person, with the figures why.
public record HeldPrice(
        UUID eventId,
        String region,
        UUID pharmacyId,
        String drugCode,
        long priceFen,
        int packUnits,
        String priceType,
        @Nullable Long patientPaysFen,
        String patientBasis,
        Instant observed,
        Instant received,
        String source,
        String evidence) {

    static final List<Field<?>> COLUMNS =
            List.of(
                    PRICE_EVENT.ID,
                    PRICE_EVENT.REGION,
                    PRICE_EVENT.PHARMACY_ID,
                    PRICE_EVENT.DRUG_CODE,
                    PRICE_EVENT.PRICE_FEN,
                    PRICE_EVENT.PACK_UNITS,
                    PRICE_EVENT.PRICE_TYPE,
                    PRICE_EVENT.PATIENT_PAYS_FEN,
                    PRICE_EVENT.PATIENT_BASIS,
                    PRICE_EVENT.OBSERVED_AT,
                    PRICE_EVENT.RECEIVED_AT,
                    PRICE_EVENT.SOURCE,
                    PRICE_EVENT.EVIDENCE);

    static SelectConditionStep<?> undecided() {
        return SQL.select(COLUMNS)
                .from(PRICE_EVENT)
                .where(PRICE_EVENT.STATUS.eq("held"))
                .and(
                        notExists(
                                SQL.selectOne()
                                        .from(PRICE_DECISION)
                                        .where(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))));
    }

    static HeldPrice of(Row row) {
        return new HeldPrice(
                Rows.get(row, PRICE_EVENT.ID),
                Rows.get(row, PRICE_EVENT.REGION),
                Rows.get(row, PRICE_EVENT.PHARMACY_ID),
                Rows.get(row, PRICE_EVENT.DRUG_CODE),
                Rows.get(row, PRICE_EVENT.PRICE_FEN),
                Rows.get(row, PRICE_EVENT.PACK_UNITS),
                Rows.get(row, PRICE_EVENT.PRICE_TYPE),
                Rows.find(row, PRICE_EVENT.PATIENT_PAYS_FEN),
                Rows.get(row, PRICE_EVENT.PATIENT_BASIS),
                Rows.get(row, PRICE_EVENT.OBSERVED_AT),
                Rows.get(row, PRICE_EVENT.RECEIVED_AT),
                Rows.get(row, PRICE_EVENT.SOURCE),
                Rows.get(row, PRICE_EVENT.EVIDENCE));
    }
}
