package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.PRICE_ALERT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// Columns that hold arrays, in a statement that writes many rows.
class ArrayColumnsTest {
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(1, 2);
    private static final UUID C = new UUID(1, 3);

    private record Alert(int number, UUID @Nullable [] pharmacies) {
        UUID id() {
            return new UUID(2, number);
        }
    }

    private static final Insert<Alert> INSERT =
            Insert.into(PRICE_ALERT)
                    .set(PRICE_ALERT.ID, Alert::id)
                    .set(PRICE_ALERT.PHARMACIES, Alert::pharmacies)
                    .set(PRICE_ALERT.TASK_ID, Alert::id)
                    .set(PRICE_ALERT.THRESHOLD_FEN, one -> BigDecimal.valueOf(one.number() + 1))
                    .always(PRICE_ALERT.REGION, DSL.inline("421281"))
                    .always(PRICE_ALERT.LINE_ID, DSL.inline(A))
                    .always(PRICE_ALERT.PATIENT_ID, DSL.inline(A))
                    .always(PRICE_ALERT.DRUG_CODE, DSL.inline("drug"))
                    .always(PRICE_ALERT.SUBSTITUTION_SET, DSL.inline("set"))
                    .always(PRICE_ALERT.PRODUCT_ONLY, DSL.inline(false))
                    .always(PRICE_ALERT.CREATED_AT, DSL.inline(Instant.EPOCH));

    private static Vertx vertx;
    private static Database database;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 2);
    }

    @AfterAll
    static void close() {
        database.close().await();
        vertx.close().await();
    }

    @Test
    void each_row_gets_its_own_array_however_long_or_none() {
        List<Alert> rows =
                List.of(
                        new Alert(0, new UUID[] {A, B}),
                        new Alert(1, null),
                        new Alert(2, new UUID[] {}),
                        new Alert(3, new UUID[] {C}),
                        new Alert(4, new UUID[] {B, C, A}));
        database.start(INSERT.many(), INSERT.values(rows)).await();

        var found =
                database.run(
                        SQL.select(PRICE_ALERT.PHARMACIES)
                                .from(PRICE_ALERT)
                                .orderBy(PRICE_ALERT.ID)
                                .limit(10));
        assertThat(
                        StreamSupport.stream(found.spliterator(), false)
                                .map(row -> Rows.find(row, PRICE_ALERT.PHARMACIES)))
                .containsExactly(
                        new UUID[] {A, B},
                        null,
                        new UUID[] {},
                        new UUID[] {C},
                        new UUID[] {B, C, A});
    }
}
