package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/// A row of `offer` as an import finds and leaves it; the price is null while the first is held.
///
/// @param lastChange log change of the unit price at its last change
public record OfferState(
        UUID id,
        String region,
        UUID pharmacyId,
        String pharmacy,
        @Nullable UUID locationId,
        String drugCode,
        String substitutionSet,
        String packUnit,
        int packUnits,
        @Nullable Price price,
        double lastChange,
        @Nullable BigDecimal stock,
        BigDecimal reserved,
        @Nullable Instant stockObserved) {

    /// A price in force.
    public record Price(
            UUID eventId,
            long fen,
            String type,
            @Nullable Long patientPaysFen,
            String patientBasis,
            Instant observed,
            String source) {}

    static OfferState of(Row row) {
        UUID event = Rows.find(row, OFFER.EVENT_ID);
        Price price =
                event == null
                        ? null
                        : new Price(
                                event,
                                Rows.get(row, OFFER.PRICE_FEN),
                                Rows.get(row, OFFER.PRICE_TYPE),
                                Rows.find(row, OFFER.PATIENT_PAYS_FEN),
                                Rows.get(row, OFFER.PATIENT_BASIS),
                                Rows.get(row, OFFER.OBSERVED_AT),
                                Rows.get(row, OFFER.SOURCE));
        return new OfferState(
                Rows.get(row, OFFER.ID),
                Rows.get(row, OFFER.REGION),
                Rows.get(row, OFFER.PHARMACY_ID),
                Rows.get(row, OFFER.PHARMACY),
                Rows.find(row, OFFER.LOCATION_ID),
                Rows.get(row, OFFER.DRUG_CODE),
                Rows.get(row, OFFER.SUBSTITUTION_SET),
                Rows.get(row, OFFER.PACK_UNIT),
                Rows.get(row, OFFER.PACK_UNITS),
                price,
                Rows.get(row, OFFER.LAST_CHANGE),
                Rows.find(row, OFFER.STOCK),
                Rows.get(row, OFFER.RESERVED),
                Rows.find(row, OFFER.STOCK_OBSERVED_AT));
    }

    @Nullable Double unitFen() {
        return price == null ? null : (double) price.fen() / packUnits;
    }

    OfferState priced(Price other, double change) {
        return new OfferState(
                id,
                region,
                pharmacyId,
                pharmacy,
                locationId,
                drugCode,
                substitutionSet,
                packUnit,
                packUnits,
                other,
                change,
                stock,
                reserved,
                stockObserved);
    }

    OfferState stocked(BigDecimal packs, Instant observed) {
        return new OfferState(
                id,
                region,
                pharmacyId,
                pharmacy,
                locationId,
                drugCode,
                substitutionSet,
                packUnit,
                packUnits,
                price,
                lastChange,
                packs,
                reserved,
                observed);
    }
}
