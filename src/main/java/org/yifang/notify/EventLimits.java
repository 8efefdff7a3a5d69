package org.yifang.notify;

import java.time.Duration;

/// The limits of `/events`, each with its reason.
final class EventLimits {
    /// Who may watch one instance at once: a county's counters, reviewers and waiting patients.
    static final int WATCHERS_MOST = 2000;

    /// Connections of one client: all screens of one house, and no loop that forgets to close.
    static final int WATCHERS_OF_ONE = 100;

    /// Connections of one address: the pages of a house behind one, and no more than a tenth of
    /// all.
    static final int WATCHERS_PER_ADDRESS = 200;

    /// Events read and told at a time: what a counter's day holds, some 100 kB.
    static final int PAGE = 500;

    /// The contract: a comment at least so often, by which a proxy knows that we live.
    static final Duration COMMENT = Duration.ofSeconds(15);

    /// How long an event may wait to be numbered when nobody wakes us.
    static final Duration ROUND = Duration.ofMillis(250);

    /// How often old events are dropped.
    static final Duration FORGETTING = Duration.ofHours(1);

    private EventLimits() {}
}
