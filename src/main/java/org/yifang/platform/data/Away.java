package org.yifang.platform.data;

import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tells a database that is away or overloaded from one that says that we are wrong.
final class Away {
    /// What the client says in exceptions of no class of their own when it has no connection.
    private static final Set<String> NO_CONNECTION =
            Set.of(
                    "Pool closed",
                    "Timeout waiting for connection",
                    "Connection is not active now",
                    "Pending requests failed to be sent due to connection has been closed.");

    static boolean is(Throwable failure) {
        if (failure instanceof PgException pg) {
            String state = pg.getSqlState();
            // 08 connection, 53 resources, 57P0x shutdown; 25006: a standby before its promotion.
            return state != null
                    && (state.startsWith("08")
                            || state.startsWith("53")
                            || state.startsWith("57P0")
                            || "25006".equals(state));
        }
        // A plain VertxException may as well say that a statement was given the wrong values.
        return failure instanceof java.io.IOException
                || failure instanceof java.util.concurrent.TimeoutException
                || failure instanceof ClosedConnectionException
                || failure instanceof ConnectionPoolTooBusyException
                || (failure instanceof VertxException
                        && NO_CONNECTION.stream()
                                .anyMatch(String.valueOf(failure.getMessage())::startsWith));
    }

    static Problem problem() {
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.DATABASE_AWAY,
                                "The database does not answer now; nothing was changed.",
                                "Send the same request again after a moment.")),
                Map.of("Retry-After", String.valueOf(Problem.RETRY_AFTER_SECONDS)));
    }

    private Away() {}
}
