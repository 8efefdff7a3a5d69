package org.yifang.notify.subscription;

/// Names of HL7's Subscriptions R5 Backport, 1.1.
public final class Backport {
    private static final String ROOT =
            "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

    public static final String PROFILE = ROOT + "backport-subscription";
    static final String FILTER = ROOT + "backport-filter-criteria";
    static final String CONTENT = ROOT + "backport-payload-content";
    static final String HEARTBEAT = ROOT + "backport-heartbeat-period";
    static final String TIMEOUT = ROOT + "backport-timeout";
    static final String MAX_COUNT = ROOT + "backport-max-count";
    static final String NOTIFICATION = ROOT + "backport-subscription-notification-r4";
    static final String STATUS = ROOT + "backport-subscription-status-r4";

    private Backport() {}
}
