package org.yifang.prescription.life;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Dispenses and what came back of them.
public final class DispenseStore {
    /// A dispense as stored, without its content.
    public record KeptDispense(
            UUID id,
            UUID prescription,
            UUID line,
            String system,
            String value,
            byte[] hash,
            int fill,
            String drugCode,
            BigDecimal quantity,
            BigDecimal takenBack,
            @Nullable Long priceFen,
            byte[] content,
            long version,
            Instant updatedAt) {
        /// This dispense once so much of it has come back.
        public KeptDispense after(BigDecimal units, Instant now) {
            return new KeptDispense(
                    id,
                    prescription,
                    line,
                    system,
                    value,
                    hash,
                    fill,
                    drugCode,
                    quantity,
                    takenBack.add(units),
                    priceFen,
                    content,
                    version + 1,
                    now);
        }
    }

    /// A take-back as stored.
    public record KeptTakeBack(UUID dispense, byte[] hash) {}

    /// What of which pack a dispense handed out, and what came back of it.
    ///
    /// @param freed never left the counter and may be sold again
    /// @param withdrawn came back otherwise and may not
    public record KeptShare(
            String code, BigDecimal quantity, BigDecimal freed, BigDecimal withdrawn) {
        /// What has not come back.
        public BigDecimal out() {
            return quantity.subtract(freed).subtract(withdrawn);
        }
    }

    private static final List<Field<?>> COLUMNS =
            List.of(
                    DISPENSE.ID,
                    DISPENSE.PRESCRIPTION_ID,
                    DISPENSE.LINE_ID,
                    DISPENSE.IDENTIFIER_SYSTEM,
                    DISPENSE.IDENTIFIER,
                    DISPENSE.CONTENT_HASH,
                    DISPENSE.FILL,
                    DISPENSE.DRUG_CODE,
                    DISPENSE.QUANTITY,
                    DISPENSE.TAKEN_BACK,
                    DISPENSE.PRICE_FEN,
                    DISPENSE.CONTENT,
                    DISPENSE.VERSION,
                    DISPENSE.UPDATED_AT);

