package org.yifang.price.board;

import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.PRICE_DECISION;
import static org.yifang.generated.Tables.PRICE_EVENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.price.offer.PriceStanding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The SQL behind how prices went.
public final class PriceCourseStore {
    /// Of one drug: 300 pharmacies that tell another price every second day of two years.
    private static final int MOST = 100_000;

    private final Database database;

    public PriceCourseStore(Database database) {
        this.database = database;
    }

    /// The products of a substitution set that anybody sells.
    List<String> sold(String set) {
        List<String> codes = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.selectDistinct(OFFER.DRUG_CODE)
                                .from(OFFER)
                                .where(OFFER.SUBSTITUTION_SET.eq(set))
                                .and(OFFER.PRICE_FEN.isNotNull())
                                .orderBy(OFFER.DRUG_CODE)
                                .limit(MOST))) {
            codes.add(Rows.get(row, OFFER.DRUG_CODE));
        }
        return codes;
    }

    /// Every price of these products that was in force since a moment, and what was in force then;
    /// sorted by time.
    List<PriceCourse.PriceInForce> told(Collection<String> drugs, Instant since) {
        Condition which =
                PRICE_EVENT
                        .DRUG_CODE
                        .in(drugs)
                        .and(
                                PRICE_EVENT
                                        .STATUS
                                        .eq(PriceStanding.ACCEPTED.code())
                                        .or(
                                                PRICE_DECISION.DECISION.eq(
                                                        PriceStanding.RELEASED.code())));
        List<PriceCourse.PriceInForce> told = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        PRICE_EVENT.PHARMACY_ID,
                                        PRICE_EVENT.DRUG_CODE,
                                        PRICE_EVENT.PRICE_FEN,
                                        PRICE_EVENT.PACK_UNITS,
                                        PRICE_EVENT.OBSERVED_AT)
                                .distinctOn(PRICE_EVENT.PHARMACY_ID, PRICE_EVENT.DRUG_CODE)
                                .from(PRICE_EVENT)
                                .leftJoin(PRICE_DECISION)
                                .on(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))
                                .where(which)
                                .and(PRICE_EVENT.OBSERVED_AT.le(since))
                                .orderBy(
                                        PRICE_EVENT.PHARMACY_ID,
                                        PRICE_EVENT.DRUG_CODE,
                                        PRICE_EVENT.OBSERVED_AT.desc(),
                                        PRICE_EVENT.ID.desc())
                                .limit(inline(MOST)))) {
            told.add(told(row));
        }
        for (Row row :
                database.run(
                        SQL.select(
                                        PRICE_EVENT.PHARMACY_ID,
                                        PRICE_EVENT.DRUG_CODE,
                                        PRICE_EVENT.PRICE_FEN,
                                        PRICE_EVENT.PACK_UNITS,
                                        PRICE_EVENT.OBSERVED_AT)
                                .from(PRICE_EVENT)
                                .leftJoin(PRICE_DECISION)
                                .on(PRICE_DECISION.EVENT_ID.eq(PRICE_EVENT.ID))
                                .where(which)
                                .and(PRICE_EVENT.OBSERVED_AT.gt(since))
                                .orderBy(PRICE_EVENT.OBSERVED_AT.desc(), PRICE_EVENT.ID.desc())
                                .limit(inline(MOST)))) {
            told.add(told(row));
        }
        told.sort(Comparator.comparing(PriceCourse.PriceInForce::at));
        return told;
    }

    private static PriceCourse.PriceInForce told(Row row) {
        return new PriceCourse.PriceInForce(
                Rows.get(row, PRICE_EVENT.PHARMACY_ID),
                Rows.get(row, PRICE_EVENT.DRUG_CODE),
                (double) Rows.get(row, PRICE_EVENT.PRICE_FEN)
                        / Rows.get(row, PRICE_EVENT.PACK_UNITS),
                Rows.get(row, PRICE_EVENT.OBSERVED_AT));
    }
}
