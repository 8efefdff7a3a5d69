package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.yifang.generated.Tables.IDEMPOTENCY_KEY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;

import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class PreparedTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");

    private record Kept(String key, int number) {
        Instant at() {
            return NOON.plusSeconds(number);
        }
    }

    private static final Insert<Kept> INSERT =
            Insert.into(IDEMPOTENCY_KEY)
                    .set(IDEMPOTENCY_KEY.KEY, Kept::key)
                    .always(IDEMPOTENCY_KEY.CLIENT_ID, DSL.inline("client"))
                    .always(IDEMPOTENCY_KEY.OPERATION, DSL.inline("test"))
                    .set(IDEMPOTENCY_KEY.CONTENT, _ -> new byte[0])
                    .set(IDEMPOTENCY_KEY.ANSWER, kept -> "first " + kept.number())
                    .set(IDEMPOTENCY_KEY.CREATED_AT, Kept::at);

    /// Its values stand in another order than those of what they are made of.
    private static final Prepared<Kept> PREPARED =
            Prepared.of(v ->
                    SQL.update(IDEMPOTENCY_KEY)
                            .set(
                                    IDEMPOTENCY_KEY.ANSWER,
                                    DSL.concat(
                                            v.of(IDEMPOTENCY_KEY.ANSWER, one -> one.number() + "="),
                                            IDEMPOTENCY_KEY.ANSWER))
                            .where(
                                    IDEMPOTENCY_KEY.CREATED_AT.eq(
                                            v.of(IDEMPOTENCY_KEY.CREATED_AT, Kept::at)))
                            .and(
                                    IDEMPOTENCY_KEY.KEY.eq(
                                            DSL.any(
                                                    v.array(
                                                            IDEMPOTENCY_KEY.KEY,
                                                            one -> new String[] {one.key()}))))
                            .returning(IDEMPOTENCY_KEY.KEY, IDEMPOTENCY_KEY.ANSWER));

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

    @Test
    void a_prepared_statement_takes_each_value_where_it_is_named() {
        List<Kept> rows = List.of(new Kept("a", 0), new Kept("b", 1), new Kept("c", 2));
        database.inTransaction(tx -> INSERT.startAll(tx, rows));
        var answer = PREPARED.start(database, rows.get(2)).await();
        ColumnPlace<String> told = ColumnPlace.of(answer, IDEMPOTENCY_KEY.ANSWER);
        assertThat(told.get(answer.iterator().next())).isEqualTo("2=first 2");
        database.inTransaction(tx -> {
            PREPARED.startAll(tx, rows.subList(0, 2));
            PREPARED.startAll(tx, List.of());
            return true;
        });
        assertThat(answers()).containsExactly("0=first 0", "1=first 1", "2=first 2");
        assertThatThrownBy(() -> ColumnPlace.of(answer, IDEMPOTENCY_KEY.CONTENT))
                .hasMessageContaining("`content` is not in");
    }

    private static List<String> answers() {
        List<String> answers = new ArrayList<>();
        database.run(
                        SQL.select(IDEMPOTENCY_KEY.ANSWER)
                                .from(IDEMPOTENCY_KEY)
                                .orderBy(IDEMPOTENCY_KEY.KEY)
                                .limit(10))
                .forEach(row -> answers.add(Rows.get(row, IDEMPOTENCY_KEY.ANSWER)));
        return answers;
    }
}
