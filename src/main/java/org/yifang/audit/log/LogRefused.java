package org.yifang.audit.log;

/// The database does not hold the log that was signed: nothing is signed until an operator has
/// looked and started a new origin.
public final class LogRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogRefused(String message) {
        super(message);
    }
}
