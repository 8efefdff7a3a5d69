package org.yifang.price.offer;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.arrayAgg;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.floor;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.OFFER_SET;
import static org.yifang.generated.Tables.PRICE_DECISION;
import static org.yifang.generated.Tables.PRICE_EVENT;
import static org.yifang.generated.Tables.STOCK_HOLD;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SelectConditionStep;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// All SQL that touches offers, price events and the stock kept for patients.
public final class OfferStore {
    static final List<Field<?>> COLUMNS =
            List.of(
                    OFFER.ID,
                    OFFER.REGION,
                    OFFER.PHARMACY_ID,
                    OFFER.PHARMACY,
                    OFFER.LOCATION_ID,
                    OFFER.DRUG_CODE,
                    OFFER.SUBSTITUTION_SET,
                    OFFER.PACK_UNIT,
                    OFFER.PACK_UNITS,
                    OFFER.EVENT_ID,
                    OFFER.PRICE_FEN,
                    OFFER.PRICE_TYPE,
                    OFFER.PATIENT_PAYS_FEN,
                    OFFER.PATIENT_BASIS,
                    OFFER.OBSERVED_AT,
                    OFFER.SOURCE,
                    OFFER.LAST_CHANGE,
                    OFFER.STOCK,
                    OFFER.RESERVED,
                    OFFER.STOCK_OBSERVED_AT,
                    OFFER.VERSION,
                    OFFER.CREATED_AT,
                    OFFER.UPDATED_AT);

    /// No list is unbounded: of one set, 300 pharmacies with 100 packs each.
    private static final int MOST = 30_000;

    static final Field<String[]> SETS = field("sets", String[].class);
    private static final Field<Long> COUNT = field("count", Long.class);

    private static final Statement CHANGES =
            Statement.of(p ->
                    SQL.select(OFFER_SET.SUBSTITUTION_SET, OFFER_SET.CHANGE)
                            .from(OFFER_SET)
                            .where(OFFER_SET.SUBSTITUTION_SET.eq(any(p.like(SETS)))));

    private static final Field<Long> FREE =
            coalesce(floor(OFFER.STOCK.minus(OFFER.RESERVED)).cast(Long.class), inline(0L));

    static final Statement OF_SETS =
            Statement.of(p ->
                    priced().and(OFFER.SUBSTITUTION_SET.eq(any(p.like(SETS))))
                            .limit(p.like(COUNT)));

    static final Statement OF_PHARMACY =
            Statement.of(p ->
                    priced().and(OFFER.PHARMACY_ID.eq(p.like(OFFER.PHARMACY_ID)))
                            .and(OFFER.SUBSTITUTION_SET.eq(any(p.like(SETS))))
                            .limit(inline(MOST)));

    private static SelectConditionStep<?> priced() {
        return SQL.select(
                        OFFER.ID,
                        OFFER.PHARMACY_ID,
                        OFFER.PHARMACY,
                        OFFER.DRUG_CODE,
                        OFFER.SUBSTITUTION_SET,
                        OFFER.PACK_UNIT,
                        OFFER.PACK_UNITS,
                        OFFER.PRICE_FEN,
                        OFFER.PRICE_TYPE,
                        OFFER.PATIENT_PAYS_FEN,
                        OFFER.PATIENT_BASIS,
                        OFFER.OBSERVED_AT,
                        FREE)
                .from(OFFER)
                .where(OFFER.PRICE_FEN.isNotNull());
    }

    private static final Field<Double[]> UNITS =
            arrayAgg(OFFER.PRICE_FEN.cast(Double.class).div(OFFER.PACK_UNITS)).as("units");
    private static final Field<Double[]> LAST_CHANGES =
            arrayAgg(OFFER.LAST_CHANGE).as("last_changes");

    // One row for each set: a county's offers row by row would take seconds to read.
    static final Statement PEERS =
            Statement.of(p ->
                    SQL.select(OFFER.SUBSTITUTION_SET, UNITS, LAST_CHANGES)
                            .from(OFFER)
                            .where(OFFER.SUBSTITUTION_SET.eq(any(p.like(SETS))))
                            .and(OFFER.PHARMACY_ID.ne(p.like(OFFER.PHARMACY_ID)))
                            .and(OFFER.PRICE_FEN.isNotNull())
                            .groupBy(OFFER.SUBSTITUTION_SET));

