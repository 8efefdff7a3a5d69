package org.yifang.price.offer;

import static org.jooq.impl.DSL.notExists;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.PRICE_DECISION;
import static org.yifang.generated.Tables.PRICE_EVENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.SelectConditionStep;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All SQL of prices that wait for a person.
public final class HeldPriceStore {
    private static final List<Field<?>> COLUMNS =
            List.of(
                    PRICE_EVENT.ID,
                    PRICE_EVENT.REGION,
                    PRICE_EVENT.PHARMACY_ID,
                    PRICE_EVENT.DRUG_CODE,
                    PRICE_EVENT.PRICE_FEN,
                    PRICE_EVENT.PACK_UNITS,
                    PRICE_EVENT.PRICE_TYPE,
                    PRICE_EVENT.PATIENT_PAYS_FEN,
                    PRICE_EVENT.PATIENT_BASIS,
                    PRICE_EVENT.OBSERVED_AT,
                    PRICE_EVENT.RECEIVED_AT,
                    PRICE_EVENT.SOURCE,
                    PRICE_EVENT.EVIDENCE);

    private static SelectConditionStep<?> undecided() {
        return SQL.select(COLUMNS)
                .from(PRICE_EVENT)
                .where(PRICE_EVENT.STATUS.eq(PriceStanding.HELD.code()))
                .and(
                        notExists(
                                SQL.selectOne()
                                        .from(PRICE_DECISION)
                                        .where(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))));
    }

    /// A held price that nobody has decided yet, locked.
    public static Optional<HeldPrice> lockHeld(Tx tx, UUID event) {
        return held(tx.run(undecided().and(PRICE_EVENT.ID.eq(event)).limit(1).forUpdate())).stream()
                .findFirst();
    }

    /// The held prices of one pack that nobody has decided yet, the newest first.
    public static List<HeldPrice> heldOf(Tx tx, UUID pharmacy, String drug) {
        return held(
                tx.run(
                        undecided()
                                .and(PRICE_EVENT.PHARMACY_ID.eq(pharmacy))
                                .and(PRICE_EVENT.DRUG_CODE.eq(drug))
                                .orderBy(PRICE_EVENT.OBSERVED_AT.desc())
                                .limit(100)));
    }

    /// How a price stands that was held when it first came.
    ///
    /// @param evidence the figures why it was held
    public record Before(PriceStanding standing, String evidence) {}

    /// What became of a row that is told again, empty when it was taken the first time.
    public static Optional<Before> before(
            Database database, UUID pharmacy, OfferRow row, Instant now) {
        for (Row found :
                database.run(
                        SQL.select(PRICE_EVENT.EVIDENCE, PRICE_DECISION.DECISION)
                                .from(PRICE_EVENT)
                                .leftJoin(PRICE_DECISION)
                                .on(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))
                                .where(PRICE_EVENT.STATUS.eq(PriceStanding.HELD.code()))
                                .and(PRICE_EVENT.PHARMACY_ID.eq(pharmacy))
                                .and(PRICE_EVENT.DRUG_CODE.eq(row.drug().code().value()))
                                .and(PRICE_EVENT.OBSERVED_AT.eq(row.observedBy(now)))
                                .and(PRICE_EVENT.PRICE_FEN.eq(row.priceFen()))
                                .and(PRICE_EVENT.PRICE_TYPE.eq(row.type().code()))
                                .limit(1))) {
            String decision = Rows.find(found, PRICE_DECISION.DECISION);
            return Optional.of(
                    new Before(
                            decision == null ? PriceStanding.HELD : PriceStanding.of(decision),
                            Rows.get(found, PRICE_EVENT.EVIDENCE)));
        }
        return Optional.empty();
    }

    public static void decide(
            Tx tx, HeldPrice held, boolean released, String by, String reason, Instant now) {
        tx.start(
                SQL.insertInto(PRICE_DECISION)
                        .set(PRICE_DECISION.EVENT_ID, held.eventId())
                        .set(PRICE_DECISION.REGION, held.region())
                        .set(
                                PRICE_DECISION.DECISION,
                                (released ? PriceStanding.RELEASED : PriceStanding.REFUSED).code())
                        .set(PRICE_DECISION.DECIDED_BY, by)
                        .set(PRICE_DECISION.REASON, reason)
                        .set(PRICE_DECISION.DECIDED_AT, now));
    }

    /// Puts a price in force, unless a later observation is.
    public static void putInForce(Tx tx, HeldPrice held, Instant observed, Instant now) {
        tx.start(
                SQL.update(OFFER)
                        .set(OFFER.EVENT_ID, held.eventId())
                        .set(OFFER.PRICE_FEN, held.priceFen())
                        .set(OFFER.PRICE_TYPE, held.priceType())
                        .set(OFFER.PATIENT_PAYS_FEN, held.patientPaysFen())
                        .set(OFFER.PATIENT_BASIS, held.patientBasis())
                        .set(OFFER.OBSERVED_AT, observed)
                        .set(OFFER.SOURCE, held.source())
                        .set(OFFER.VERSION, OFFER.VERSION.plus(1L))
                        .set(OFFER.UPDATED_AT, now)
                        .where(OFFER.PHARMACY_ID.eq(held.pharmacyId()))
                        .and(OFFER.DRUG_CODE.eq(held.drugCode()))
                        .and(OFFER.OBSERVED_AT.isNull().or(OFFER.OBSERVED_AT.le(observed))));
    }

    private static List<HeldPrice> held(RowSet<Row> rows) {
        List<HeldPrice> held = new ArrayList<>(rows.size());
        for (Row row : rows) {
            held.add(of(row));
        }
        return held;
    }

    private static HeldPrice of(Row row) {
        return new HeldPrice(
                Rows.get(row, PRICE_EVENT.ID),
                Rows.get(row, PRICE_EVENT.REGION),
                Rows.get(row, PRICE_EVENT.PHARMACY_ID),
                Rows.get(row, PRICE_EVENT.DRUG_CODE),
                Rows.get(row, PRICE_EVENT.PRICE_FEN),
                Rows.get(row, PRICE_EVENT.PACK_UNITS),
                Rows.get(row, PRICE_EVENT.PRICE_TYPE),
                Rows.find(row, PRICE_EVENT.PATIENT_PAYS_FEN),
                Rows.get(row, PRICE_EVENT.PATIENT_BASIS),
                Rows.get(row, PRICE_EVENT.OBSERVED_AT),
                Rows.get(row, PRICE_EVENT.RECEIVED_AT),
                Rows.get(row, PRICE_EVENT.SOURCE),
                Rows.get(row, PRICE_EVENT.EVIDENCE));
    }

    private HeldPriceStore() {}
}
