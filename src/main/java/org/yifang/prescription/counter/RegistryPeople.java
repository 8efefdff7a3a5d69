package org.yifang.prescription.counter;

import org.jspecify.annotations.Nullable;
import org.yifang.registry.Patients;
import org.yifang.registry.Practitioner;
import org.yifang.registry.Practitioners;

import java.util.UUID;

/// Whom the registry knows.
record RegistryPeople(Patients patients, Practitioners practitioners) implements NamedPeople {
    @Override
    public @Nullable UUID patient(String system, String number) {
        return patients.idOf(system, number).orElse(null);
    }

    @Override
    public @Nullable String staff(UUID id) {
        return practitioners.byId(id).map(Practitioner::number).orElse(null);
    }
}
