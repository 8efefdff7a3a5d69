package org.yifang.prescription.counter;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/// Tells a reader of documents, which needs no database, what the registry knows of those whom one
/// names.
interface NamedPeople {
    /// The id of the patient with this identity system and number, or null.
    @Nullable UUID patient(String system, String number);

    /// The staff number of a Practitioner, or null.
    @Nullable String staff(UUID id);
}
