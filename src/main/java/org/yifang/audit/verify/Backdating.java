package org.yifang.audit.verify;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Event;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// Finds entries that claim to be much older than what stands before them: their order is the
/// truth, the time in their ids is only what somebody said.
final class Backdating {
    /// Longer than any call waits between getting its id and being sequenced.
    static final Duration LEAST = Duration.ofMinutes(10);

    private Instant newest = Instant.MIN;
    private long newestAt;
    private long from = -1;
    private Instant oldest = Instant.MAX;

    /// Takes the next entry; returns a finding when it ends a row of back-dated ones.
    @Nullable LogFinding next(long index, UUID id) {
        Instant made = Event.timeOf(id);
        if (made.isBefore(newest.equals(Instant.MIN) ? newest : newest.minus(LEAST))) {
            from = from < 0 ? index : from;
            oldest = made.isBefore(oldest) ? made : oldest;
            return null;
        }
        LogFinding found = end(index);
        if (made.isAfter(newest)) {
            newest = made;
            newestAt = index;
        }
        return found;
    }

    /// Ends with the log: a finding when its last entries are back-dated.
    @Nullable LogFinding end(long index) {
        if (from < 0) {
            return null;
        }
        LogFinding found =
                new LogFinding(
                        LogFinding.Kind.BACKDATED,
                        from,
                        index,
                        ("Entries %d to %d say that they were made at %s or later, entry %d before"
                                        + " them at %s: they were dated back, or the clock of the"
                                        + " service was wrong.")
                                .formatted(from, index - 1, oldest, newestAt, newest));
        from = -1;
        oldest = Instant.MAX;
        return found;
    }
}
