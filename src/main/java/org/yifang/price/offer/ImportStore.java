package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;
import static org.yifang.generated.Tables.PRICE_EVENT;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.price.offer.OfferState.Price;
import org.yifang.registry.Organization;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// Writes what an import makes of one pharmacy's prices: every one as an event, the newest of each
/// pack in force.
final class ImportStore {
    /// A price as it came.
    ///
    /// @param origin names the request or the file
    record NewPrice(
            UUID id,
            Organization pharmacy,
            OfferRow row,
            HoldRule.Verdict verdict,
            PriceSource source,
            String origin,
            Instant received) {
        private Instant observed() {
            return row.observedBy(received);
        }
    }

    /// What an import makes of an offer, and when.
    private record Change(OfferState offer, Instant at) {}

    private static final Insert<NewPrice> EVENTS =
            Insert.into(PRICE_EVENT)
                    .set(PRICE_EVENT.ID, NewPrice::id)
                    .set(PRICE_EVENT.REGION, one -> one.pharmacy().region())
                    .set(PRICE_EVENT.PHARMACY_ID, one -> one.pharmacy().id())
                    .set(PRICE_EVENT.DRUG_CODE, one -> one.row().drug().code().value())
                    .set(PRICE_EVENT.SUBSTITUTION_SET, one -> one.row().drug().substitutionSet())
                    .set(PRICE_EVENT.PRICE_FEN, one -> one.row().priceFen())
                    .set(PRICE_EVENT.PACK_UNITS, one -> one.row().drug().packFactor())
                    .set(PRICE_EVENT.PRICE_TYPE, one -> one.row().type().code())
                    .set(PRICE_EVENT.PATIENT_PAYS_FEN, one -> one.row().patientPaysFen())
                    .set(PRICE_EVENT.PATIENT_BASIS, one -> one.row().basis().code())
                    .set(PRICE_EVENT.OBSERVED_AT, NewPrice::observed)
                    .set(PRICE_EVENT.RECEIVED_AT, NewPrice::received)
                    .set(PRICE_EVENT.SOURCE, one -> one.source().code())
                    .set(PRICE_EVENT.ORIGIN, one -> one.origin() + " row " + one.row().number())
                    .set(PRICE_EVENT.STATUS, ImportStore::standing)
                    .set(PRICE_EVENT.FLAGS, one -> String.join(",", one.verdict().flags()))
                    .set(PRICE_EVENT.EVIDENCE, one -> one.verdict().evidence())
                    .orNothing()
                    .returning(PRICE_EVENT.ID);

    /// Reserved packs are left alone: they are changed by their own statement.
    private static final Insert<Change> OFFERS =
            Insert.into(OFFER)
                    .set(OFFER.PHARMACY_ID, of(OfferState::pharmacyId))
                    .setOnce(OFFER.ID, of(OfferState::id))
                    .setOnce(OFFER.REGION, of(OfferState::region))
                    .setOnce(OFFER.PHARMACY, of(OfferState::pharmacy))
                    .setOnce(OFFER.LOCATION_ID, of(OfferState::locationId))
                    .set(OFFER.DRUG_CODE, of(OfferState::drugCode))
                    .set(OFFER.SUBSTITUTION_SET, of(OfferState::substitutionSet))
                    .set(OFFER.PACK_UNIT, of(OfferState::packUnit))
                    .set(OFFER.PACK_UNITS, of(OfferState::packUnits))
                    .set(OFFER.EVENT_ID, price(Price::eventId))
                    .set(OFFER.PRICE_FEN, price(Price::fen))
                    .set(OFFER.PRICE_TYPE, price(Price::type))
                    .set(OFFER.PATIENT_PAYS_FEN, price(Price::patientPaysFen))
                    .set(OFFER.PATIENT_BASIS, ImportStore::patientBasis)
                    .set(OFFER.OBSERVED_AT, price(Price::observed))
                    .set(OFFER.SOURCE, price(Price::source))
                    .set(OFFER.LAST_CHANGE, of(OfferState::lastChange))
                    .set(OFFER.STOCK, of(OfferState::stock))
                    .set(OFFER.STOCK_OBSERVED_AT, of(OfferState::stockObserved))
                    .setOnce(OFFER.VERSION, _ -> 1L)
                    .setOnce(OFFER.CREATED_AT, Change::at)
                    .set(OFFER.UPDATED_AT, Change::at)
                    .orReplace(OFFER.PHARMACY_ID, OFFER.DRUG_CODE)
                    .replacing(OFFER.VERSION, OFFER.VERSION.plus(1));

    private static String standing(NewPrice one) {
        return (one.verdict().held() ? PriceStanding.HELD : PriceStanding.ACCEPTED).code();
    }

    private static <V> Function<Change, V> of(Function<OfferState, V> value) {
        return change -> value.apply(change.offer());
    }

    /// Null while the first price of an offer is held.
    private static <V> Function<Change, @Nullable V> price(Function<Price, V> value) {
        return change -> {
            Price price = change.offer().price();
            return price == null ? null : value.apply(price);
        };
    }

    private static String patientBasis(Change change) {
        Price price = change.offer().price();
        return price == null ? "unknown" : price.patientBasis();
    }

    /// Keeps prices as they came. Waits.
    ///
    /// @return the ids of those that are new
    static Set<UUID> insert(Tx tx, List<NewPrice> prices) {
        Set<UUID> isNew = new HashSet<>();
        for (Row row : tx.run(EVENTS.many(), EVENTS.values(prices))) {
            isNew.add(Rows.get(row, PRICE_EVENT.ID));
        }
        return isNew;
    }

    /// Puts offers in force; travels with the commit.
    static void put(Tx tx, Collection<OfferState> offers, Instant now) {
        List<Change> changes = offers.stream().map(offer -> new Change(offer, now)).toList();
        tx.start(OFFERS.many(), OFFERS.values(changes));
    }

    private ImportStore() {}
}
