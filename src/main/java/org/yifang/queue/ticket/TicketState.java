package org.yifang.queue.ticket;

/// How a ticket stands: the CodeSystem `queue-ticket-status`, and the FHIR Task status it means.
public enum TicketState {
    WAITING("waiting", "requested"),
    CALLED("called", "ready"),
    IN_SERVICE("in-service", "in-progress"),
    SERVED("served", "completed"),
    LEFT("left", "cancelled"),
    NO_SHOW("no-show", "cancelled"),
    TRANSFERRED("transferred", "cancelled"),
    /// The day ended without an end of the wait; nobody knows whether there was service.
    UNKNOWN("unknown", "failed"),
    VOIDED("voided", "entered-in-error");

    private final String code;
    private final String taskStatus;

    TicketState(String code, String taskStatus) {
        this.code = code;
        this.taskStatus = taskStatus;
    }

    public String code() {
        return code;
    }

    /// `Task.status` of a ticket in this state.
    public String taskStatus() {
        return taskStatus;
    }
}
