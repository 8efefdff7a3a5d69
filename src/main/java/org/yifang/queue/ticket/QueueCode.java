package org.yifang.queue.ticket;

import java.util.Arrays;
import java.util.Optional;

/// What happened to a ticket: the CodeSystem `queue-event`.
public enum QueueCode {
    JOINED("joined", 0),
    CALLED("called", 1),
    RECALLED("recalled", 2),
    SERVICE_START("service-start", 3),
    SERVICE_END("service-end", 4),
    LEFT("left", 5),
    NO_SHOW("no-show", 5),
    TRANSFERRED("transferred", 5),
    VOIDED("voided", 6);

    private final String code;
    private final int rank;

    QueueCode(String code, int rank) {
        this.code = code;
        this.rank = rank;
    }

    public String code() {
        return code;
    }

    /// The place in the life of a ticket: what happens at one moment is read in this order.
    int rank() {
        return rank;
    }

    /// Whether the wait ends here without service.
    boolean isLeaving() {
        return switch (this) {
            case LEFT, NO_SHOW, TRANSFERRED -> true;
            case JOINED, CALLED, RECALLED, SERVICE_START, SERVICE_END, VOIDED -> false;
        };
    }

    /// The event of a code, empty for a code that is none.
    public static Optional<QueueCode> of(String code) {
        return Arrays.stream(values()).filter(event -> event.code.equals(code)).findFirst();
    }
}
