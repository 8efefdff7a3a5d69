package org.yifang.identity.client;

import java.util.Optional;
import java.util.UUID;

/// What a slip is of: asked of those who keep prescriptions and patients, which stand above.
@FunctionalInterface
public interface Slips {
    /// @param patient whose prescription it is
    /// @param number of the patient's certificate, whose last four characters are asked for
    record Slip(UUID patient, String number) {}

    /// The slip of a prescription, empty when there is none. Waits.
    Optional<Slip> of(UUID task);
}
