package org.yifang.registry;

import java.time.Instant;
import java.util.UUID;

/// A counter where people are served.
///
/// @param id that of the Location and of its HealthcareService
/// @param organizationId whose counter it is
/// @param version counts the changes, from 1
public record Location(
        UUID id,
        UUID organizationId,
        String name,
        String address,
        Place place,
        OpeningHours hours,
        long version,
        Instant updatedAt) {}
