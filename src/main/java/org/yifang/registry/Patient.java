package org.yifang.registry;

import java.time.Instant;
import java.util.UUID;

/// One person for whom something was prescribed.
///
/// @param patientKey the patient's key, wrapped: what belongs to this patient is sealed under it
/// @param nameDiffers whether a document named this identity number otherwise
/// @param version counts the changes, from 1
public record Patient(
        UUID id,
        Person person,
        byte[] patientKey,
        boolean nameDiffers,
        long version,
        Instant updatedAt) {

    /// The same as somebody else names the person.
    Patient as(Person other) {
        return new Patient(id, other, patientKey, nameDiffers, version, updatedAt);
    }
}
