package org.yifang.audit.event;

import java.util.function.UnaryOperator;

/// Seals what the log must keep secret at rest: names of persons and its own signing keys. The keys
/// are outside the database.
///
/// @param seal makes of bytes what only `open` reads
/// @param open reads it
public record NameSeal(UnaryOperator<byte[]> seal, UnaryOperator<byte[]> open) {}
