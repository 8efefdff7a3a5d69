package org.yifang.prescription.life;

import java.util.Locale;

/// The states of a prescription, as CodeSystem `prescription-status` names them.
public enum State {
    AWAITING_REVIEW("requested"),
    REVIEW_REFUSED("rejected"),
    AWAITING_CLAIM("ready"),
    CLAIMED("in-progress"),
    PARTLY_DISPENSED("in-progress"),
    REST_AWAITING_CLAIM("ready"),
    AWAITING_NEXT_FILL("ready"),
    DISPENSED("completed"),
    SUSPENDED("on-hold"),
    CANCELLED("cancelled"),
    REST_CANCELLED("completed"),
    EXPIRED("failed"),
    REST_EXPIRED("failed");

    private final String taskStatus;

    State(String taskStatus) {
        this.taskStatus = taskStatus;
    }

    /// Task.status.
    public String taskStatus() {
        return taskStatus;
    }

    /// Task.businessStatus, as it is stored too.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// `ready/awaiting-claim`, as the contract writes it.
    public String path() {
        return taskStatus + "/" + code();
    }

    /// Reads what [#code] wrote.
    public static State of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
