package org.yifang.price;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.platform.Database.SQL;

import org.yifang.platform.Statement;

import java.time.Instant;

/// The statement that writes what an import made of an offer, and its values.
///
/// Reserved packs are left alone: they are changed by their own statement.
final class OfferUpsert {
    static Statement statement() {
        return Statement.of(p ->
                SQL.insertInto(OFFER)
                        .columns(
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
                                OFFER.STOCK_OBSERVED_AT,
                                OFFER.VERSION,
                                OFFER.CREATED_AT,
                                OFFER.UPDATED_AT)
                        .values(
                                p.like(OFFER.ID),
                                p.like(OFFER.REGION),
                                p.like(OFFER.PHARMACY_ID),
                                p.like(OFFER.PHARMACY),
                                p.like(OFFER.LOCATION_ID),
                                p.like(OFFER.DRUG_CODE),
                                p.like(OFFER.SUBSTITUTION_SET),
                                p.like(OFFER.PACK_UNIT),
                                p.like(OFFER.PACK_UNITS),
                                p.like(OFFER.EVENT_ID),
                                p.like(OFFER.PRICE_FEN),
                                p.like(OFFER.PRICE_TYPE),
                                p.like(OFFER.PATIENT_PAYS_FEN),
                                p.like(OFFER.PATIENT_BASIS),
                                p.like(OFFER.OBSERVED_AT),
                                p.like(OFFER.SOURCE),
                                p.like(OFFER.LAST_CHANGE),
                                p.like(OFFER.STOCK),
                                p.like(OFFER.STOCK_OBSERVED_AT),
                                inline(1L),
                                p.like(OFFER.CREATED_AT),
                                p.like(OFFER.UPDATED_AT))
                        .onConflict(OFFER.PHARMACY_ID, OFFER.DRUG_CODE)
                        .doUpdate()
                        .set(OFFER.SUBSTITUTION_SET, excluded(OFFER.SUBSTITUTION_SET))
                        .set(OFFER.PACK_UNIT, excluded(OFFER.PACK_UNIT))
                        .set(OFFER.PACK_UNITS, excluded(OFFER.PACK_UNITS))
                        .set(OFFER.EVENT_ID, excluded(OFFER.EVENT_ID))
                        .set(OFFER.PRICE_FEN, excluded(OFFER.PRICE_FEN))
                        .set(OFFER.PRICE_TYPE, excluded(OFFER.PRICE_TYPE))
                        .set(OFFER.PATIENT_PAYS_FEN, excluded(OFFER.PATIENT_PAYS_FEN))
                        .set(OFFER.PATIENT_BASIS, excluded(OFFER.PATIENT_BASIS))
                        .set(OFFER.OBSERVED_AT, excluded(OFFER.OBSERVED_AT))
                        .set(OFFER.SOURCE, excluded(OFFER.SOURCE))
                        .set(OFFER.LAST_CHANGE, excluded(OFFER.LAST_CHANGE))
                        .set(OFFER.STOCK, excluded(OFFER.STOCK))
                        .set(OFFER.STOCK_OBSERVED_AT, excluded(OFFER.STOCK_OBSERVED_AT))
                        .set(OFFER.VERSION, OFFER.VERSION.plus(1L))
                        .set(OFFER.UPDATED_AT, excluded(OFFER.UPDATED_AT)));
    }

    static Object[] values(OfferState offer, Instant now) {
        OfferState.Price price = offer.price();
        return new Object[] {
            offer.id(),
            offer.region(),
            offer.pharmacyId(),
            offer.pharmacy(),
            offer.locationId(),
            offer.drugCode(),
            offer.substitutionSet(),
            offer.packUnit(),
            offer.packUnits(),
            price == null ? null : price.eventId(),
            price == null ? null : price.fen(),
            price == null ? null : price.type(),
            price == null ? null : price.patientPaysFen(),
            price == null ? "unknown" : price.patientBasis(),
            price == null ? null : price.observed(),
            price == null ? null : price.source(),
            offer.lastChange(),
            offer.stock(),
            offer.stockObserved(),
            now,
            now
        };
    }

    private OfferUpsert() {}
}
