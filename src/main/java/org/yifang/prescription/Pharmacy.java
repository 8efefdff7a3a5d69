package org.yifang.prescription;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A pharmacy as the rules see it.
///
/// @param hospital the hospital whose in-house pharmacy it is, null for a retail pharmacy
public record Pharmacy(UUID id, @Nullable UUID hospital) {}
