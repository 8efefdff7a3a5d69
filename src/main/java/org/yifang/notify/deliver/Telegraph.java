package org.yifang.notify.deliver;

import org.yifang.notify.subscription.EventStore;
import org.yifang.notify.subscription.LaneStore;
import org.yifang.notify.subscription.Owners;
import org.yifang.notify.subscription.SubscriptionStore;
import org.yifang.notify.subscription.Telling;
import org.yifang.notify.subscription.WebhookSecrets;

import java.time.InstantSource;

/// What is needed to tell, the same for all Subscriptions.
///
/// @param base our base url
record Telegraph(
        SubscriptionStore subscriptions,
        EventStore events,
        LaneStore lanes,
        Owners owners,
        Telling telling,
        WebhookSecrets secrets,
        Receivers receivers,
        Backoff backoff,
        Meters meters,
        InstantSource clock,
        String base) {}
