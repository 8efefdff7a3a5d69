package org.yifang.notify.deliver;

import java.time.Duration;

/// The limits of telling, each with its reason.
final class DeliveryLimits {
    /// Subscriptions that one instance tells at once: each costs a thread without a stack of its
    /// own and a page of ids, some 50 kB.
    static final int LANES = 500;

    /// Those of one receiver: a city's app may have one for every patient behind one address, and
    /// must leave room for all others when it hangs.
    static final int LANES_OF_RECEIVER = 32;

    /// Calls of one Subscription at once, of different prescriptions.
    static final int CALLS_AT_ONCE = 4;

    /// Subscriptions taken in one statement.
    static final int CLAIMED = 50;

    /// Bytes of Tasks in one notification; what comes behind goes into the next.
    static final int BODY_BYTES = 64 * 1024;

    /// How long an address may take that says nothing of it.
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// How long a name service may take.
    static final Duration NAME = Duration.ofSeconds(3);

    /// What is read of an answer, which nobody needs.
    static final int ANSWER_BYTES = 64 * 1024;

    /// How long something may wait to be seen when nobody wakes us.
    static final Duration ROUND = Duration.ofMillis(500);

    /// How often leases are renewed: twice before they end.
    static final Duration RENEWAL = Duration.ofSeconds(10);

    /// Calls that fail one after the other before an address is left alone.
    static final int FAILURES = 3;

    /// The first pause after a failure; each further one is twice as long.
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /// The longest: a receiver that is mended is told within a quarter of an hour.
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /// How soon it is looked again whether an owner who may not be told now may be.
    static final Duration OWNER_PAUSE = Duration.ofMinutes(1);

    /// How soon what failed by our own fault is tried again.
    static final Duration OWN_PAUSE = Duration.ofSeconds(5);

    /// A handshake that nobody answered for so long is given up.
    static final Duration HANDSHAKE = Duration.ofHours(24);

    /// How often old events are dropped and ended Subscriptions looked for.
    static final Duration UPKEEP = Duration.ofMinutes(10);

    /// How often it is measured how late events are.
    static final Duration MEASURED = Duration.ofSeconds(15);

    /// Receivers that have a series of their own; the others share one.
    static final int SERIES = 50;

    private DeliveryLimits() {}
}
