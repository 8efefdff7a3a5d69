package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;

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
