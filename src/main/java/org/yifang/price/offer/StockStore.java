package org.yifang.price.offer;

import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.STOCK_HOLD;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// All SQL of what is on hand, and of packs that are kept for patients.
public final class StockStore {
    private static final int LINES_MOST = 200;

    /// Changes what is on hand and what is kept; neither falls below 0.
    public static void moveStock(
            Tx tx, UUID offer, BigDecimal onHand, BigDecimal reserved, Instant now) {
        tx.start(
                SQL.update(OFFER)
                        .set(
                                OFFER.STOCK,
                                greatest(OFFER.STOCK.plus(onHand), inline(BigDecimal.ZERO)))
                        .set(
                                OFFER.RESERVED,
                                greatest(OFFER.RESERVED.plus(reserved), inline(BigDecimal.ZERO)))
                        .set(OFFER.VERSION, OFFER.VERSION.plus(1L))
                        .set(OFFER.UPDATED_AT, now)
                        .where(OFFER.ID.eq(offer)));
    }

    /// Keeps packs of an offer, unless others have taken them meanwhile.
    ///
    /// @return whether they are kept
    public static boolean reserve(Tx tx, UUID offer, BigDecimal packs, Instant now) {
        return tx.run(
                                SQL.update(OFFER)
                                        .set(OFFER.RESERVED, OFFER.RESERVED.plus(packs))
                                        .set(OFFER.VERSION, OFFER.VERSION.plus(1L))
                                        .set(OFFER.UPDATED_AT, now)
                                        .where(OFFER.ID.eq(offer))
                                        .and(OFFER.STOCK.minus(OFFER.RESERVED).ge(packs)))
                        .rowCount()
                > 0;
    }

    public static void insertHold(
            Tx tx,
            UUID id,
            String region,
            UUID task,
            UUID offer,
            UUID line,
            BigDecimal packs,
            Instant until,
            Instant now) {
        tx.start(
                SQL.insertInto(STOCK_HOLD)
                        .set(STOCK_HOLD.ID, id)
                        .set(STOCK_HOLD.REGION, region)
                        .set(STOCK_HOLD.TASK_ID, task)
                        .set(STOCK_HOLD.OFFER_ID, offer)
                        .set(STOCK_HOLD.LINE_ID, line)
                        .set(STOCK_HOLD.PACKS, packs)
                        .set(STOCK_HOLD.HELD_UNTIL, until)
                        .set(STOCK_HOLD.CREATED_AT, now));
    }

    /// Packs that were kept and are free again.
    public record Freed(UUID offer, BigDecimal packs) {}

    private static final Statement HELD =
            Statement.of(p ->
                    SQL.select(OFFER.PHARMACY_ID, STOCK_HOLD.HELD_UNTIL)
                            .from(STOCK_HOLD)
                            .join(OFFER)
                            .on(OFFER.ID.eq(STOCK_HOLD.OFFER_ID))
                            .where(STOCK_HOLD.TASK_ID.eq(p.like(STOCK_HOLD.TASK_ID)))
                            .limit(inline(LINES_MOST)));

    /// Until when each pharmacy keeps something for a prescription.
    public static Future<Map<UUID, Instant>> heldUntil(Database database, UUID task) {
        return database.start(HELD, task)
                .map(rows -> {
                    Map<UUID, Instant> held = new HashMap<>();
                    for (Row row : rows) {
                        held.merge(
                                Rows.get(row, OFFER.PHARMACY_ID),
                                Rows.get(row, STOCK_HOLD.HELD_UNTIL),
                                (one, other) -> one.isBefore(other) ? one : other);
                    }
                    return held;
                });
    }

    /// Ends what is kept for a prescription.
    public static List<Freed> endHolds(Tx tx, UUID task) {
        return endHolds(tx, STOCK_HOLD.TASK_ID.eq(task));
    }

    /// Ends what is kept for a line of a prescription.
    public static List<Freed> endHolds(Tx tx, UUID task, UUID line) {
        return endHolds(tx, STOCK_HOLD.TASK_ID.eq(task).and(STOCK_HOLD.LINE_ID.eq(line)));
    }

    /// Ends what was kept until now.
    public static List<Freed> endHolds(Tx tx, Instant now) {
        return endHolds(tx, STOCK_HOLD.HELD_UNTIL.le(now));
    }

    /// Ends holds and says what they held.
    private static List<Freed> endHolds(Tx tx, Condition which) {
        List<Freed> freed = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.deleteFrom(STOCK_HOLD)
                                .where(which)
                                .returningResult(STOCK_HOLD.OFFER_ID, STOCK_HOLD.PACKS))) {
            freed.add(
                    new Freed(Rows.get(row, STOCK_HOLD.OFFER_ID), Rows.get(row, STOCK_HOLD.PACKS)));
        }
        return freed;
    }

    private StockStore() {}
}
