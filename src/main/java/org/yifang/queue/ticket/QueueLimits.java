package org.yifang.queue.ticket;

import java.time.Duration;
import java.time.ZoneId;

/// Every limit of the queues in one place, each with its reason.
public final class QueueLimits {
    /// Events of one upload: a counter that was away for a day brings a few hundred.
    public static final int EVENTS_PER_CALL = 2000;

    /// Characters of a ticket, queue, visit or department: numbers and short names.
    public static final int NAME_LENGTH = 64;

    /// A sender's clock that moved further than this between two uploads is reported.
    public static final Duration CLOCK_JUMP = Duration.ofSeconds(30);

    /// A change of the offset below this is network, not clock, and is not written down.
    public static final Duration CLOCK_NOISE = Duration.ofSeconds(1);

    /// An event received longer than this after it happened is counted as late, and welcome.
    public static final Duration LATE = Duration.ofHours(1);

    /// How far back an event may lie: ten years are more than any system keeps to send later, and a
    /// time before them comes of a clock that was never set.
    static final Duration OLDEST = Duration.ofDays(3653);

    /// How far the day that a ticket is known by may lie from one of its events: a queue ends with
    /// its day, but a mistake is voided weeks later.
    static final int DAYS_APART = 366;

    /// Rows of a file that are taken in with one transaction.
    public static final int HISTORY_BATCH = 1000;

    /// Refused rows told of one file; the counts tell the rest.
    public static final int ROWS_TOLD = 1000;

    /// Rows of one file of monthly figures, which are all held at once: a county's ten years.
    public static final int MONTHS_MOST = 100_000;

    /// Rows of one file of expected units, which are all held at once: a county's year.
    public static final int UNITS_MOST = 200_000;

    /// Imported months told in a report: some years of a county's queues.
    public static final int MONTHS_TOLD = 2000;

    /// Waits of the past that the prediction of a queue learns from.
    public static final int WAITS_LEARNT = 2000;

    /// How far back it learns.
    public static final Duration LEARNT_FROM = Duration.ofDays(28);

    /// How old the standing of a queue may be when it is told.
    public static final Duration STANDING_FRESH = Duration.ofSeconds(2);

    /// A wait of the past this short ago says how fast service is now.
    public static final Duration LATELY = Duration.ofHours(2);

    /// Where people queue.
    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private QueueLimits() {}
}
