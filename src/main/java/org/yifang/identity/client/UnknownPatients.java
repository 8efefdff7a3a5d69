package org.yifang.identity.client;

import org.yifang.identity.seal.BlindIndex;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.UUID;

/// Ids of people of whom nothing is known here: an app may act for one all the same.
public final class UnknownPatients {
    static final String INDEX = "patient-asserted";

    private final BlindIndex index;

    /// @param index whose key stays, so that an id stays, too
    public UnknownPatients(BlindIndex index) {
        this.index = index;
    }

    /// An id that no Patient has, always the same for an identity card number.
    public UUID of(String number) {
        ByteBuffer bytes = ByteBuffer.wrap(index.of(INDEX, number.toUpperCase(Locale.ROOT)));
        // Version 8: neither made by a clock nor by chance (RFC 9562).
        long high = (bytes.getLong() & 0xffffffffffff0fffL) | 0x8000L;
        long low = (bytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
