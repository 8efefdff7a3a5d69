package org.yifang.notify;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What there is to be told of, as the SubscriptionTopics name it.
public enum Topic {
    PRESCRIPTION_STATUS(true),
    PRESCRIPTION_AVAILABLE(true),
    PRESCRIPTION_EXPIRING(true),
    PRICE_REACHED(true),
    CLAIM_LOST(true),
    DISPENSE_RECORDED(true),
    DISPENSE_READY(true),
    QUERY_RAISED(false),
    RENEWAL_REQUESTED(false),
    INCIDENT(false);

    private static final String CANONICAL = "https://yifang.org/fhir/SubscriptionTopic/";

    private final boolean told;

    Topic(boolean told) {
        this.told = told;
    }

    /// Whether anything is told of it yet: nobody subscribes to what never comes.
    public boolean isTold() {
        return told;
    }

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
