package org.yifang.platform;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Makes UUIDv7 ids (RFC 9562): ordered by time, so that an index grows at its right end.
public final class Uuid7 {
    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();
    private final long node = new SecureRandom().nextLong();

    public Uuid7(InstantSource clock) {
        this.clock = clock;
    }

    /// What time it is; ids say a later one after the clock was set back, since their order stands.
    public Instant now() {
        return clock.instant();
    }

    /// The next id; later calls of one instance give greater ids even within a millisecond.
    public UUID get() {
        // Milliseconds, then twelve bits that count within the millisecond.
        long now = clock.millis() << 12;
        long stamp = last.accumulateAndGet(now, (before, wanted) -> Math.max(before + 1, wanted));
        long high = ((stamp >>> 12) << 16) | 0x7000L | (stamp & 0xfffL);
        long random = ThreadLocalRandom.current().nextLong() ^ node;
        return new UUID(high, (random & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
