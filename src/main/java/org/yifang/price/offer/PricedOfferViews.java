package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.yifang.platform.data.Place;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Reads the priced offers of one answer, thousands of rows.
final class PricedOfferViews {
    private final Place<UUID> id;
    private final Place<UUID> pharmacyId;
    private final Place<String> pharmacy;
    private final Place<String> drugCode;
    private final Place<String> substitutionSet;
    private final Place<String> packUnit;
    private final Place<Integer> packUnits;
    private final Place<Long> priceFen;
    private final Place<String> priceType;
    private final Place<Long> patientPaysFen;
    private final Place<String> patientBasis;
    private final Place<Instant> observedAt;
    private final Place<Long> free;

    // The same few texts and ids stand in thousands of rows that stay in memory.
    private final Map<Object, Object> same = new HashMap<>();

    PricedOfferViews(RowSet<Row> rows) {
        id = Place.of(rows, OFFER.ID);
        pharmacyId = Place.of(rows, OFFER.PHARMACY_ID);
        pharmacy = Place.of(rows, OFFER.PHARMACY);
        drugCode = Place.of(rows, OFFER.DRUG_CODE);
        substitutionSet = Place.of(rows, OFFER.SUBSTITUTION_SET);
        packUnit = Place.of(rows, OFFER.PACK_UNIT);
        packUnits = Place.of(rows, OFFER.PACK_UNITS);
        priceFen = Place.of(rows, OFFER.PRICE_FEN);
        priceType = Place.of(rows, OFFER.PRICE_TYPE);
        patientPaysFen = Place.of(rows, OFFER.PATIENT_PAYS_FEN);
        patientBasis = Place.of(rows, OFFER.PATIENT_BASIS);
        observedAt = Place.of(rows, OFFER.OBSERVED_AT);
        free = Place.of(rows, OfferStore.FREE);
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
