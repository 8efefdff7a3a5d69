package org.yifang.platform.data;

import io.vertx.pgclient.PgException;

import org.jspecify.annotations.Nullable;

/// What PostgreSQL said of a failure, for those who stand above the driver.
public final class Fault {
    /// A key is taken.
    private static final String UNIQUE_VIOLATION = "23505";

    /// SQLSTATE of a failure, null when it is none of PostgreSQL's.
    public static @Nullable String state(@Nullable Throwable failure) {
        return failure instanceof PgException pg ? pg.getSqlState() : null;
    }

    /// The constraint that refused, null when none did.
    public static @Nullable String constraint(@Nullable Throwable failure) {
        return failure instanceof PgException pg ? pg.getConstraint() : null;
    }

    /// Whether somebody else took a key first.
    ///
    /// @param constraint the key's
    public static boolean isTaken(Throwable failure, String constraint) {
        return UNIQUE_VIOLATION.equals(state(failure)) && constraint.equals(constraint(failure));
    }

    private Fault() {}
}
