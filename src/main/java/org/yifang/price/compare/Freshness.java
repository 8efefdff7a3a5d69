package org.yifang.price.compare;

import java.time.Duration;
import java.time.Instant;

/// How old the knowledge of a price is: since it was last observed or sold at.
public enum Freshness {
    /// Up to 24 hours.
    FRESH(Duration.ofHours(24)),
    /// Up to 7 days: shown with a badge.
    AGEING(Duration.ofDays(7)),
    /// Up to 30 days: listed, and chosen only where nothing younger is to be had.
    STALE(Duration.ofDays(30)),
    /// Older: not shown.
    HIDDEN(Duration.ofDays(36_500));

    private final Duration upTo;

    Freshness(Duration upTo) {
        this.upTo = upTo;
    }

    public static Freshness of(Instant observed, Instant now) {
        Duration age = Duration.between(observed, now);
        for (Freshness one : values()) {
            if (age.compareTo(one.upTo) <= 0) {
                return one;
            }
        }
        return HIDDEN;
    }

    /// Prices observed before this moment are older.
    Instant since(Instant now) {
        return now.minus(upTo);
    }

    /// Prices observed before this moment are shown to nobody.
    public static Instant shownSince(Instant now) {
        return STALE.since(now);
    }

    /// The code in answers.
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
