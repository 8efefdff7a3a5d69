package org.yifang.simulate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Gives every pack its own trace code (20 digits: 8, six for the product, 13 for the pack).
final class Packs {
    private static final long EPOCH_2026 = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

    /// Serial numbers begin with the second of the start, and no run sells ten thousand packs a
    /// second: so no later run repeats them.
    private static final long PACKS_PER_SECOND = 10_000;

    private final int run;
    private final AtomicLong serial;

    /// @param run tells runs apart that began in the same second
    Packs(Instant start, int run) {
        this.run = run;
        this.serial = new AtomicLong((start.getEpochSecond() - EPOCH_2026) * PACKS_PER_SECOND);
    }

    /// The codes of so many packs of a drug, never given before.
    List<String> take(Drug drug, int packs) {
        int product = Math.floorMod(drug.code().hashCode() * 31 + run, 1_000_000);
        List<String> codes = new ArrayList<>(packs);
        for (int i = 0; i < packs; i++) {
            codes.add("8%06d%013d".formatted(product, serial.getAndIncrement()));
        }
        return codes;
    }
}
