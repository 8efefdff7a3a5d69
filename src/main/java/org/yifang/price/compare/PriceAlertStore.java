package org.yifang.price.compare;

import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.PRICE_ALERT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The SQL of the prices that patients wait for.
final class PriceAlertStore {
    private static final int LINES_MOST = 200;

    private static final Statement OF_TASK =
            Statement.of(p ->
                    SQL.selectFrom(PRICE_ALERT)
                            .where(PRICE_ALERT.TASK_ID.eq(p.like(PRICE_ALERT.TASK_ID)))
                            .orderBy(PRICE_ALERT.ID)
                            .limit(inline(LINES_MOST)));

    private final Database database;

    PriceAlertStore(Database database) {
        this.database = database;
    }

    Future<List<PriceAlert>> ofTask(UUID task) {
        return database.start(OF_TASK, task)
                .map(rows -> {
                    List<PriceAlert> alerts = new ArrayList<>();
                    rows.forEach(row -> alerts.add(alert(row)));
                    return alerts;
                });
    }

    /// Those nobody was told of yet, page by page.
    List<PriceAlert> waiting(@Nullable UUID after, int most) {
        Condition open = PRICE_ALERT.REACHED_AT.isNull();
        List<PriceAlert> alerts = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.selectFrom(PRICE_ALERT)
                                .where(after == null ? open : open.and(PRICE_ALERT.ID.gt(after)))
                                .orderBy(PRICE_ALERT.ID)
                                .limit(most))) {
            alerts.add(alert(row));
        }
        return alerts;
    }

    private static PriceAlert alert(Row row) {
        UUID[] only = Rows.find(row, PRICE_ALERT.PHARMACIES);
        Instant at = Rows.find(row, PRICE_ALERT.REACHED_AT);
        return new PriceAlert(
                Rows.get(row, PRICE_ALERT.ID),
                Rows.get(row, PRICE_ALERT.TASK_ID),
                Rows.get(row, PRICE_ALERT.LINE_ID),
                Rows.get(row, PRICE_ALERT.PATIENT_ID),
                Rows.get(row, PRICE_ALERT.DRUG_CODE),
                Rows.get(row, PRICE_ALERT.SUBSTITUTION_SET),
                Rows.get(row, PRICE_ALERT.PRODUCT_ONLY),
                only == null ? null : Arrays.asList(only),
                Rows.get(row, PRICE_ALERT.THRESHOLD_FEN),
                Rows.get(row, PRICE_ALERT.CREATED_AT),
                at == null
                        ? null
                        : new PriceAlert.Reached(
                                at,
                                Rows.get(row, PRICE_ALERT.REACHED_FEN),
                                Rows.get(row, PRICE_ALERT.REACHED_PHARMACY)));
    }

    /// Keeps an alert; it replaces the one before on the same line, whoever else does so now.
    static void put(Tx tx, PriceAlert alert, String region) {
        Map<Field<?>, @Nullable Object> values = values(alert, region);
        var _ =
                tx.start(
                        SQL.insertInto(PRICE_ALERT)
                                .set(values)
                                .onConflict(PRICE_ALERT.TASK_ID, PRICE_ALERT.LINE_ID)
                                .doUpdate()
                                .set(values));
    }

    private static Map<Field<?>, @Nullable Object> values(PriceAlert alert, String region) {
        PriceAlert.Reached reached = alert.reached();
        List<UUID> only = alert.pharmacies();
        Map<Field<?>, @Nullable Object> values = new LinkedHashMap<>();
        values.put(PRICE_ALERT.ID, alert.id());
        values.put(PRICE_ALERT.REGION, region);
        values.put(PRICE_ALERT.TASK_ID, alert.task());
        values.put(PRICE_ALERT.LINE_ID, alert.line());
        values.put(PRICE_ALERT.PATIENT_ID, alert.patient());
        values.put(PRICE_ALERT.DRUG_CODE, alert.drugCode());
        values.put(PRICE_ALERT.SUBSTITUTION_SET, alert.substitutionSet());
        values.put(PRICE_ALERT.PRODUCT_ONLY, alert.productOnly());
        values.put(PRICE_ALERT.PHARMACIES, only == null ? null : only.toArray(UUID[]::new));
        values.put(PRICE_ALERT.THRESHOLD_FEN, alert.thresholdFen());
        values.put(PRICE_ALERT.CREATED_AT, alert.created());
        values.put(PRICE_ALERT.REACHED_AT, reached == null ? null : reached.at());
        values.put(PRICE_ALERT.REACHED_FEN, reached == null ? null : reached.unitFen());
        values.put(PRICE_ALERT.REACHED_PHARMACY, reached == null ? null : reached.pharmacy());
        return values;
    }

    static void end(Tx tx, UUID task, UUID line) {
        var _ =
                tx.start(
                        SQL.deleteFrom(PRICE_ALERT)
                                .where(PRICE_ALERT.TASK_ID.eq(task))
                                .and(PRICE_ALERT.LINE_ID.eq(line)));
    }

    static void end(Tx tx, UUID task) {
        var _ = tx.start(SQL.deleteFrom(PRICE_ALERT).where(PRICE_ALERT.TASK_ID.eq(task)));
    }

    /// Keeps that the price was seen.
    ///
    /// @return whether this was the first to see it: of several instances one tells
    static boolean reach(Tx tx, UUID alert, PriceAlert.Reached reached) {
        BigDecimal fen = reached.unitFen();
        return tx.run(
                                SQL.update(PRICE_ALERT)
                                        .set(PRICE_ALERT.REACHED_AT, reached.at())
                                        .set(PRICE_ALERT.REACHED_FEN, fen)
                                        .set(PRICE_ALERT.REACHED_PHARMACY, reached.pharmacy())
                                        .where(PRICE_ALERT.ID.eq(alert))
                                        .and(PRICE_ALERT.REACHED_AT.isNull()))
                        .rowCount()
                > 0;
    }
}
