package org.yifang.prescription.counter;

import static org.yifang.generated.Tables.DISPENSE;
import static org.yifang.generated.Tables.DISPENSE_TRACE_CODE;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.RESALE_SUSPICION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Reports the suspicion that a drug is sold again (回流药): somebody wanted to sell a pack whose
/// trace code was sold before. Each is an audit event of its own kind, `resale-suspicion`, that
/// names the pack, who sold it, and who wanted to; the refused call stands beside it, with its
/// Task.
public final class Resales {
    static final String KIND = "resale-suspicion";

    /// A call that asks after more packs is not a counter's; all of them are in the table.
    private static final int REPORTED_MOST = 100;

    /// Sales of one pack: each split part is one.
    private static final int SALES_MOST = 10;

    private static final Statement SUSPECT =
            Statement.of(p ->
                    SQL.insertInto(RESALE_SUSPICION)
                            .columns(
                                    RESALE_SUSPICION.ID,
                                    RESALE_SUSPICION.CODE,
                                    RESALE_SUSPICION.PHARMACY_ID,
                                    RESALE_SUSPICION.TASK_ID,
                                    RESALE_SUSPICION.CREATED_AT)
                            .values(
                                    p.like(RESALE_SUSPICION.ID),
                                    p.like(RESALE_SUSPICION.CODE),
                                    p.like(RESALE_SUSPICION.PHARMACY_ID),
                                    p.like(RESALE_SUSPICION.TASK_ID),
                                    p.like(RESALE_SUSPICION.CREATED_AT)));

    private static final Statement SALES =
            Statement.of(p ->
                    SQL.select(
                                    DISPENSE_TRACE_CODE.CODE,
                                    DISPENSE.ID,
                                    DISPENSE.PHARMACY_ID,
                                    DISPENSE.HANDED_OVER_AT,
                                    ORGANIZATION.NUMBER)
                            .from(DISPENSE_TRACE_CODE)
                            .join(DISPENSE)
                            .on(DISPENSE.ID.eq(DISPENSE_TRACE_CODE.DISPENSE_ID))
                            .join(ORGANIZATION)
                            .on(ORGANIZATION.ID.eq(DISPENSE.PHARMACY_ID))
                            .where(
                                    DISPENSE_TRACE_CODE.CODE.eq(
                                            DSL.any(p.array(DISPENSE_TRACE_CODE.CODE))))
                            .and(DISPENSE_TRACE_CODE.QUANTITY.gt(DISPENSE_TRACE_CODE.FREED))
                            .orderBy(DISPENSE.HANDED_OVER_AT.desc(), DISPENSE.ID.desc())
                            .limit(DSL.inline(REPORTED_MOST * SALES_MOST)));

    private record Sale(UUID dispense, UUID pharmacy, String number, Instant at) {}

    private final Supplier<UUID> ids;
    private final BiConsumer<Tx, Access> audit;

    public Resales(Supplier<UUID> ids, BiConsumer<Tx, Access> audit) {
        this.ids = ids;
        this.audit = audit;
    }

    /// Records attempts to sell these packs a second time; travels with the commit of the refusal.
    void report(Tx tx, Caller caller, UUID task, List<String> codes, Instant now) {
        if (codes.isEmpty()) {
            return;
        }
        for (String code : codes) {
            tx.start(SUSPECT, ids.get(), code, caller.organizationId(), task, now);
        }
        List<String> told = codes.subList(0, Math.min(codes.size(), REPORTED_MOST));
        Map<String, List<Sale>> sales = sales(tx, told);
        for (String code : told) {
            audit.accept(tx, event(caller, code, sales.getOrDefault(code, List.of())));
        }
    }

    private static Map<String, List<Sale>> sales(Tx tx, List<String> codes) {
        Map<String, List<Sale>> sales = new LinkedHashMap<>();
        for (Row row : tx.run(SALES, (Object) codes.toArray(String[]::new))) {
            List<Sale> of =
                    sales.computeIfAbsent(
                            get(row, DISPENSE_TRACE_CODE.CODE), _ -> new ArrayList<>());
            if (of.size() < SALES_MOST) {
                of.add(
                        new Sale(
                                get(row, DISPENSE.ID),
                                get(row, DISPENSE.PHARMACY_ID),
                                get(row, ORGANIZATION.NUMBER),
                                get(row, DISPENSE.HANDED_OVER_AT)));
            }
        }
        return sales;
    }

    /// Names no patient and no Task: it is about the pack, and the patients of the two sales have
    /// nothing to do with each other. The request id leads to the refused call.
    private static Access event(Caller caller, String code, List<Sale> sales) {
        List<String> entities = new ArrayList<>();
        StringBuilder text =
                new StringBuilder("trace-code ")
                        .append(code)
                        .append(" refused to ")
                        .append(caller.organization());
        entities.add("Organization/" + caller.organizationId());
        for (Sale sale : sales) {
            text.append("; sold by ").append(sale.number()).append(" at ").append(sale.at());
            entities.add("Organization/" + sale.pharmacy());
            entities.add("MedicationDispense/" + sale.dispense());
        }
        if (sales.isEmpty()) {
            text.append("; in one call with its first sale");
        }
        return new Access(
                caller,
                caller.address(),
                caller.requestId(),
                "operation",
                KIND,
                'C',
                null,
                List.of(),
                List.of(),
                entities,
                text.toString(),
                null);
    }
}
