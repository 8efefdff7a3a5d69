package org.yifang.console.patient;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Since when a prescription's drugs lie ready at the pharmacy that holds it.
@FunctionalInterface
public interface Prepared {
    Optional<Instant> since(UUID task, UUID pharmacy);
}
