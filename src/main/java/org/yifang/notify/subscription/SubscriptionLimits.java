package org.yifang.notify.subscription;

/// The limits of Subscriptions, each with its reason.
final class SubscriptionLimits {
    /// A number and what it may be.
    record Between(int least, int most) {}

    /// Seconds: no busier than a telephone's, at least once a day.
    static final Between HEARTBEAT = new Between(10, 86_400);

    /// Seconds that an address may take: what the backport's own examples ask. A lease is renewed
    /// meanwhile.
    static final Between TIMEOUT = new Between(1, 60);

    /// Events in one notification: some 100 kB when they hold their Tasks.
    static final Between MAX_COUNT = new Between(1, 50);

    /// Subscriptions of one client: every topic, several systems behind it.
    static final int OF_CLIENT = 100;

    /// Those of a patient app for one patient.
    static final int OF_PATIENT = 10;

    /// What proxies and servers take of an address.
    static final int ADDRESS_MOST = 2_000;

    static final int REASON_MOST = 500;
    static final int CONTACTS_MOST = 5;

    /// Events in one answer of `$events`: who missed more asks again behind the last.
    static final int EVENTS_MOST = 500;

    /// Those that hold their Tasks, each of which is read and stands in the audit log.
    static final int FULL_EVENTS_MOST = 50;

    private SubscriptionLimits() {}
}
