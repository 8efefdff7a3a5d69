package org.yifang.price.board;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.percentileCont;
import static org.jooq.impl.DSL.sum;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.price.compare.SaleStore;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// The SQL behind proposed swaps: what each product costs, and how much of it is sold.
public final class SwapProposalStore {
    private static final int DRUGS_MOST = 300_000;

    private final Database database;

    public SwapProposalStore(Database database) {
        this.database = database;
    }

    /// The median over the pharmacies of what one unit of each product costs, in fen.
    ///
    /// @param since older prices are not shown to anybody
    Map<String, Double> medians(Instant since) {
        Field<Double> median =
                percentileCont(inline(0.5))
                        .withinGroupOrderBy(
                                OFFER.PRICE_FEN.cast(Double.class).div(OFFER.PACK_UNITS))
                        .cast(Double.class)
                        .as("median");
        Map<String, Double> medians = new HashMap<>();
        for (Row row :
                database.forReports()
                        .run(
                                SQL.select(OFFER.DRUG_CODE, median)
                                        .from(OFFER)
                                        .where(OFFER.PRICE_FEN.isNotNull())
                                        .and(OFFER.OBSERVED_AT.ge(since))
                                        .groupBy(OFFER.DRUG_CODE)
                                        .limit(DRUGS_MOST))) {
            medians.put(Rows.get(row, OFFER.DRUG_CODE), Rows.get(row, median));
        }
        return medians;
    }

    /// The demonstration makes up whole months, the last one some weeks ago.
    private static Field<LocalDate> lastMadeUp() {
        return field(
                SQL.select(max(SALE.SOLD_FROM))
                        .from(SALE)
                        .where(SALE.RECORDED_BY.eq(SaleStore.DEMONSTRATION)));
    }

    /// Units sold of each product since a day, take-backs taken off.
    ///
    /// @param seller whose sales; null for the county
    /// @param madeUp the last month of the demonstration, which is never among the others
    Map<String, Double> sold(LocalDate from, @Nullable UUID seller, boolean madeUp) {
        Field<BigDecimal> units = sum(SALE.QUANTITY).as("sum_units");
        Condition which =
                madeUp
                        ? SALE.RECORDED_BY
                                .eq(SaleStore.DEMONSTRATION)
                                .and(SALE.SOLD_FROM.eq(lastMadeUp()))
                        : SALE.RECORDED_BY.ne(SaleStore.DEMONSTRATION).and(SALE.SOLD_FROM.ge(from));
        Map<String, Double> sold = new HashMap<>();
        for (Row row :
                database.forReports()
                        .run(
                                SQL.select(SALE.DRUG_CODE, units)
                                        .from(SALE)
                                        .where(
                                                seller == null
                                                        ? which
                                                        : which.and(SALE.PHARMACY_ID.eq(seller)))
                                        .groupBy(SALE.DRUG_CODE)
                                        .having(sum(SALE.QUANTITY).gt(inline(BigDecimal.ZERO)))
                                        .limit(DRUGS_MOST))) {
            sold.put(Rows.get(row, SALE.DRUG_CODE), Rows.get(row, units).doubleValue());
        }
        return sold;
    }
}
