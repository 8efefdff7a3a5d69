package org.yifang.platform.data;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;

import org.jooq.Query;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One open transaction. `run` waits for the answer; `start` sends and goes on, so that statements
/// which do not need each other's answer share a round trip.
public final class Tx {
    /// Apart from the other spaces of advisory locks.
    private static final Statement TURN =
            Statement.of(p ->
                    Database.SQL.select(
                            DSL.field(
                                    "pg_advisory_xact_lock(hashtextextended({0}, 40))::text",
                                    String.class, p.like(DSL.field("x", SQLDataType.CLOB)))));

    private final SqlConnection connection;
    private final List<Future<?>> started = new ArrayList<>();
    private final List<Runnable> last = new ArrayList<>();
    private final Set<String> told = new LinkedHashSet<>();
    private boolean writes;

    Tx(SqlConnection connection) {
        this.connection = connection;
    }

    /// Has `work` send its statements when all others were sent: an audit event commits to what its
    /// transaction changed, so it is written after every change.
    public void atEnd(Runnable work) {
        last.add(work);
    }

    /// Tells those of this instance who listen to `what` once this is committed, see [Committed].
    public void afterCommit(String what) {
        told.add(what);
    }

    Set<String> toldAfterCommit() {
        return told;
    }

    /// Does what waited for the end.
    ///
    /// @return whether anything waited
    boolean end() {
        last.forEach(Runnable::run);
        return !last.isEmpty();
    }

    /// Whether anything but questions was sent.
    boolean hasWritten() {
        return writes;
    }

    /// Runs a statement and waits for its rows.
    public RowSet<Row> run(Query query) {
        return start(query).await();
    }

    /// Waits until no other transaction, of whichever instance, has the turn of that name; it is
    /// given back with the end of this one.
    public void takeTurn(String name) {
        run(TURN, name);
    }

    /// Runs a prepared statement with its values in the order of its parameters.
    public RowSet<Row> run(Statement statement, @Nullable Object... values) {
        return start(statement, values).await();
    }

    /// Sends a statement without waiting; the transaction does not commit unless it succeeded.
    public Future<RowSet<Row>> start(Query query) {
        return send(query.getSQL(ParamType.NAMED), query.getBindValues());
    }

    /// Sends a prepared statement without waiting; the transaction does not commit unless it
    /// succeeded.
    public Future<RowSet<Row>> start(Statement statement, @Nullable Object... values) {
        if (values.length != statement.parameters()) {
            throw new IllegalArgumentException(
                    statement.parameters() + " values are needed, not " + values.length);
        }
        return send(statement.sql(), Arrays.asList(values));
    }

    private Future<RowSet<Row>> send(String sql, List<?> values) {
        writes |= !isQuestion(sql);
        Future<RowSet<Row>> answer = connection.preparedQuery(sql).execute(Rows.tuple(values));
        started.add(answer);
        return answer;
    }

    private static boolean isQuestion(String sql) {
        return sql.regionMatches(true, 0, "select", 0, "select".length());
    }

    /// Sends a batch: one statement, many rows of values.
    public Future<RowSet<Row>> startBatch(
            Statement statement, List<? extends @Nullable Object[]> rows) {
        writes = true;
        Future<RowSet<Row>> answer =
                connection
                        .preparedQuery(statement.sql())
                        .executeBatch(
                                rows.stream().map(row -> Rows.tuple(Arrays.asList(row))).toList());
        started.add(answer);
        return answer;
    }

    /// Commits in the round trip of the statements still on their way. The server makes a rollback
    /// of a commit after a failed statement, and that failure is what is thrown here.
    void commit() {
        Future<?> commit = connection.query("COMMIT").execute();
        for (Future<?> statement : started) {
            statement.await();
        }
        commit.await();
    }

    /// A statement after a failed one is told only that there was a failure; what failed is the one
    /// before it, and that is thrown here.
    void throwFirst(Throwable failure) {
        if (failure instanceof PgException told && "25P02".equals(told.getSqlState())) {
            for (Future<?> statement : started) {
                if (statement.failed() && statement.cause() instanceof PgException first) {
                    throw first;
                }
            }
        }
    }

    void rollback() {
        connection.query("ROLLBACK").execute().await();
    }
}
