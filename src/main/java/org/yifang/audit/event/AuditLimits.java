package org.yifang.audit.event;

import java.time.Duration;

/// Every limit of the audit log in one place, each with its reason.
public final class AuditLimits {
    /// Events of one insert: more gain nothing, fewer cost a commit more often.
    static final int BATCH = 128;

    /// Inserts under way at once: one is written while the next one fills. With one, reads wait for
    /// the disk; with three, a commit of 64 clients held 7 records instead of 10, and each cost
    /// more.
    static final int BATCHES_AT_ONCE = 2;

    /// Events waiting for their batch; more callers are answered that we are busy.
    static final int WAITING = 8192;

    /// Addresses whose refusals are counted apart within a minute; further ones share a count, so
    /// that an attacker with many addresses cannot fill the memory.
    static final int ADDRESSES = 4096;

    /// Leaves of one round of the sequencer: about 10 MiB in memory.
    public static final int ROUND = 4096;

    /// How often the sequencer looks for new events: a checkpoint at least every second leaves room
    /// for a round that takes long.
    public static final Duration ROUND_PAUSE = Duration.ofMillis(250);

    /// Months whose partitions exist ahead, the running one included.
    public static final int MONTHS_AHEAD = 3;

    /// How long `$proof` waits for the checkpoint that covers a new event.
    public static final Duration PROOF_WAIT = Duration.ofSeconds(2);

    private AuditLimits() {}
}
