package org.yifang.price.compare;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.percentileCont;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// All SQL that touches sales.
public final class SaleStore {
    private static final Field<Double> UNIT_FEN =
            OFFER.PRICE_FEN.cast(Double.class).div(OFFER.PACK_UNITS.cast(Double.class));
    private static final Field<BigDecimal> MEDIAN =
            percentileCont(inline(0.5)).withinGroupOrderBy(UNIT_FEN).as("median");

    /// The county's median unit price of a substitution set in fen, null without offers.
    public static Future<@Nullable Double> medianUnitFen(Tx tx, String set) {
        return tx.start(
                        SQL.select(MEDIAN)
                                .from(OFFER)
                                .where(OFFER.SUBSTITUTION_SET.eq(set))
                                .and(OFFER.PRICE_FEN.isNotNull()))
                .map(rows -> {
                    Object value = rows.iterator().next().getValue(0);
                    return value == null ? null : ((Number) value).doubleValue();
                });
    }

    /// One sale to be recorded.
    ///
    /// @param key names it, so that it is recorded once
    public record Sale(
            UUID id,
            String region,
            SaleKind kind,
            String key,
            @Nullable UUID task,
            UUID pharmacy,
            boolean inHouse,
            String drug,
            String maker,
            String set,
            BigDecimal quantity,
            long valueFen,
            @Nullable BigDecimal dailyDoses,
            LocalDate from,
            LocalDate to,
            @Nullable Long shownFen,
            @Nullable Instant shownAt,
            @Nullable Boolean honoured,
            @Nullable Long referenceFen,
            byte @Nullable [] fileHash,
            String recordedBy) {}

    /// A sale with the moment of its recording.
    private record NewSale(Sale sale, Instant at) {}

    private static final Insert<NewSale> INSERT =
            Insert.into(SALE)
                    .set(SALE.ID, of(Sale::id))
                    .set(SALE.REGION, of(Sale::region))
                    .set(SALE.KIND, of(one -> one.kind().code()))
                    .set(SALE.KEY, of(Sale::key))
                    .set(SALE.TASK_ID, of(Sale::task))
                    .set(SALE.PHARMACY_ID, of(Sale::pharmacy))
                    .set(SALE.IN_HOUSE, of(Sale::inHouse))
                    .set(SALE.DRUG_CODE, of(Sale::drug))
                    .set(SALE.MAKER, of(Sale::maker))
                    .set(SALE.SUBSTITUTION_SET, of(Sale::set))
                    .set(SALE.QUANTITY, of(Sale::quantity))
                    .set(SALE.VALUE_FEN, of(Sale::valueFen))
                    .set(SALE.DAILY_DOSES, of(Sale::dailyDoses))
                    .set(SALE.SOLD_FROM, of(Sale::from))
                    .set(SALE.SOLD_TO, of(Sale::to))
                    .set(SALE.RECORDED_AT, NewSale::at)
                    .set(SALE.SHOWN_FEN, of(Sale::shownFen))
                    .set(SALE.SHOWN_AT, of(Sale::shownAt))
                    .set(SALE.HONOURED, of(Sale::honoured))
                    .set(SALE.REFERENCE_FEN, of(Sale::referenceFen))
                    .set(SALE.FILE_HASH, of(Sale::fileHash))
                    .set(SALE.RECORDED_BY, of(Sale::recordedBy))
                    .orNothing()
                    .returning(SALE.ID);

    private static <V> Function<NewSale, V> of(Function<Sale, V> value) {
        return row -> value.apply(row.sale());
    }

    /// Records a sale; travels with the commit.
    public static void insert(Tx tx, Sale sale, Instant recorded) {
        INSERT.start(tx, new NewSale(sale, recorded));
    }

    /// Records sales. Waits.
    ///
    /// @return the ids of those that were new
    public static Set<UUID> insert(Tx tx, List<Sale> sales, Instant recorded) {
        List<NewSale> rows = sales.stream().map(sale -> new NewSale(sale, recorded)).toList();
        Set<UUID> added = new HashSet<>();
        for (RowSet<Row> answer = INSERT.startAll(tx, rows).await();
                answer != null;
                answer = answer.next()) {
            answer.forEach(row -> added.add(Rows.get(row, SALE.ID)));
        }
        return added;
    }

