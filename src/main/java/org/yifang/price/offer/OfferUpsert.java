package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.ManyRows;
import org.yifang.platform.data.Statement;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// The statement that writes what an import made of an offer, and its values.
///
/// Reserved packs are left alone: they are changed by their own statement.
final class OfferUpsert {
    static final List<Field<?>> COLUMNS =
            OfferStore.COLUMNS.stream().filter(column -> !column.equals(OFFER.RESERVED)).toList();

    /// What an import may change of an offer that is there already.
    private static final List<Field<?>> CHANGED =
            List.of(
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
                    OFFER.UPDATED_AT);

    static Statement statement() {
        return ManyRows.insert(
                OFFER,
                COLUMNS,
                "ON CONFLICT (pharmacy_id, drug_code) DO UPDATE SET version = offer.version + 1, "
                        + CHANGED.stream()
                                .map(Field::getName)
                                .map(name -> name + " = excluded." + name)
                                .collect(Collectors.joining(", ")));
    }

    static @Nullable Object[] values(OfferState offer, Instant now) {
        OfferState.Price price = offer.price();
        return new @Nullable Object[] {
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
            1L,
            now,
            now
        };
    }

    private OfferUpsert() {}
}
