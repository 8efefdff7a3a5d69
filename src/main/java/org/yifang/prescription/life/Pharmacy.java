package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.util.Optional;
import java.util.UUID;

/// A pharmacy as the rules see it.
///
/// @param hospital the hospital whose in-house pharmacy it is, null for a retail pharmacy
public record Pharmacy(UUID id, @Nullable UUID hospital) {
    /// The pharmacy with this Organization id.
    public static Optional<Pharmacy> find(Organizations organizations, UUID id) {
        return organizations
                .byId(id)
                .filter(Organization::isPharmacy)
                .map(one -> new Pharmacy(one.id(), one.partOf()));
    }
}
