package org.yifang.prescription.counter;

import static org.yifang.generated.Tables.DISPENSE_TRACE_CODE;
import static org.yifang.generated.Tables.TRACE_CODE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Packs by their trace codes, and what each dispense handed out of them.
final class TraceCodeStore {
    /// A pack that was sold from before.
    record Pack(String drugCode, BigDecimal units, BigDecimal sold) {}

    /// So much of a pack for one dispense.
    ///
    /// @param pack how much the whole pack holds
    record Sold(
            UUID dispense,
            String code,
            String drugCode,
            BigDecimal pack,
            BigDecimal units,
            Instant at) {}

    private static final Statement LOCK =
            Statement.of(p ->
                    SQL.select(
                                    TRACE_CODE.CODE,
                                    TRACE_CODE.DRUG_CODE,
                                    TRACE_CODE.PACK,
                                    TRACE_CODE.SOLD)
                            .from(TRACE_CODE)
                            .where(TRACE_CODE.CODE.eq(DSL.any(p.array(TRACE_CODE.CODE))))
                            .orderBy(TRACE_CODE.CODE)
                            .limit(DSL.inline(10_000))
                            .forUpdate());

    // The check on the table decides when two sell one pack at the same moment.
    private static final Insert<Sold> SELL =
            Insert.into(TRACE_CODE)
                    .set(TRACE_CODE.CODE, Sold::code)
                    .setOnce(TRACE_CODE.DRUG_CODE, Sold::drugCode)
                    .setOnce(TRACE_CODE.PACK, Sold::pack)
                    .add(TRACE_CODE.SOLD, Sold::units)
                    .set(TRACE_CODE.UPDATED_AT, Sold::at)
                    .orReplace(TRACE_CODE.CODE);

    private static final Insert<Sold> SHARE =
            Insert.into(DISPENSE_TRACE_CODE)
                    .set(DISPENSE_TRACE_CODE.DISPENSE_ID, Sold::dispense)
                    .set(DISPENSE_TRACE_CODE.CODE, Sold::code)
                    .set(DISPENSE_TRACE_CODE.QUANTITY, Sold::units);

    /// The packs with these codes that were sold from before, locked until the transaction ends.
    static Map<String, Pack> lock(Tx tx, List<String> codes) {
        Map<String, Pack> packs = new HashMap<>();
        for (Row row : tx.run(LOCK, (Object) codes.stream().sorted().toArray(String[]::new))) {
            packs.put(
                    get(row, TRACE_CODE.CODE),
                    new Pack(
                            get(row, TRACE_CODE.DRUG_CODE),
                            get(row, TRACE_CODE.PACK),
                            get(row, TRACE_CODE.SOLD)));
        }
        return packs;
    }

    /// Records what one dispense hands out of each pack; travels with the commit.
    static void sell(Tx tx, List<Sold> sold) {
        SELL.startAll(tx, sold);
        SHARE.startAll(tx, sold);
    }

    private TraceCodeStore() {}
}
