package org.yifang.notify.subscription;

import org.yifang.notify.Topic;
import org.yifang.platform.Role;

import java.util.Arrays;
import java.util.List;

/// Which topics there are, and for whom.
public final class SubscriptionTopics {
    /// The canonical urls of all that is told.
    public static List<String> canonicals() {
        return Arrays.stream(Topic.values()).filter(Topic::isTold).map(Topic::canonical).toList();
    }

    /// Whether a role can ever be told of a topic, by whom its events name.
    static boolean isFor(Topic topic, Role role) {
        return switch (topic) {
            case PRESCRIPTION_STATUS -> true;
            case PRESCRIPTION_AVAILABLE -> role == Role.PHARMACY;
            case PRESCRIPTION_EXPIRING, PRICE_REACHED -> role == Role.PATIENT;
            case CLAIM_LOST,
                    DISPENSE_RECORDED,
                    DISPENSE_READY,
                    QUERY_RAISED,
                    RENEWAL_REQUESTED,
                    INCIDENT ->
                    role != Role.REVIEWER;
        };
    }

    private SubscriptionTopics() {}
}
