package org.yifang.audit.event;

import org.yifang.platform.data.KeyUse;

/// Seals what the log must keep secret at rest, names of persons and its own signing keys, and
/// vouches for what the service itself wrote. The keys are outside the database.
///
/// @param seal makes of bytes what only `open` reads
/// @param open reads it
/// @param vouch makes of bytes what nobody else can make of them; nothing: events are not vouched
///   for
public record NameSeal(KeyUse seal, KeyUse open, KeyUse vouch) {
    private static final byte[] NOTHING = {};

    /// One that vouches for nothing.
    public NameSeal(KeyUse seal, KeyUse open) {
        this(seal, open, bytes -> NOTHING);
    }
}
