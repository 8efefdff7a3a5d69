package org.yifang.platform.data;

/// The database does not answer while the service starts: what was configured may well be right,
/// and it may come by itself.
public final class DatabaseAway extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DatabaseAway(String message) {
        super(message);
    }
}