    static final Statement LOCKED =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(OFFER)
                            .where(OFFER.PHARMACY_ID.eq(p.like(OFFER.PHARMACY_ID)))
                            .and(OFFER.DRUG_CODE.eq(any(p.like(SETS))))
                            .orderBy(OFFER.DRUG_CODE)
                            .limit(inline(MOST))
                            .forUpdate());

    /// The number of the last change of each of these sets; 0 for one without offers.
    public static Future<Map<String, Long>> changes(Database database, Collection<String> sets) {
        return database.start(CHANGES, (Object) sets.toArray(String[]::new))
                .map(rows -> {
                    Map<String, Long> changes = new HashMap<>();
                    sets.forEach(set -> changes.put(set, 0L));
                    for (Row row : rows) {
                        changes.put(
                                Rows.get(row, OFFER_SET.SUBSTITUTION_SET),
                                Rows.get(row, OFFER_SET.CHANGE));
                    }
                    return changes;
                });
    }

    /// Every priced offer of these sets.
    public static Future<List<Offer>> ofSets(Database database, Collection<String> sets) {
        return database.start(OF_SETS, sets.toArray(String[]::new), MOST * (long) sets.size())
                .map(OfferStore::offers);
    }

    /// Every priced offer of these sets in one pharmacy.
    public static List<Offer> ofPharmacy(Tx tx, UUID pharmacy, Collection<String> sets) {
        return offers(tx.run(OF_PHARMACY, pharmacy, sets.toArray(String[]::new)));
    }

    /// What every other seller does, by set.
    static Map<String, HoldRule.Market> markets(
            Database database, Collection<String> sets, UUID except) {
        Map<String, HoldRule.Market> markets = new HashMap<>();
        for (Row row : database.run(PEERS, sets.toArray(String[]::new), except)) {
            markets.put(
                    row.getString(0),
                    HoldRule.Market.of(
                            plain(row.getArrayOfDoubles(1)), plain(row.getArrayOfDoubles(2))));
        }
        return markets;
    }

    private static double[] plain(Double[] boxed) {
        return Arrays.stream(boxed).mapToDouble(one -> one).toArray();
    }

    /// Reads and locks one pharmacy's offers of these drugs, by drug code; also those without a
    /// price yet.
    public static Map<String, OfferState> lock(Tx tx, UUID pharmacy, Collection<String> drugs) {
        Map<String, OfferState> found = new HashMap<>();
        for (Row row : tx.run(LOCKED, pharmacy, drugs.stream().sorted().toArray(String[]::new))) {
            found.put(Rows.get(row, OFFER.DRUG_CODE), OfferState.of(row));
        }
        return found;
    }

    /// A held price that nobody has decided yet, locked.
    public static Optional<HeldPrice> lockHeld(Tx tx, UUID event) {
        return held(
                        tx.run(
                                HeldPrice.undecided()
                                        .and(PRICE_EVENT.ID.eq(event))
                                        .limit(1)
                                        .forUpdate()))
                .stream()
                .findFirst();
    }

    /// The held prices of one pack that nobody has decided yet, the newest first.
    public static List<HeldPrice> heldOf(Tx tx, UUID pharmacy, String drug) {
        return held(
                tx.run(
                        HeldPrice.undecided()
                                .and(PRICE_EVENT.PHARMACY_ID.eq(pharmacy))
                                .and(PRICE_EVENT.DRUG_CODE.eq(drug))
                                .orderBy(PRICE_EVENT.OBSERVED_AT.desc())
                                .limit(100)));
    }

    /// Held prices that wait for a decision, the oldest first.
    static List<HeldPrice> waiting(Database database, int most) {
        return held(
                database.run(
                        HeldPrice.undecided()
                                .orderBy(PRICE_EVENT.RECEIVED_AT, PRICE_EVENT.ID)
                                .limit(most)));
    }

    public static void decide(
            Tx tx, HeldPrice held, boolean released, String by, String reason, Instant now) {
        tx.start(
                SQL.insertInto(PRICE_DECISION)
                        .set(PRICE_DECISION.EVENT_ID, held.eventId())
                        .set(PRICE_DECISION.REGION, held.region())
                        .set(PRICE_DECISION.DECISION, released ? "released" : "refused")
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

    /// A sale at the price in force keeps it fresh.
    public static void seen(Tx tx, UUID offer, Instant sold, Instant now) {
        tx.start(
                SQL.update(OFFER)
                        .set(
                                OFFER.OBSERVED_AT,
                                greatest(
                                        OFFER.OBSERVED_AT,
                                        org.jooq.impl.DSL.val(sold, OFFER.OBSERVED_AT)))
                        .set(OFFER.SOURCE, "dispense")
                        .set(OFFER.VERSION, OFFER.VERSION.plus(1L))
                        .set(OFFER.UPDATED_AT, now)
                        .where(OFFER.ID.eq(offer)));
    }

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

    /// Ends holds and says what they held.
    public static List<Freed> endHolds(Tx tx, Condition which) {
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

    private static List<Offer> offers(RowSet<Row> rows) {
        List<Offer> offers = new ArrayList<>(rows.size());
        // The same few texts and ids stand in thousands of rows that stay in memory.
        Map<Object, Object> same = new HashMap<>();
        for (Row row : rows) {
            offers.add(offer(row, same));
        }
        return offers;
    }

    /// By position: names are looked up anew in every row, and there are thousands.
    private static Offer offer(Row row, Map<Object, Object> same) {
        return new Offer(
                row.getUUID(0),
                one(same, row.getUUID(1)),
                one(same, row.getString(2)),
                one(same, row.getString(3)),
                one(same, row.getString(4)),
                one(same, row.getString(5)),
                row.getInteger(6),
                row.getLong(7),
                Offer.PriceType.of(row.getString(8)).orElseThrow(),
                row.getLong(9),
                Offer.Basis.of(row.getString(10)),
                one(same, row.getOffsetDateTime(11).toInstant()),
                row.getLong(12));
    }

    @SuppressWarnings("unchecked") // An equal value is of the same class.
    private static <T> T one(Map<Object, Object> same, T value) {
        return (T) same.computeIfAbsent(value, each -> each);
    }

    private static List<HeldPrice> held(RowSet<Row> rows) {
        List<HeldPrice> held = new ArrayList<>(rows.size());
        for (Row row : rows) {
            held.add(HeldPrice.of(row));
        }
        return held;
    }

    private OfferStore() {}
}
