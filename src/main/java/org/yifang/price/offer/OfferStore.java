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
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.SelectConditionStep;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// All SQL that touches offers and the events that made them.
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

    static final Field<Long> FREE =
            coalesce(floor(OFFER.STOCK.minus(OFFER.RESERVED)).cast(Long.class), inline(0L))
                    .as("free");

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

    /// Whether any price was observed after a moment.
    static boolean hasYounger(Database database, Instant moment) {
        return database.run(
                                SQL.select(OFFER.OBSERVED_AT)
                                        .from(OFFER)
                                        .where(OFFER.OBSERVED_AT.gt(moment))
                                        .limit(1))
                        .rowCount()
                > 0;
    }

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
                    Rows.get(row, OFFER.SUBSTITUTION_SET),
                    HoldRule.Market.of(
                            plain(Rows.get(row, UNITS)), plain(Rows.get(row, LAST_CHANGES))));
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
            found.put(Rows.get(row, OFFER.DRUG_CODE), state(row));
        }
        return found;
    }

    /// An offer out of a row of [#COLUMNS].
    static OfferState state(Row row) {
        UUID event = Rows.find(row, OFFER.EVENT_ID);
        OfferState.Price price =
                event == null
                        ? null
                        : new OfferState.Price(
                                event,
                                Rows.get(row, OFFER.PRICE_FEN),
                                Rows.get(row, OFFER.PRICE_TYPE),
                                Rows.find(row, OFFER.PATIENT_PAYS_FEN),
                                Rows.get(row, OFFER.PATIENT_BASIS),
                                Rows.get(row, OFFER.OBSERVED_AT),
                                Rows.get(row, OFFER.SOURCE));
        return new OfferState(
                Rows.get(row, OFFER.ID),
                Rows.get(row, OFFER.REGION),
                Rows.get(row, OFFER.PHARMACY_ID),
                Rows.get(row, OFFER.PHARMACY),
                Rows.find(row, OFFER.LOCATION_ID),
                Rows.get(row, OFFER.DRUG_CODE),
                Rows.get(row, OFFER.SUBSTITUTION_SET),
                Rows.get(row, OFFER.PACK_UNIT),
                Rows.get(row, OFFER.PACK_UNITS),
                price,
                Rows.get(row, OFFER.LAST_CHANGE),
                Rows.find(row, OFFER.STOCK),
                Rows.get(row, OFFER.RESERVED),
                Rows.find(row, OFFER.STOCK_OBSERVED_AT));
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
                        .set(OFFER.SOURCE, PriceSource.DISPENSE.code())
                        .set(OFFER.VERSION, OFFER.VERSION.plus(1L))
                        .set(OFFER.UPDATED_AT, now)
                        .where(OFFER.ID.eq(offer)));
    }

    private static List<Offer> offers(RowSet<Row> rows) {
        List<Offer> offers = new ArrayList<>(rows.size());
        PricedOfferViews reader = new PricedOfferViews(rows);
        for (Row row : rows) {
            offers.add(reader.offer(row));
        }
        return offers;
    }

    private OfferStore() {}
}
