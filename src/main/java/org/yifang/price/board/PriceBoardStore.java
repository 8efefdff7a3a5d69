package org.yifang.price.board;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.PRICE_DECISION;
import static org.yifang.generated.Tables.PRICE_EVENT;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.price.compare.SaleKind;
import org.yifang.price.compare.SaleStore;
import org.yifang.price.offer.PriceStanding;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The SQL behind what people look at: past prices, held ones, prices that were kept to or not, and
/// what was sold for how much.
public final class PriceBoardStore {
    /// 300 pharmacies with the 3,000 sets of a catalogue each.
    private static final int SOLD_MOST = 1_000_000;

    private final Database database;

    public PriceBoardStore(Database database) {
        this.database = database;
    }

    /// Which pack in which pharmacy an offer is.
    record Pack(UUID pharmacyId, String drugCode) {}

    Optional<Pack> pack(UUID offer) {
        for (Row row :
                database.run(
                        SQL.select(OFFER.PHARMACY_ID, OFFER.DRUG_CODE)
                                .from(OFFER)
                                .where(OFFER.ID.eq(offer)))) {
            return Optional.of(
                    new Pack(Rows.get(row, OFFER.PHARMACY_ID), Rows.get(row, OFFER.DRUG_CODE)));
        }
        return Optional.empty();
    }

    /// One price as it was told, and what became of it.
    ///
    /// @param decision `released` or `refused`; null when nobody had to decide, or nobody has yet
    record BoardPrice(
            UUID id,
            UUID pharmacyId,
            String drugCode,
            long priceFen,
            int packUnits,
            String type,
            Instant observed,
            Instant received,
            String source,
            String origin,
            boolean held,
            String flags,
            String evidence,
            @Nullable String decision,
            @Nullable String decidedBy,
            @Nullable String reason,
            @Nullable Instant decidedAt) {}

