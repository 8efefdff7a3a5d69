package org.yifang.queue.ticket;

/// How a ticket's wait ended; going to another queue is no leaving.
public enum Fate {
    SERVED("served"),
    LEFT("left"),
    TRANSFERRED("transferred"),
    UNKNOWN("unknown");

    private final String code;

    Fate(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static Fate of(String code) {
        for (Fate one : values()) {
            if (one.code.equals(code)) {
                return one;
            }
        }
        return UNKNOWN;
    }
}
