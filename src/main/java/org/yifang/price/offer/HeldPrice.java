package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
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
        String evidence) {}
