package org.yifang.prescription.counter;

import static org.yifang.generated.Tables.DISPENSE;
import static org.yifang.generated.Tables.DISPENSE_TRACE_CODE;
import static org.yifang.generated.Tables.RESALE_SUSPICION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Suspicions that a pack is sold again, and who sold it before.
final class ResaleStore {
    /// A call that asks after more packs is not a counter's; all of them are in the table.
    static final int REPORTED_MOST = 100;

    /// Sales of one pack: each split part is one.
    private static final int SALES_MOST = 10;

    /// Somebody wanted to sell a pack a second time.
    record Suspicion(UUID id, String code, UUID pharmacy, UUID task, Instant at) {}

    /// An earlier sale of a pack.
    record EarlierSale(UUID dispense, UUID pharmacy, Instant at) {}

    private static final Insert<Suspicion> SUSPECT =
            Insert.into(RESALE_SUSPICION)
                    .set(RESALE_SUSPICION.ID, Suspicion::id)
                    .set(RESALE_SUSPICION.CODE, Suspicion::code)
                    .set(RESALE_SUSPICION.PHARMACY_ID, Suspicion::pharmacy)
                    .set(RESALE_SUSPICION.TASK_ID, Suspicion::task)
                    .set(RESALE_SUSPICION.CREATED_AT, Suspicion::at);

    private static final Statement SALES =
            Statement.of(p ->
                    SQL.select(
                                    DISPENSE_TRACE_CODE.CODE,
                                    DISPENSE.ID,
                                    DISPENSE.PHARMACY_ID,
                                    DISPENSE.HANDED_OVER_AT)
                            .from(DISPENSE_TRACE_CODE)
                            .join(DISPENSE)
                            .on(DISPENSE.ID.eq(DISPENSE_TRACE_CODE.DISPENSE_ID))
                            .where(
                                    DISPENSE_TRACE_CODE.CODE.eq(
                                            DSL.any(p.array(DISPENSE_TRACE_CODE.CODE))))
                            .and(DISPENSE_TRACE_CODE.QUANTITY.gt(DISPENSE_TRACE_CODE.FREED))
                            .orderBy(DISPENSE.HANDED_OVER_AT.desc(), DISPENSE.ID.desc())
                            .limit(DSL.inline(REPORTED_MOST * SALES_MOST)));

    /// Keeps suspicions; travels with the commit.
    static void suspect(Tx tx, List<Suspicion> suspicions) {
        SUSPECT.startAll(tx, suspicions);
    }

    /// The latest sales of each of these packs that did not come back, newest first.
    static Map<String, List<EarlierSale>> sales(Tx tx, List<String> codes) {
        Map<String, List<EarlierSale>> sales = new LinkedHashMap<>();
        for (Row row : tx.run(SALES, (Object) codes.toArray(String[]::new))) {
            List<EarlierSale> of =
                    sales.computeIfAbsent(
                            get(row, DISPENSE_TRACE_CODE.CODE), _ -> new ArrayList<>());
            if (of.size() < SALES_MOST) {
                of.add(
                        new EarlierSale(
                                get(row, DISPENSE.ID),
                                get(row, DISPENSE.PHARMACY_ID),
                                get(row, DISPENSE.HANDED_OVER_AT)));
            }
        }
        return sales;
    }

    private ResaleStore() {}
}
