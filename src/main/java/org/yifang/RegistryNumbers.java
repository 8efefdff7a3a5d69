package org.yifang;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.question.AuditEventRoutes;
import org.yifang.registry.IdentityCard;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.Patients;

import java.util.Optional;
import java.util.UUID;

/// Tells the audit log whom a number means, out of the registry that stands behind it.
record RegistryNumbers(Patients patients, Organizations organizations)
        implements AuditEventRoutes.People {
    @Override
    public Optional<UUID> find(@Nullable String system, String number) {
        return patients.idOf(system == null ? IdentityCard.SYSTEM : system, number);
    }

    @Override
    public Optional<String> organization(UUID id) {
        return organizations.byId(id).map(Organization::number);
    }
}