    private static final Statement BY_KEYS =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(DISPENSE)
                            .where(DISPENSE.PHARMACY_ID.eq(p.like(DISPENSE.PHARMACY_ID)))
                            .and(
                                    DISPENSE.IDENTIFIER.eq(
                                            org.jooq.impl.DSL.any(p.array(DISPENSE.IDENTIFIER))))
                            .limit(org.jooq.impl.DSL.inline(1000)));

    /// A dispense on its way into the table.
    ///
    /// @param claim the number of the claim it was handed out under
    public record NewDispense(
            KeptDispense kept,
            String region,
            UUID patient,
            UUID pharmacy,
            int claim,
            String preparer,
            String checker,
            Instant handedOverAt,
            Instant handedOverTo,
            @Nullable String furtherTokens) {}

    private static final Insert<NewDispense> INSERT =
            Insert.into(DISPENSE)
                    .set(DISPENSE.ID, kept(KeptDispense::id))
                    .set(DISPENSE.REGION, NewDispense::region)
                    .set(DISPENSE.PRESCRIPTION_ID, kept(KeptDispense::prescription))
                    .set(DISPENSE.LINE_ID, kept(KeptDispense::line))
                    .set(DISPENSE.PATIENT_ID, NewDispense::patient)
                    .set(DISPENSE.PHARMACY_ID, NewDispense::pharmacy)
                    .set(DISPENSE.IDENTIFIER_SYSTEM, kept(KeptDispense::system))
                    .set(DISPENSE.IDENTIFIER, kept(KeptDispense::value))
                    .set(DISPENSE.CONTENT_HASH, kept(KeptDispense::hash))
                    .set(DISPENSE.CLAIM_NUMBER, NewDispense::claim)
                    .set(DISPENSE.FILL, kept(KeptDispense::fill))
                    .set(DISPENSE.DRUG_CODE, kept(KeptDispense::drugCode))
                    .set(DISPENSE.QUANTITY, kept(KeptDispense::quantity))
                    .set(DISPENSE.PRICE_FEN, kept(KeptDispense::priceFen))
                    .set(DISPENSE.PREPARER, NewDispense::preparer)
                    .set(DISPENSE.CHECKER, NewDispense::checker)
                    .set(DISPENSE.HANDED_OVER_AT, NewDispense::handedOverAt)
                    .set(DISPENSE.HANDED_OVER_TO, NewDispense::handedOverTo)
                    .set(DISPENSE.FURTHER_TOKENS, NewDispense::furtherTokens)
                    .set(DISPENSE.CONTENT, kept(KeptDispense::content))
                    .set(DISPENSE.VERSION, kept(KeptDispense::version))
                    .set(DISPENSE.CREATED_AT, kept(KeptDispense::updatedAt))
                    .set(DISPENSE.UPDATED_AT, kept(KeptDispense::updatedAt));

    private static <V> Function<NewDispense, V> kept(Function<KeptDispense, V> value) {
        return row -> value.apply(row.kept());
    }

    private static final Statement PRESCRIPTION_OF =
            Statement.of(p ->
                    SQL.select(DISPENSE.PRESCRIPTION_ID)
                            .from(DISPENSE)
                            .where(DISPENSE.ID.eq(p.like(DISPENSE.ID)))
                            .and(DISPENSE.PHARMACY_ID.eq(p.like(DISPENSE.PHARMACY_ID))));

    private static final Statement BY_ID =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(DISPENSE)
                            .where(DISPENSE.ID.eq(p.like(DISPENSE.ID)))
                            .forUpdate());

    private static final Statement TAKE_BACK_BY_KEY =
            Statement.of(p ->
                    SQL.select(TAKE_BACK.DISPENSE_ID, TAKE_BACK.CONTENT_HASH)
                            .from(TAKE_BACK)
                            .where(TAKE_BACK.PHARMACY_ID.eq(p.like(TAKE_BACK.PHARMACY_ID)))
                            .and(
                                    TAKE_BACK.IDENTIFIER_SYSTEM.eq(
                                            p.like(TAKE_BACK.IDENTIFIER_SYSTEM)))
                            .and(TAKE_BACK.IDENTIFIER.eq(p.like(TAKE_BACK.IDENTIFIER))));

    private static final Statement SHARES =
            Statement.of(p ->
                    SQL.select(
                                    DISPENSE_TRACE_CODE.CODE,
                                    DISPENSE_TRACE_CODE.QUANTITY,
                                    DISPENSE_TRACE_CODE.FREED,
                                    DISPENSE_TRACE_CODE.WITHDRAWN)
                            .from(DISPENSE_TRACE_CODE)
                            .where(
                                    DISPENSE_TRACE_CODE.DISPENSE_ID.eq(
                                            p.like(DISPENSE_TRACE_CODE.DISPENSE_ID)))
                            .orderBy(DISPENSE_TRACE_CODE.CODE)
                            .limit(org.jooq.impl.DSL.inline(1000)));

    public List<KeptDispense> byKeys(Tx tx, UUID pharmacy, List<String> identifiers) {
        List<KeptDispense> kept = new ArrayList<>();
        for (Row row : tx.run(BY_KEYS, pharmacy, identifiers.toArray(String[]::new))) {
            kept.add(kept(row));
        }
        return kept;
    }

    public Optional<UUID> prescriptionOf(Tx tx, UUID dispense, UUID pharmacy) {
        return first(tx.run(PRESCRIPTION_OF, dispense, pharmacy))
                .map(row -> get(row, DISPENSE.PRESCRIPTION_ID));
    }

    public KeptDispense lock(Tx tx, UUID dispense) {
        return kept(tx.run(BY_ID, dispense).iterator().next());
    }

    public Optional<KeptTakeBack> takeBack(Tx tx, UUID pharmacy, String system, String value) {
        return first(tx.run(TAKE_BACK_BY_KEY, pharmacy, system, value))
                .map(row ->
                        new KeptTakeBack(
                                get(row, TAKE_BACK.DISPENSE_ID), get(row, TAKE_BACK.CONTENT_HASH)));
    }

    public List<KeptShare> shares(Tx tx, UUID dispense) {
        List<KeptShare> shares = new ArrayList<>();
        for (Row row : tx.run(SHARES, dispense)) {
            shares.add(
                    new KeptShare(
                            get(row, DISPENSE_TRACE_CODE.CODE),
                            get(row, DISPENSE_TRACE_CODE.QUANTITY),
                            get(row, DISPENSE_TRACE_CODE.FREED),
                            get(row, DISPENSE_TRACE_CODE.WITHDRAWN)));
        }
        return shares;
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    private static KeptDispense kept(Row row) {
        return new KeptDispense(
                get(row, DISPENSE.ID),
                get(row, DISPENSE.PRESCRIPTION_ID),
                get(row, DISPENSE.LINE_ID),
                get(row, DISPENSE.IDENTIFIER_SYSTEM),
                get(row, DISPENSE.IDENTIFIER),
                get(row, DISPENSE.CONTENT_HASH),
                get(row, DISPENSE.FILL),
                get(row, DISPENSE.DRUG_CODE),
                get(row, DISPENSE.QUANTITY),
                get(row, DISPENSE.TAKEN_BACK),
                find(row, DISPENSE.PRICE_FEN),
                get(row, DISPENSE.CONTENT),
                get(row, DISPENSE.VERSION),
                get(row, DISPENSE.UPDATED_AT));
    }

    /// Records dispenses; travels with the commit.
    public void insert(Tx tx, List<NewDispense> rows) {
        INSERT.startAll(tx, rows);
    }

    /// Records a take-back; travels with the commit.
    public void takeBack(
            Tx tx,
            KeptDispense dispense,
            UUID pharmacy,
            String system,
            String value,
            byte[] hash,
            BigDecimal units,
            String disposition,
            Reason reason,
            Instant now) {
        tx.start(
                SQL.insertInto(TAKE_BACK)
                        .set(TAKE_BACK.PHARMACY_ID, pharmacy)
                        .set(TAKE_BACK.IDENTIFIER_SYSTEM, system)
                        .set(TAKE_BACK.IDENTIFIER, value)
                        .set(TAKE_BACK.CONTENT_HASH, hash)
                        .set(TAKE_BACK.DISPENSE_ID, dispense.id())
                        .set(TAKE_BACK.QUANTITY, units)
                        .set(TAKE_BACK.DISPOSITION, disposition)
                        .set(TAKE_BACK.REASON_SYSTEM, reason.system())
                        .set(TAKE_BACK.REASON_CODE, reason.code())
                        .set(TAKE_BACK.REASON_TEXT, reason.text())
                        .set(TAKE_BACK.CREATED_AT, now));
        tx.start(
                SQL.update(DISPENSE)
                        .set(DISPENSE.TAKEN_BACK, dispense.takenBack().add(units))
                        .set(DISPENSE.VERSION, dispense.version() + 1)
                        .set(DISPENSE.UPDATED_AT, now)
                        .where(DISPENSE.ID.eq(dispense.id())));
    }

    /// Remembers that so much of a pack came back and may not be sold again.
    public void withdraw(Tx tx, UUID dispense, String code, BigDecimal units) {
        tx.start(
                SQL.update(DISPENSE_TRACE_CODE)
                        .set(
                                DISPENSE_TRACE_CODE.WITHDRAWN,
                                DISPENSE_TRACE_CODE.WITHDRAWN.plus(units))
                        .where(DISPENSE_TRACE_CODE.DISPENSE_ID.eq(dispense))
                        .and(DISPENSE_TRACE_CODE.CODE.eq(code)));
    }

    /// Lets a pack be sold again by so much of it.
    public void free(Tx tx, UUID dispense, String code, BigDecimal units, Instant now) {
        tx.start(
                SQL.update(DISPENSE_TRACE_CODE)
                        .set(DISPENSE_TRACE_CODE.FREED, DISPENSE_TRACE_CODE.FREED.plus(units))
                        .where(DISPENSE_TRACE_CODE.DISPENSE_ID.eq(dispense))
                        .and(DISPENSE_TRACE_CODE.CODE.eq(code)));
        tx.start(
                SQL.update(TRACE_CODE)
                        .set(TRACE_CODE.SOLD, TRACE_CODE.SOLD.minus(units))
                        .set(TRACE_CODE.UPDATED_AT, now)
                        .where(TRACE_CODE.CODE.eq(code)));
    }
}