    /// What is recorded of a sale.
    public record Recorded(BigDecimal quantity, long valueFen) {
        public static Recorded of(Sale sale) {
            return new Recorded(sale.quantity, sale.valueFen);
        }

        public boolean isSame(Sale sale) {
            return quantity.compareTo(sale.quantity) == 0 && valueFen == sale.valueFen;
        }
    }

    /// The sales that are recorded under these keys.
    public static Map<String, Recorded> recorded(Tx tx, List<String> keys) {
        Map<String, Recorded> found = new HashMap<>();
        for (Row row :
                tx.run(
                        SQL.select(SALE.KEY, SALE.QUANTITY, SALE.VALUE_FEN)
                                .from(SALE)
                                .where(SALE.KEY.eq(any(DSL.val(keys.toArray(String[]::new)))))
                                .limit(keys.size()))) {
            found.put(
                    Rows.get(row, SALE.KEY),
                    new Recorded(Rows.get(row, SALE.QUANTITY), Rows.get(row, SALE.VALUE_FEN)));
        }
        return found;
    }

    /// Who records the sales that the demonstration makes up.
    public static final String DEMONSTRATION = "demonstration";

    /// A month in which a pharmacy dispensed here.
    public record Live(UUID pharmacy, LocalDate month) {}

    /// The months of these sales in which their pharmacies dispensed through the platform.
    public static Set<Live> live(Tx tx, List<Sale> sales) {
        LocalDate first = sales.stream().map(Sale::from).min(LocalDate::compareTo).orElseThrow();
        LocalDate last = sales.stream().map(Sale::to).max(LocalDate::compareTo).orElseThrow();
        Field<LocalDate> month =
                DSL.field("date_trunc('month', {0})::date", LocalDate.class, SALE.SOLD_FROM)
                        .as("live_month");
        Set<Live> live = new HashSet<>();
        for (Row row :
                tx.run(
                        SQL.selectDistinct(SALE.PHARMACY_ID, month)
                                .from(SALE)
                                .where(SALE.KIND.eq(SaleKind.DISPENSE.code()))
                                .and(SALE.RECORDED_BY.ne(DEMONSTRATION))
                                .and(SALE.SOLD_FROM.between(first, last))
                                .and(
                                        SALE.PHARMACY_ID.eq(
                                                any(
                                                        DSL.val(
                                                                sales.stream()
                                                                        .map(Sale::pharmacy)
                                                                        .distinct()
                                                                        .toArray(UUID[]::new)))))
                                .limit(LIVE_MOST))) {
            live.add(new Live(Rows.get(row, SALE.PHARMACY_ID), Rows.get(row, month)));
        }
        return live;
    }

    /// A thousand rows name no more months than this.
    private static final int LIVE_MOST = 100_000;

    /// Makes a transaction one that reports wait for, before it looks at the clock.
    public static void begin(Tx tx) {
        tx.run(SQL.select(DSL.field("pg_current_xact_id()::text", String.class)));
    }

    /// How often a pharmacy charged no more than shown.
    ///
    /// @param sales that were shown before
    public record Honoured(int sales, int honoured) {
        public double rate() {
            return sales == 0 ? Double.NaN : (double) honoured / sales;
        }
    }

    /// Per pharmacy, over the sales recorded since a moment.
    public static Map<UUID, Honoured> honoured(Database database, Instant since) {
        Field<Integer> all = count().as("all_sales");
        Field<Integer> kept = count().filterWhere(SALE.HONOURED.isTrue()).as("kept_sales");
        Map<UUID, Honoured> rates = new HashMap<>();
        for (Row row :
                database.run(
                        SQL.select(SALE.PHARMACY_ID, all, kept)
                                .from(SALE)
                                .where(SALE.HONOURED.isNotNull())
                                .and(SALE.RECORDED_AT.ge(since))
                                .groupBy(SALE.PHARMACY_ID)
                                .limit(10_000))) {
            rates.put(
                    Rows.get(row, SALE.PHARMACY_ID),
                    new Honoured(Rows.get(row, all), Rows.get(row, kept)));
        }
        return rates;
    }

    private SaleStore() {}
}
