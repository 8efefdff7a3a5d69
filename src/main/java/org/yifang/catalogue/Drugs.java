package org.yifang.catalogue;

import java.util.Optional;

/// Finds drugs for whoever reads a document: the catalogue, or a few that a test names.
@FunctionalInterface
public interface Drugs {
    /// The drug with this code.
    Optional<Drug> find(String code);
}
