package org.yifang.price.offer;

import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.trueCondition;
import static org.yifang.generated.Tables.OFFER;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.util.UUID;

/// How offers and stock are read and searched.
public final class PriceViews {
    private static final Field<?>[] COLUMNS = OfferStore.COLUMNS.toArray(Field<?>[]::new);
    private static final Field<String> KEY = OFFER.PHARMACY.concat("|").concat(OFFER.DRUG_CODE);

    public static void mount(FhirRouter router, Catalogue catalogue) {
        router.mount(offers(catalogue, router.base()));
    }

    private static Stored offers(Catalogue catalogue, String base) {
        Condition priced = OFFER.PRICE_FEN.isNotNull();
        return Stored.of("ChargeItemDefinition", OFFER)
                .id(OFFER.ID)
                .version(OFFER.VERSION, OFFER.UPDATED_AT)
                .visible(Role.PHARMACY, who -> priced.and(own(who)))
                .visible(Role.HOSPITAL, who -> priced)
                .visible(Role.PATIENT, who -> priced)
                .visible(Role.BUREAU, who -> priced)
                .columns(COLUMNS)
                .render((row, caller) -> OfferJson.offer(stored(row), catalogue, base))
                .search(SearchBy.token("identifier", PriceViews::byKey).present(trueCondition()))
                .search(SearchBy.date("date", OFFER.OBSERVED_AT))
                // A price is true until another is told.
                .search(
                        SearchBy.period(
                                "effective", OFFER.OBSERVED_AT, castNull(SQLDataType.INSTANT)))
                .search(
                        SearchBy.fixed(
                                "status", "active", "http://hl7.org/fhir/publication-status"))
                .search(SearchBy.referenceByText("instance", OFFER.DRUG_CODE, "Medication"))
                .search(SearchBy.reference("seller", OFFER.PHARMACY_ID, "Organization"));
    }

    /// The stock Observations, the only Observations read one by one: those of a prescription are
    /// parts of its document.
    public static Stored stock(Catalogue catalogue) {
        Condition told = OFFER.STOCK.isNotNull();
        return Stored.of("Observation", OFFER)
                .id(OFFER.ID)
                .version(OFFER.VERSION, OFFER.UPDATED_AT)
                .visible(Role.PHARMACY, who -> told.and(own(who)))
                .visible(Role.HOSPITAL, who -> told)
                .visible(Role.PATIENT, who -> told)
                .visible(Role.BUREAU, who -> told)
                .columns(COLUMNS)
                .render((row, caller) -> OfferJson.stock(stored(row), catalogue))
                .search(SearchBy.fixed("code", "stock-on-hand", OfferFhir.INVENTORY))
                .search(SearchBy.reference("subject", OFFER.LOCATION_ID, "Location"))
                .search(SearchBy.referenceByText("focus", OFFER.DRUG_CODE, "Medication"))
                .search(SearchBy.reference("performer", OFFER.PHARMACY_ID, "Organization"))
                .search(SearchBy.date("date", OFFER.STOCK_OBSERVED_AT))
                .search(
                        SearchBy.quantity(
                                "value-quantity",
                                OFFER.STOCK,
                                OFFER.PACK_UNIT,
                                OfferFhir.PACK_UNIT));
    }

    private static Condition own(SqlCaller who) {
        return OFFER.PHARMACY_ID.eq(who.organizationId());
    }

    /// A key holds a bar itself: without a system its seller would be taken for one.
    private static Condition byKey(@Nullable String system, @Nullable String code) {
        if (system == null || system.equals(OfferFhir.KEY)) {
            return code == null ? trueCondition() : KEY.eq(code);
        }
        return KEY.eq(system + "|" + code);
    }

    /// One offer as it stands.
    public record StoredOffer(OfferState state, long version, Instant updated) {
        public UUID id() {
            return state.id();
        }

        public byte[] json(Catalogue catalogue) {
            return OfferJson.offer(this, catalogue, "https://yifang.org/fhir");
        }
    }

    public static StoredOffer offer(Database database, UUID pharmacy, String drug) {
        Row row =
                database.run(
                                SQL.select(OfferStore.COLUMNS)
                                        .from(OFFER)
                                        .where(OFFER.PHARMACY_ID.eq(pharmacy))
                                        .and(OFFER.DRUG_CODE.eq(drug))
                                        .limit(1))
                        .iterator()
                        .next();
        return stored(row);
    }

    private static StoredOffer stored(Row row) {
        return new StoredOffer(
                OfferStore.state(row),
                Rows.get(row, OFFER.VERSION),
                Rows.get(row, OFFER.UPDATED_AT));
    }

    private PriceViews() {}
}
