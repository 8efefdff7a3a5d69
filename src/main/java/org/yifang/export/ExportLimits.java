package org.yifang.export;

import java.time.Duration;

/// Every limit of exports in one place, each with its reason.
final class ExportLimits {
    /// Rows of one part: some 2 MiB of NDJSON in memory, and what a crash costs at the most.
    static final int PART_ROWS = 1_000;

    /// Parts of one file: 10,000 resources, so that ten million are a manifest of 1,000 lines.
    static final int FILE_PARTS = 10;

    /// How long an instance may be silent before another goes on with its export.
    static final Duration LEASE = Duration.ofSeconds(30);

    /// How often an instance without work looks for some.
    static final Duration LOOK = Duration.ofSeconds(1);

    /// How often it looks whether the transactions that an export must wait for have ended.
    static final Duration WAIT = Duration.ofMillis(200);

    /// A breath after each part, so that an export of millions leaves the database to others.
    static final Duration BREATH = Duration.ofMillis(5);

    /// How long a finished export can be fetched.
    static final Duration KEPT = Duration.ofHours(24);

    /// How long an export may take altogether.
    static final Duration LONGEST = Duration.ofDays(3);

    /// Exports of one client that are kept at once, running or done.
    static final int OF_ONE_CLIENT = 10;

    /// Failures after which an export is given up; a database that is away does not count.
    static final int FAILURES = 5;

    /// What a client is told to wait before it asks again, in seconds.
    static final int RETRY_AFTER_SECONDS = 2;

    private ExportLimits() {}
}
