package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.ticket.QueueStage;

import java.util.Locale;

/// How far an evaluation has come: told by who reckons, read by who waits for it.
public final class EvaluationProgress {
    private volatile String text = "waiting for its turn";

    /// @param done days read
    /// @param all days of both periods
    void read(long done, long all) {
        text = String.format(Locale.ROOT, "read %d of %d days", done, all);
    }

    /// @param stage null for whole visits
    void reckoning(@Nullable QueueStage stage) {
        text = "reckoning " + ReductionReport.code(stage);
    }

    /// A line for people, of fewer than a hundred characters.
    String text() {
        return text;
    }
}
