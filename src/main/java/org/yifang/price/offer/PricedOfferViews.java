package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.yifang.platform.data.ColumnPlace;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Reads the priced offers of one answer, thousands of rows.
final class PricedOfferViews {
    private final ColumnPlace<UUID> id;
    private final ColumnPlace<UUID> pharmacyId;
    private final ColumnPlace<String> pharmacy;
    private final ColumnPlace<String> drugCode;
    private final ColumnPlace<String> substitutionSet;
    private final ColumnPlace<String> packUnit;
    private final ColumnPlace<Integer> packUnits;
    private final ColumnPlace<Long> priceFen;
    private final ColumnPlace<String> priceType;
    private final ColumnPlace<Long> patientPaysFen;
    private final ColumnPlace<String> patientBasis;
    private final ColumnPlace<Instant> observedAt;
    private final ColumnPlace<Long> free;

    // The same few texts and ids stand in thousands of rows that stay in memory.
    private final Map<Object, Object> same = new HashMap<>();

    PricedOfferViews(RowSet<Row> rows) {
        id = ColumnPlace.of(rows, OFFER.ID);
        pharmacyId = ColumnPlace.of(rows, OFFER.PHARMACY_ID);
        pharmacy = ColumnPlace.of(rows, OFFER.PHARMACY);
        drugCode = ColumnPlace.of(rows, OFFER.DRUG_CODE);
        substitutionSet = ColumnPlace.of(rows, OFFER.SUBSTITUTION_SET);
        packUnit = ColumnPlace.of(rows, OFFER.PACK_UNIT);
        packUnits = ColumnPlace.of(rows, OFFER.PACK_UNITS);
        priceFen = ColumnPlace.of(rows, OFFER.PRICE_FEN);
        priceType = ColumnPlace.of(rows, OFFER.PRICE_TYPE);
        patientPaysFen = ColumnPlace.of(rows, OFFER.PATIENT_PAYS_FEN);
        patientBasis = ColumnPlace.of(rows, OFFER.PATIENT_BASIS);
        observedAt = ColumnPlace.of(rows, OFFER.OBSERVED_AT);
        free = ColumnPlace.of(rows, OfferStore.FREE);
    }

    Offer offer(Row row) {
        return new Offer(
                id.get(row),
                one(pharmacyId.get(row)),
                one(pharmacy.get(row)),
                one(drugCode.get(row)),
                one(substitutionSet.get(row)),
                one(packUnit.get(row)),
                packUnits.get(row),
                priceFen.get(row),
                Offer.PriceType.of(priceType.get(row)).orElseThrow(),
                patientPaysFen.find(row),
                Offer.Basis.of(patientBasis.get(row)),
                one(observedAt.get(row)),
                free.get(row));
    }

    @SuppressWarnings("unchecked") // An equal value is of the same class.
    private <T> T one(T value) {
        return (T) same.computeIfAbsent(value, each -> each);
    }
}
