package org.yifang.notify;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What there is to be told of, as the SubscriptionTopics name it.
public enum Topic {
    PRESCRIPTION_STATUS,
    PRESCRIPTION_AVAILABLE,
    CLAIM_LOST,
    DISPENSE_RECORDED,
    DISPENSE_READY,
    QUERY_RAISED,
    RENEWAL_REQUESTED,
    INCIDENT;

    private static final String CANONICAL = "https://yifang.org/fhir/SubscriptionTopic/";

    /// The last part of its canonical url.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String canonical() {
        return CANONICAL + code();
    }

    /// By its code or its canonical url.
    public static Optional<Topic> find(String named) {
        return Arrays.stream(values())
                .filter(one -> one.code().equals(named) || one.canonical().equals(named))
                .findFirst();
    }
}
