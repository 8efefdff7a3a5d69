package org.yifang.identity.client;

import java.util.Optional;
import java.util.UUID;

/// The patients of the registry, which stands above this package.
@FunctionalInterface
public interface KnownPatients {
    /// By a Patient id or by an identity card number; may wait.
    Optional<UUID> named(String named);
}
