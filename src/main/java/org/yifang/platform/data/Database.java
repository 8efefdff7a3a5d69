package org.yifang.platform.data;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.conf.ParamType;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// jOOQ writes the SQL, the Vert.x client runs it. Call from a virtual thread: methods wait.
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// Writes statements; never runs one.
    public static final DSLContext SQL =
            DSL.using(
                    SQLDialect.POSTGRES,
                    new Settings()
                            .withRenderNamedParamPrefix("$")
                            .withRenderSchema(false)
                            .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED));

    /// Is asked before a transaction commits that wrote something and did nothing at its end:
    /// whether it changed what an audit event has to tell of. The log stands later.
    @FunctionalInterface
    public interface Untold {
        void ends(Tx tx);
    }

    private final Vertx vertx;
    private final DatabaseAddress address;
    private final PgConnectOptions options;
    private final AwayLog awayLog = new AwayLog();
    private final Pool pool;
    private final Replica.@Nullable Reading reading;
    private @Nullable Replica replica;
    private volatile Untold untold = _ -> {};
    private volatile TextSeal texts = TextSeal.NONE;
    private final Committed committed = new Committed();

    public Database(Vertx vertx, DatabaseAddress address, int connections) {
        this(vertx, address, connections, Limits.STATEMENT);
    }

    /// For commands that may take longer than a request.
    ///
    /// @param statement how long one statement may run
    public Database(Vertx vertx, DatabaseAddress address, int connections, Duration statement) {
        this(vertx, address, connections, options(address, statement), "yifang");
    }

    private Database(
            Vertx vertx,
            DatabaseAddress address,
            int connections,
            PgConnectOptions options,
            String name) {
        this.vertx = vertx;
        this.address = address;
        this.options = options;
        this.reading = null;
        this.pool =
                PgBuilder.pool()
                        .with(
                                new PoolOptions()
                                        .setMaxSize(connections)
                                        .setMaxWaitQueueSize(4096)
                                        .setConnectionTimeout(
                                                (int) Limits.CONNECTION_WAIT.toMillis())
                                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                                        .setName(name))
                        .connectingTo(options)
                        .using(vertx)
                        .build();
    }

    /// The same database by connections of its own, for work that takes long; the caller closes it.
    public Database sibling(int connections, Duration statement) {
        return new Database(vertx, address, connections, statement).sealTexts(texts);
    }

    /// Seals from now on what people say in their own words.
    public Database sealTexts(TextSeal seal) {
        texts = seal;
        return this;
    }

    /// What seals, and opens, what people say in their own words.
    public TextSeal texts() {
        return texts;
    }

    /// The same connections, on which a report is read.
    Database(Database copy, Replica.Reading reading) {
        this.vertx = copy.vertx;
        this.address = copy.address;
        this.options = copy.options;
        this.pool = copy.pool;
        this.reading = reading;
    }

    /// One that is only read.
    static Database copyOf(Vertx vertx, DatabaseAddress address, int connections) {
        PgConnectOptions reading =
                options(address, Limits.STATEMENT)
                        .addProperty("default_transaction_read_only", "on");
        return new Database(vertx, address, connections, reading, "replica");
    }

    /// Reads reports on a standby from now on; this closes it.
    public Replica readReportsOn(DatabaseAddress standby, int connections) {
        Replica one = new Replica(vertx, this, standby, connections);
        replica = one;
        return one;
    }

    /// Where reports of bureau and auditors are read: a standby where there is one that knows all
    /// that this one knows now, else this one. Never for what is decided by. Waits.
    public Database forReports() {
        return replica == null ? this : replica.choose().sealTexts(texts);
    }

    private static PgConnectOptions options(DatabaseAddress address, Duration statement) {
        return address.connectOptions()
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(512)
                .setPipeliningLimit(Limits.PIPELINED_STATEMENTS)
                .addProperty("application_name", "yifang")
                .addProperty("TimeZone", "UTC")
                .addProperty("statement_timeout", String.valueOf(statement.toMillis()))
                .addProperty(
                        "idle_in_transaction_session_timeout",
                        String.valueOf(Limits.STATEMENT.toMillis()));
    }

    /// What is asked from now on.
    public void beforeUntold(Untold asked) {
        untold = asked;
    }

    /// Runs `work` in one transaction: commits what it returns, rolls back what it throws. Work may
    /// run again after a serialization failure or a deadlock, so it must not reach outside.
    public <T> T inTransaction(Function<Tx, T> work) {
        Tx joined = Together.in(this);
        if (joined != null) {
            return work.apply(joined);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (PgException failure) {
                if (isDiskRefusing(failure)) {
                    awayLog.diskRefuses();
                }
                boolean again =
                        "40001".equals(failure.getSqlState())
                                || "40P01".equals(failure.getSqlState());
                if (!again || attempt == Limits.TRANSACTION_ATTEMPTS) {
                    throw failure;
                }
                LOG.info("transaction runs again after {}", failure.getSqlState());
            }
        }
    }

    /// Runs work that begins several transactions as one: all of it is durable, or nothing. Reads
    /// of this thread see what it has written. It may run again, as that of [#inTransaction].
    public <T> T together(Supplier<T> work) {
        return Together.run(this, work);
    }

    /// Does something once what is written now is durable, which it is unless [#together] goes on.
    /// What fails of it is logged, and no failure of what was done.
    public void afterCommit(Runnable work) {
        Together.after(this, work);
    }

    private <T> T once(Function<Tx, T> work) {
        SqlConnection connection = connection();
        try {
            Tx tx = new Tx(connection);
            // Not awaited: it travels with the first statement.
            Future<?> begin = connection.query("BEGIN").execute();
            T result;
            try {
                result = work.apply(tx);
                if (!tx.end() && tx.hasWritten()) {
                    untold.ends(tx);
                }
                begin.await();
            } catch (Throwable failure) {
                rollback(tx, failure);
                tx.throwFirst(failure);
                throw failure;
            }
            tx.commit();
            committed.tell(tx);
            return result;
        } finally {
            var _ = connection.close();
        }
    }

    private static void rollback(Tx tx, Throwable failure) {
        try {
            tx.rollback();
        } catch (Exception second) {
            // The server rolls back by itself when the connection is gone.
            failure.addSuppressed(second);
        }
    }

    private SqlConnection connection() {
        try {
            SqlConnection connection = pool.getConnection().await();
            awayLog.answered();
            return connection;
        } catch (Exception failure) {
            // `await` throws what the client failed with, checked exceptions too.
            awayLog.away(failure);
            throw Away.problem();
        }
    }

    /// Runs one statement by itself and waits for its rows.
    public RowSet<Row> run(Query query) {
        return start(query).await();
    }

    /// Runs one prepared statement by itself and waits for its rows.
    public RowSet<Row> run(Statement statement, @Nullable Object... values) {
        return start(statement, values).await();
    }

    /// Runs one statement in a transaction of its own, with the audit event of what it changes.
    public RowSet<Row> change(Query query) {
        return inTransaction(tx -> tx.run(query));
    }

    /// Sends one statement by itself.
    public Future<RowSet<Row>> start(Query query) {
        Tx joined = Together.in(this);
        if (joined != null) {
            return joined.start(query);
        }
        return ask(query.getSQL(ParamType.NAMED), Rows.tuple(query.getBindValues()));
    }

    /// Sends one prepared statement by itself.
    public Future<RowSet<Row>> start(Statement statement, @Nullable Object... values) {
        Tx joined = Together.in(this);
        if (joined != null) {
            return joined.start(statement, values);
        }
        return ask(statement.sql(), Rows.tuple(Arrays.asList(values)));
    }

    Future<RowSet<Row>> ask(String sql, Tuple values) {
        return reading == null
                ? pool.preparedQuery(sql).execute(values)
                : reading.ask(pool, sql, values);
    }

    /// A connection of its own that hears `NOTIFY` on `channel`.
    public Listener listen(String channel, Listener.Beginning beginning, Listener.Hearing hearing) {
        return new Listener(vertx, options, channel, beginning, hearing);
    }

    /// What is told after transactions of this instance.
    public Committed committed() {
        return committed;
    }

    /// One statement in a transaction of its own, whose failure is nobody's but the caller's.
    Future<RowSet<Row>> probe(String sql) {
        return pool.query(sql).execute();
    }

    /// Whether a statement was refused because of the disk, and none has shown otherwise since.
    boolean isDiskRefusing() {
        return awayLog.isDiskRefusing();
    }

    void diskTakesAgain() {
        awayLog.diskTakesAgain();
    }

    /// Whether a failure says that the disk takes no more: full (53100), or broken (58030).
    static boolean isDiskRefusing(@Nullable Throwable failure) {
        return failure instanceof PgException pg
                && ("53100".equals(pg.getSqlState()) || "58030".equals(pg.getSqlState()));
    }

    /// Whether the database answers.
    public Future<Boolean> answers() {
        return pool.query("SELECT 1").execute().map(true).otherwise(false);
    }

    public Future<Void> close() {
        return replica == null ? pool.close() : replica.close().eventually(pool::close);
    }

    /// Whether a failure says that the database is away or overloaded rather than that we are
    /// wrong.
    public static boolean isAway(Throwable failure) {
        return Away.is(failure);
    }

    /// Whether the database gave up a statement that ran longer than it may.
    public static boolean isTooLong(Throwable failure) {
        return failure instanceof PgException pg && "57014".equals(pg.getSqlState());
    }

    /// Whether a failure is only that the database is away, which is logged already.
    public static boolean isToldAway(Throwable failure) {
        return failure instanceof Problem problem
                && problem.findings().getFirst().code() == ProblemCode.DATABASE_AWAY;
    }
}