    /// The prices of one pack, the newest observation first.
    ///
    /// @param all also those held or refused, which only seller and bureau see
    List<BoardPrice> history(Pack pack, boolean all, int most) {
        Condition which =
                PRICE_EVENT
                        .PHARMACY_ID
                        .eq(pack.pharmacyId)
                        .and(PRICE_EVENT.DRUG_CODE.eq(pack.drugCode));
        Condition shown =
                PRICE_EVENT
                        .STATUS
                        .eq(PriceStanding.ACCEPTED.code())
                        .or(PRICE_DECISION.DECISION.eq(PriceStanding.RELEASED.code()));
        return told(
                database.run(
                        SQL.select(TOLD)
                                .from(PRICE_EVENT)
                                .leftJoin(PRICE_DECISION)
                                .on(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))
                                .where(all ? which : which.and(shown))
                                .orderBy(PRICE_EVENT.OBSERVED_AT.desc(), PRICE_EVENT.ID.desc())
                                .limit(most)));
    }

    /// Prices that wait for a person, the longest waiting first.
    ///
    /// @param pharmacy whose; null for all
    List<BoardPrice> held(@Nullable UUID pharmacy, int most) {
        Condition waiting =
                PRICE_EVENT
                        .STATUS
                        .eq(PriceStanding.HELD.code())
                        .and(PRICE_DECISION.EVENT_ID.isNull());
        return told(
                database.run(
                        SQL.select(TOLD)
                                .from(PRICE_EVENT)
                                .leftJoin(PRICE_DECISION)
                                .on(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))
                                .where(
                                        pharmacy == null
                                                ? waiting
                                                : waiting.and(PRICE_EVENT.PHARMACY_ID.eq(pharmacy)))
                                .orderBy(PRICE_EVENT.RECEIVED_AT, PRICE_EVENT.ID)
                                .limit(most)));
    }

    private static final List<Field<?>> TOLD =
            List.of(
                    PRICE_EVENT.ID,
                    PRICE_EVENT.PHARMACY_ID,
                    PRICE_EVENT.DRUG_CODE,
                    PRICE_EVENT.PRICE_FEN,
                    PRICE_EVENT.PACK_UNITS,
                    PRICE_EVENT.PRICE_TYPE,
                    PRICE_EVENT.OBSERVED_AT,
                    PRICE_EVENT.RECEIVED_AT,
                    PRICE_EVENT.SOURCE,
                    PRICE_EVENT.ORIGIN,
                    PRICE_EVENT.STATUS,
                    PRICE_EVENT.FLAGS,
                    PRICE_EVENT.EVIDENCE,
                    PRICE_DECISION.DECISION,
                    PRICE_DECISION.DECIDED_BY,
                    PRICE_DECISION.REASON,
                    PRICE_DECISION.DECIDED_AT);

    private List<BoardPrice> told(RowSet<Row> rows) {
        List<BoardPrice> told = new ArrayList<>();
        for (Row row : rows) {
            String reason = Rows.find(row, PRICE_DECISION.REASON);
            told.add(
                    new BoardPrice(
                            Rows.get(row, PRICE_EVENT.ID),
                            Rows.get(row, PRICE_EVENT.PHARMACY_ID),
                            Rows.get(row, PRICE_EVENT.DRUG_CODE),
                            Rows.get(row, PRICE_EVENT.PRICE_FEN),
                            Rows.get(row, PRICE_EVENT.PACK_UNITS),
                            Rows.get(row, PRICE_EVENT.PRICE_TYPE),
                            Rows.get(row, PRICE_EVENT.OBSERVED_AT),
                            Rows.get(row, PRICE_EVENT.RECEIVED_AT),
                            Rows.get(row, PRICE_EVENT.SOURCE),
                            Rows.get(row, PRICE_EVENT.ORIGIN),
                            Rows.get(row, PRICE_EVENT.STATUS).equals(PriceStanding.HELD.code()),
                            Rows.get(row, PRICE_EVENT.FLAGS),
                            Rows.get(row, PRICE_EVENT.EVIDENCE),
                            Rows.find(row, PRICE_DECISION.DECISION),
                            Rows.find(row, PRICE_DECISION.DECIDED_BY),
                            reason == null ? null : database.texts().open(reason),
                            Rows.find(row, PRICE_DECISION.DECIDED_AT)));
        }
        return told;
    }

    /// A dispense beside what was shown for it.
    ///
    /// @param honoured null when nothing was shown before
    record Charged(
            String key,
            UUID pharmacyId,
            String drugCode,
            BigDecimal quantity,
            long chargedFen,
            @Nullable Long shownFen,
            @Nullable Instant shownAt,
            @Nullable Boolean honoured,
            @Nullable Long referenceFen,
            Instant recorded) {}

    /// What was charged for one prescription, in the order of the dispenses.
    List<Charged> ofTask(UUID task) {
        return charged(
                SALE.TASK_ID.eq(task).and(SALE.KIND.eq(SaleKind.DISPENSE.code())), false, 1000);
    }

    /// Sales that were dearer than shown, the newest first.
    ///
    /// @param pharmacy whose; null for all
    List<Charged> breaches(@Nullable UUID pharmacy, Instant since, int most) {
        Condition breach = SALE.HONOURED.isFalse().and(SALE.RECORDED_AT.ge(since));
        return charged(
                pharmacy == null ? breach : breach.and(SALE.PHARMACY_ID.eq(pharmacy)), true, most);
    }

    private List<Charged> charged(Condition which, boolean newestFirst, int most) {
        List<Charged> charged = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        SALE.KEY,
                                        SALE.PHARMACY_ID,
                                        SALE.DRUG_CODE,
                                        SALE.QUANTITY,
                                        SALE.VALUE_FEN,
                                        SALE.SHOWN_FEN,
                                        SALE.SHOWN_AT,
                                        SALE.HONOURED,
                                        SALE.REFERENCE_FEN,
                                        SALE.RECORDED_AT)
                                .from(SALE)
                                .where(which)
                                .orderBy(newestFirst ? SALE.ID.desc() : SALE.ID.asc())
                                .limit(most))) {
            charged.add(
                    new Charged(
                            Rows.get(row, SALE.KEY),
                            Rows.get(row, SALE.PHARMACY_ID),
                            Rows.get(row, SALE.DRUG_CODE),
                            Rows.get(row, SALE.QUANTITY),
                            Rows.get(row, SALE.VALUE_FEN),
                            Rows.find(row, SALE.SHOWN_FEN),
                            Rows.find(row, SALE.SHOWN_AT),
                            Rows.find(row, SALE.HONOURED),
                            Rows.find(row, SALE.REFERENCE_FEN),
                            Rows.get(row, SALE.RECORDED_AT)));
        }
        return charged;
    }

    /// What one pharmacy sold of one substitution set.
    public record Sold(UUID pharmacyId, String set, double units, double fen) {}

    /// The sales of a period, take-backs taken off; always in the same order.
    ///
    /// @param madeUp those of the demonstration, which are never among the others
    List<Sold> sold(LocalDate from, LocalDate to, boolean madeUp) {
        Field<BigDecimal> units = sum(SALE.QUANTITY).as("sum_units");
        Field<BigDecimal> fen = sum(SALE.VALUE_FEN).as("sum_fen");
        List<Sold> sold = new ArrayList<>();
        for (Row row :
                database.forReports()
                        .run(
                                SQL.select(SALE.PHARMACY_ID, SALE.SUBSTITUTION_SET, units, fen)
                                        .from(SALE)
                                        .where(
                                                madeUp
                                                        ? SALE.RECORDED_BY.eq(
                                                                SaleStore.DEMONSTRATION)
                                                        : SALE.RECORDED_BY.ne(
                                                                SaleStore.DEMONSTRATION))
                                        .and(SALE.SOLD_FROM.ge(from))
                                        .and(SALE.SOLD_TO.le(to))
                                        .groupBy(SALE.PHARMACY_ID, SALE.SUBSTITUTION_SET)
                                        .having(sum(SALE.QUANTITY).gt(inline(BigDecimal.ZERO)))
                                        .orderBy(SALE.PHARMACY_ID, SALE.SUBSTITUTION_SET)
                                        .limit(SOLD_MOST))) {
            sold.add(
                    new Sold(
                            Rows.get(row, SALE.PHARMACY_ID),
                            Rows.get(row, SALE.SUBSTITUTION_SET),
                            Rows.get(row, units).doubleValue(),
                            Rows.get(row, fen).doubleValue()));
        }
        return sold;
    }

    /// Why, in somebody's words, for the rotation of the master key.
    public static SealedColumn sealed() {
        return SealedColumn.texts(
                "reasons of decided prices",
                PRICE_DECISION,
                List.of(PRICE_DECISION.EVENT_ID),
                PRICE_DECISION.REASON);
    }
}
