package org.yifang.queue.history;

import java.util.Locale;

/// What a file of the past tells.
public enum HistoryKind {
    TICKETS,
    AGGREGATES,
    EXPECTED;

    /// As it is stored.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
