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

    String code() {
        return code;
    }

    public static Fate of(String code) {
        return switch (code) {
            case "served" -> SERVED;
            case "left" -> LEFT;
            case "transferred" -> TRANSFERRED;
            default -> UNKNOWN;
        };
    }
}
