package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/// A pharmacy as the rules see it.
///
/// @param hospital the hospital whose in-house pharmacy it is, null for a retail pharmacy
public record Pharmacy(UUID id, @Nullable UUID hospital) {}
