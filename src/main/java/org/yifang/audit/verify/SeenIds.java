package org.yifang.audit.verify;

import java.util.UUID;

/// Remembers the ids of very many events in 24 bytes each and finds the second of a pair.
final class SeenIds {
    private static final long NONE = 0;

    // Open addressing; a UUIDv7 is never zero.
    private long[] high = new long[1 << 12];
    private long[] low = new long[1 << 12];
    private int count;

    /// Whether `id` is new; it is remembered from now on.
    boolean add(UUID id) {
        if (count * 2 > high.length) {
            grow();
        }
        return put(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private boolean put(long most, long least) {
        int mask = high.length - 1;
        int slot = (int) ((most * 0x9e3779b97f4a7c15L ^ least * 0xc2b2ae3d27d4eb4fL) >>> 32) & mask;
        while (high[slot] != NONE || low[slot] != NONE) {
            if (high[slot] == most && low[slot] == least) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        high[slot] = most;
        low[slot] = least;
        count++;
        return true;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        high = new long[oldHigh.length * 2];
        low = new long[oldLow.length * 2];
        count = 0;
        for (int i = 0; i < oldHigh.length; i++) {
            if (oldHigh[i] != NONE || oldLow[i] != NONE) {
                put(oldHigh[i], oldLow[i]);
            }
        }
    }
}
