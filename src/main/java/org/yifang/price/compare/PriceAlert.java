package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.price.offer.Offer;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What price a patient waits for.
///
/// @param pharmacies which may hand it out; null for all
/// @param thresholdFen for one preparation unit
/// @param reached null as long as no pharmacy asks so little
public record PriceAlert(
        UUID id,
        UUID task,
        UUID line,
        UUID patient,
        String drugCode,
        String substitutionSet,
        boolean productOnly,
        @Nullable List<UUID> pharmacies,
        BigDecimal thresholdFen,
        Instant created,
        @Nullable Reached reached) {

    /// When and where a price was first so low.
    public record Reached(Instant at, BigDecimal unitFen, UUID pharmacy) {
        static Reached of(Offer offer, Instant now) {
            return new Reached(now, BigDecimal.valueOf(offer.unitFen()), offer.pharmacyId());
        }
    }

    boolean isReachedBy(Offer offer) {
        return offer.unitFen() <= thresholdFen.doubleValue();
    }
}
