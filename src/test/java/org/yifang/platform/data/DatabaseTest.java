package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.yifang.generated.Tables.IDEMPOTENCY_KEY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

class DatabaseTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");
    private static final Statement INSERT =
            Statement.of(p ->
                    SQL.insertInto(IDEMPOTENCY_KEY)
                            .columns(
                                    IDEMPOTENCY_KEY.CLIENT_ID,
                                    IDEMPOTENCY_KEY.OPERATION,
                                    IDEMPOTENCY_KEY.KEY,
                                    IDEMPOTENCY_KEY.CONTENT,
                                    IDEMPOTENCY_KEY.ANSWER,
                                    IDEMPOTENCY_KEY.CREATED_AT)
                            .values(
                                    p.like(IDEMPOTENCY_KEY.CLIENT_ID),
                                    p.like(IDEMPOTENCY_KEY.OPERATION),
                                    p.like(IDEMPOTENCY_KEY.KEY),
                                    p.like(IDEMPOTENCY_KEY.CONTENT),
                                    p.like(IDEMPOTENCY_KEY.ANSWER),
                                    p.like(IDEMPOTENCY_KEY.CREATED_AT)));

    private static Vertx vertx;
    private static Database database;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 4);
    }

    @AfterAll
    static void close() {
        database.close().await();
        vertx.close().await();
    }

    private static Object[] row(String key) {
        return new Object[] {
            "hospital-1", "submit", key, "x".getBytes(StandardCharsets.UTF_8), "Task/1", NOON
        };
    }

    private static int count(String key) {
        return database.run(
                        SQL.select(IDEMPOTENCY_KEY.CREATED_AT, IDEMPOTENCY_KEY.CONTENT)
                                .from(IDEMPOTENCY_KEY)
                                .where(IDEMPOTENCY_KEY.KEY.eq(key))
                                .limit(5))
                .size();
    }

    @Test
    void a_transaction_commits_what_it_did_and_times_and_bytes_come_back_as_they_went() {
        database.inTransaction(tx -> tx.start(INSERT, row("a")));
        var found =
                database.run(
                        SQL.select(IDEMPOTENCY_KEY.CREATED_AT, IDEMPOTENCY_KEY.CONTENT)
                                .from(IDEMPOTENCY_KEY)
                                .where(IDEMPOTENCY_KEY.KEY.eq("a")));
        var only = found.iterator().next();
        assertThat(Rows.get(only, IDEMPOTENCY_KEY.CREATED_AT)).isEqualTo(NOON);
        assertThat(Rows.get(only, IDEMPOTENCY_KEY.CONTENT)).isEqualTo(new byte[] {'x'});
    }

    @Test
    void a_transaction_that_throws_leaves_nothing() {
        assertThatThrownBy(() ->
                        database.inTransaction(tx -> {
                            tx.run(INSERT, row("b"));
                            throw new Problem(ProblemCode.NOT_FOUND, "No.");
                        }))
                .isInstanceOf(Problem.class);
        assertThat(count("b")).isZero();
    }

    @Test
    void a_statement_that_failed_unseen_fails_the_whole_transaction() {
        assertThatThrownBy(() ->
                        database.inTransaction(tx -> {
                            var _ = tx.start(INSERT, row("c"));
                            var _ = tx.start(INSERT, row("c"));
                            return 1;
                        }))
                .isInstanceOfSatisfying(
                        PgException.class,
                        failure -> assertThat(failure.getSqlState()).isEqualTo("23505"));
        assertThat(count("c")).isZero();
    }

    @Test
    void the_statement_after_a_failed_one_tells_of_the_failure_and_not_of_itself() {
        assertThatThrownBy(() ->
                        database.inTransaction(tx -> {
                            var _ = tx.start(INSERT, row("e"));
                            var _ = tx.start(INSERT, row("e"));
                            return tx.run(SQL.selectOne()).size();
                        }))
                .isInstanceOfSatisfying(
                        PgException.class,
                        failure -> assertThat(failure.getSqlState()).isEqualTo("23505"));
        assertThat(count("e")).isZero();
    }

    @Test
    void connections_come_back_after_failures() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() ->
                            database.inTransaction(tx -> {
                                tx.start(INSERT, row("d"));
                                return tx.start(INSERT, row("d"));
                            }))
                    .isInstanceOf(PgException.class);
        }
        assertThat(database.answers().await()).isTrue();
        int idle =
                database.run(
                                SQL.resultQuery(
                                        "select 1 from pg_stat_activity"
                                                + " where state like 'idle in transaction%'"))
                        .size();
        assertThat(idle).isZero();
    }

    @Test
    void a_batch_writes_all_its_rows() {
        database.inTransaction(
                tx -> tx.startBatch(INSERT, java.util.List.of(row("e1"), row("e2"))));
        assertThat(count("e1") + count("e2")).isEqualTo(2);
    }

    @Test
    void what_is_wrong_with_a_statement_is_never_taken_for_a_database_that_is_away() {
        Statement one = Statement.of(p -> SQL.select(p.like(IDEMPOTENCY_KEY.KEY)));
        assertThatThrownBy(() -> database.run(one, "a", "b"))
                .isInstanceOf(VertxException.class)
                .satisfies(failure -> assertThat(Database.isAway(failure)).isFalse());
        assertThatThrownBy(() -> database.run(SQL.resultQuery("select 1 from nowhere")))
                .isInstanceOf(PgException.class)
                .satisfies(failure -> assertThat(Database.isAway(failure)).isFalse());
    }

    @Test
    void a_pool_that_is_closed_is_a_database_that_is_away() {
        Database closed = new Database(vertx, TestDatabase.migrated(), 1);
        closed.close().await();
        assertThatThrownBy(() -> closed.run(SQL.selectOne()))
                .satisfies(failure -> assertThat(Database.isAway(failure)).isTrue());
    }

    @Test
    void a_statement_that_forgets_a_parameter_is_told_of_when_it_is_written() {
        assertThatThrownBy(() ->
                        Statement.of(p -> {
                            p.like(IDEMPOTENCY_KEY.CLIENT_ID);
                            return SQL.select(p.like(IDEMPOTENCY_KEY.KEY));
                        }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter 1 is not in");
    }

    @Test
    void what_follows_a_commit_waits_for_the_outermost_and_makes_no_error_of_it() {
        StringBuilder order = new StringBuilder();
        String done =
                database.together(() -> {
                    String inner =
                            database.together(() -> {
                                database.inTransaction(tx -> tx.run(INSERT, row("together")));
                                database.afterCommit(() -> order.append("after"));
                                database.afterCommit(() -> {
                                    throw new IllegalStateException("the cache is not read");
                                });
                                return "done";
                            });
                    order.append("before ");
                    return inner;
                });
        assertThat(done).isEqualTo("done");
        assertThat(order).hasToString("before after");
    }
}
