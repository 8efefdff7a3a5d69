package org.yifang.platform.data;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// The database's clock, which all instances of the service share: read now and then, and counted
/// on in between by what nobody can set. Whoever sets the clock of one machine moves no lease, no
/// deadline and no entry of the log. Until the database was first asked, the machine's clock. It
/// tells milliseconds: what is stored is what an answer shows, so that a search by the shown time
/// finds just that.
public final class SharedClock implements InstantSource {
    /// What the two may differ by before ours is set: less is noise of the network.
    private static final Duration NOISE = Duration.ofMillis(20);

    private record Base(Instant at, long nanos) {
        Instant after(long now) {
            return at.plusNanos(now - nanos);
        }
    }

    private final InstantSource machine;
    private volatile @Nullable Base base;

    /// @param machine the clock of this machine
    public SharedClock(InstantSource machine) {
        this.machine = machine;
    }

    InstantSource machine() {
        return machine;
    }

    @Override
    public Instant instant() {
        Base known = base;
        Instant exact = known == null ? machine.instant() : known.after(System.nanoTime());
        return exact.truncatedTo(ChronoUnit.MILLIS);
    }

    /// Follows the database, which said that it was `theirs` at `nanos` of this machine, give or
    /// take `unsure`.
    void follow(Instant theirs, long nanos, Duration unsure) {
        Base known = base;
        Duration most = unsure.compareTo(NOISE) > 0 ? unsure : NOISE;
        if (known == null
                || Duration.between(known.after(nanos), theirs).abs().compareTo(most) > 0) {
            base = new Base(theirs, nanos);
        }
    }
}
