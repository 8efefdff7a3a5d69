package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.yifang.generated.Tables.CLIENT;
import static org.yifang.generated.Tables.IDEMPOTENCY_KEY;
import static org.yifang.generated.Tables.LOGIN_FAILURE;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

class InsertTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");

    private record Kept(String key, int number) {
        byte[] content() {
            return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        }

        Instant at() {
            return NOON.plusSeconds(number);
        }
    }

    private static final Insert<Kept> INSERT =
            Insert.into(IDEMPOTENCY_KEY)
                    .set(IDEMPOTENCY_KEY.KEY, Kept::key)
                    .always(IDEMPOTENCY_KEY.CLIENT_ID, DSL.inline("client"))
                    .always(IDEMPOTENCY_KEY.OPERATION, DSL.inline("test"))
                    .set(IDEMPOTENCY_KEY.CONTENT, Kept::content)
                    .setOnce(IDEMPOTENCY_KEY.ANSWER, kept -> "first " + kept.number())
                    .set(IDEMPOTENCY_KEY.CREATED_AT, Kept::at);

    private static final Insert<Kept> UPSERT =
            INSERT.orReplace(
                    IDEMPOTENCY_KEY.CLIENT_ID, IDEMPOTENCY_KEY.OPERATION, IDEMPOTENCY_KEY.KEY);

    private static final Update<Kept> UPDATE =
            Update.of(IDEMPOTENCY_KEY)
                    .set(IDEMPOTENCY_KEY.CONTENT, Kept::content)
                    .always(
                            IDEMPOTENCY_KEY.ANSWER,
                            DSL.concat(IDEMPOTENCY_KEY.ANSWER, DSL.inline("!")))
                    .where(IDEMPOTENCY_KEY.KEY, Kept::key)
                    .where(IDEMPOTENCY_KEY.CREATED_AT, Kept::at);

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

    private static List<Kept> rows(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> new Kept(prefix + i, i)).toList();
    }

    private static Map<String, String> stored(String prefix) {
        Map<String, String> found = new TreeMap<>();
        database.run(
                        SQL.select(
                                        IDEMPOTENCY_KEY.KEY,
                                        IDEMPOTENCY_KEY.CONTENT,
                                        IDEMPOTENCY_KEY.ANSWER,
                                        IDEMPOTENCY_KEY.CREATED_AT)
                                .from(IDEMPOTENCY_KEY)
                                .where(IDEMPOTENCY_KEY.KEY.startsWith(prefix))
                                .limit(100))
                .forEach(row ->
                        found.put(
                                Rows.get(row, IDEMPOTENCY_KEY.KEY),
                                new String(
                                                Rows.get(row, IDEMPOTENCY_KEY.CONTENT),
                                                StandardCharsets.UTF_8)
                                        + " "
                                        + Rows.get(row, IDEMPOTENCY_KEY.ANSWER)
                                        + " "
                                        + (Rows.get(row, IDEMPOTENCY_KEY.CREATED_AT)
                                                        .getEpochSecond()
                                                - NOON.getEpochSecond())));
        return found;
    }

    private record Sold(int number, @Nullable BigDecimal dailyDoses) {}

    private static final Insert<Sold> SOLD =
            Insert.into(SALE)
                    .set(SALE.KEY, (Sold one) -> "insert test " + one.number())
                    .set(SALE.ID, _ -> UUID.randomUUID())
                    .set(SALE.PHARMACY_ID, _ -> UUID.randomUUID())
                    .set(SALE.QUANTITY, one -> new BigDecimal(one.number() + 1))
                    .set(SALE.DAILY_DOSES, Sold::dailyDoses)
                    .set(SALE.SOLD_FROM, _ -> LocalDate.of(2026, 3, 1))
                    .set(SALE.SOLD_TO, _ -> LocalDate.of(2026, 3, 1))
                    .set(SALE.RECORDED_AT, _ -> NOON)
                    .always(SALE.REGION, DSL.inline("421281"))
                    .always(SALE.KIND, DSL.inline("dispense"))
                    .always(SALE.IN_HOUSE, DSL.inline(false))
                    .always(SALE.DRUG_CODE, DSL.inline("drug"))
                    .always(SALE.MAKER, DSL.inline("maker"))
                    .always(SALE.SUBSTITUTION_SET, DSL.inline("set"))
                    .always(SALE.VALUE_FEN, DSL.inline(1L))
                    .always(SALE.RECORDED_BY, DSL.inline("test"));

    @Test
    void numbers_that_are_not_there_travel_among_those_that_are() {
        List<Sold> rows =
                IntStream.range(0, 6)
                        .mapToObj(i -> new Sold(i, i % 2 == 0 ? null : new BigDecimal("0.5")))
                        .toList();

        database.inTransaction(tx -> SOLD.startAll(tx, rows).await());

        List<@Nullable BigDecimal> found = new ArrayList<>();
        database.run(
                        SQL.select(SALE.DAILY_DOSES)
                                .from(SALE)
                                .where(SALE.KEY.startsWith("insert test"))
                                .orderBy(SALE.QUANTITY)
                                .limit(10))
                .forEach(row -> found.add(Rows.find(row, SALE.DAILY_DOSES)));
        assertThat(found).hasSize(6);
        for (int i = 0; i < 6; i++) {
            if (i % 2 == 0) {
                assertThat(found.get(i)).isNull();
            } else {
                assertThat(found.get(i)).isEqualByComparingTo("0.5");
            }
        }
    }

    @Test
    void one_row_and_many_come_back_as_they_went() {
        database.inTransaction(tx -> INSERT.start(tx, new Kept("one", 7)));
        database.inTransaction(tx -> INSERT.startAll(tx, rows("few", 3)));
        database.inTransaction(tx -> INSERT.startAll(tx, rows("many", 5)));
        assertThat(stored("one")).isEqualTo(Map.of("one", "7 first 7 7"));
        assertThat(stored("few")).hasSize(3).containsEntry("few2", "2 first 2 2");
        assertThat(stored("many")).hasSize(5).containsEntry("many4", "4 first 4 4");
    }

    @Test
    void a_row_that_is_there_takes_new_values_but_those_set_once() {
        for (int count : List.of(3, 6)) {
            String prefix = "up" + count + "-";
            database.inTransaction(tx -> UPSERT.startAll(tx, rows(prefix, count)));
            List<Kept> changed =
                    rows(prefix, count).stream()
                            .map(one -> new Kept(one.key(), one.number() + 10))
                            .toList();
            database.inTransaction(tx -> UPSERT.startAll(tx, changed));
            assertThat(stored(prefix)).containsEntry(prefix + "2", "12 first 2 12");
        }
    }

    @Test
    void columns_that_are_born_and_changed_alike_are_named_once_for_both() {
        Columns<Kept> columns =
                Columns.<Kept>of(IDEMPOTENCY_KEY)
                        .set(IDEMPOTENCY_KEY.CONTENT, Kept::content)
                        .set(IDEMPOTENCY_KEY.CREATED_AT, Kept::at);
        Insert<Kept> insert =
                Insert.into(columns)
                        .set(IDEMPOTENCY_KEY.KEY, Kept::key)
                        .set(IDEMPOTENCY_KEY.ANSWER, _ -> "born")
                        .always(IDEMPOTENCY_KEY.CLIENT_ID, DSL.inline("client"))
                        .always(IDEMPOTENCY_KEY.OPERATION, DSL.inline("test"));
        Update<Kept> update = Update.of(columns).where(IDEMPOTENCY_KEY.KEY, Kept::key);
        for (int count : List.of(2, 5)) {
            String prefix = "both" + count + "-";
            database.inTransaction(tx -> insert.startAll(tx, rows(prefix, count)));
            List<Kept> later =
                    rows(prefix, count).stream()
                            .map(one -> new Kept(one.key(), one.number() + 10))
                            .toList();
            database.inTransaction(tx -> update.startAll(tx, later));
            assertThat(stored(prefix)).hasSize(count).containsEntry(prefix + "1", "11 born 11");
        }
    }

    @Test
    void a_row_that_is_there_adds_what_is_told_to_what_it_has() {
        Insert<Failed> count =
                Insert.into(LOGIN_FAILURE)
                        .set(LOGIN_FAILURE.SUBJECT, Failed::subject)
                        .set(LOGIN_FAILURE.MINUTE, _ -> NOON)
                        .add(LOGIN_FAILURE.FAILURES, Failed::times)
                        .orReplace(LOGIN_FAILURE.SUBJECT, LOGIN_FAILURE.MINUTE)
                        .returning(LOGIN_FAILURE.FAILURES);
        database.inTransaction(tx -> count.start(tx, new Failed("add test", 3)));
        var rows = database.inTransaction(tx -> count.start(tx, new Failed("add test", 4)).await());
        assertThat(Rows.get(rows.iterator().next(), LOGIN_FAILURE.FAILURES)).isEqualTo(7);
    }

    private record Failed(String subject, int times) {}

    @Test
    void a_row_that_is_there_is_left_alone_where_nothing_is_wanted() {
        Insert<Kept> once = INSERT.orNothing();
        database.inTransaction(tx -> once.start(tx, new Kept("once", 1)));
        database.inTransaction(tx -> once.start(tx, new Kept("once", 2)));
        assertThat(stored("once")).isEqualTo(Map.of("once", "1 first 1 1"));
    }

    @Test
    void what_is_returned_comes_in_the_answer() {
        Insert<Kept> telling = INSERT.returning(IDEMPOTENCY_KEY.KEY);
        var answer = database.inTransaction(tx -> telling.startAll(tx, rows("told", 5)).await());
        assertThat(answer.size()).isEqualTo(5);
    }

    @Test
    void an_update_changes_the_rows_of_its_keys_alone() {
        for (int count : List.of(2, 6)) {
            String prefix = "change" + count + "-";
            database.inTransaction(tx -> INSERT.startAll(tx, rows(prefix, 8)));
            database.inTransaction(tx -> UPDATE.startAll(tx, rows(prefix, count)));
            assertThat(stored(prefix).values().stream().filter(one -> one.contains("!")))
                    .hasSize(count);
        }
    }

    @Test
    void no_rows_are_no_work() {
        database.inTransaction(tx -> INSERT.startAll(tx, Collections.emptyList()));
        assertThat(stored("nobody")).isEmpty();
    }

    @Test
    void a_column_is_named_once_and_is_of_the_table() {
        assertThatThrownBy(() -> INSERT.set(IDEMPOTENCY_KEY.KEY, Kept::key))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> INSERT.set(CLIENT.ID, Kept::key))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_update_without_a_key_is_none() {
        Update<Kept> all = Update.of(IDEMPOTENCY_KEY).set(IDEMPOTENCY_KEY.KEY, Kept::key);
        assertThatThrownBy(() -> database.inTransaction(tx -> all.start(tx, new Kept("x", 1))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_value_of_another_type_than_its_columns_does_not_compile() {
        assertThat(compiles("String::valueOf", "String::length")).isFalse();
        assertThat(compiles("String::valueOf", "String::getBytes")).isTrue();
    }

    /// Whether an insert of a key and a content compiles with these two values.
    private static boolean compiles(String key, String content) {
        String source =
"""
                import org.yifang.platform.data.Insert;
                import static org.yifang.generated.Tables.IDEMPOTENCY_KEY;
import static org.yifang.generated.Tables.LOGIN_FAILURE;
import static org.yifang.generated.Tables.SALE;
                class Tried {
                    static final Insert<String> INSERT = Insert.into(IDEMPOTENCY_KEY)
                        .set(IDEMPOTENCY_KEY.KEY, (String one) -> one)
                        .set(IDEMPOTENCY_KEY.OPERATION, %s)
                        .set(IDEMPOTENCY_KEY.CONTENT, %s);
                }
"""
                        .formatted(key, content);
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Tried.java"), Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignored) {
                        return source;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        return compiler.getTask(
                        new StringWriter(),
                        null,
                        told -> {},
                        List.of("-proc:none", "-XDshould-stop.ifNoError=FLOW"),
                        null,
                        List.of(file))
                .call();
    }
}
