package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugCode;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.price.offer.PriceViews.StoredOffer;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;

/// Writes offers and stock as FHIR resources: ChargeItemDefinition and Observation.
final class OfferJson {
    /// An offer that has a price.
    static byte[] offer(StoredOffer stored, Catalogue catalogue, String base) {
        OfferState offer = stored.state();
        String code = offer.drugCode();
        Drug drug = catalogue.find(code).orElse(null);
        UUID id = offer.id();
        OfferState.Price price = Objects.requireNonNull(offer.price());
        String observed = FhirJson.instant(price.observed());
        return FhirWriter.resource(
                "ChargeItemDefinition",
                json ->
                        json.string("id", id.toString())
                                .meta(stored.version(), stored.updated())
                                .list("extension", all -> extensions(all, offer, price, drug))
                                .string("url", base + "/ChargeItemDefinition/" + id)
                                .list(
                                        "identifier",
                                        all ->
                                                all.identifier(
                                                        OfferFhir.KEY,
                                                        Offer.key(offer.pharmacy(), code)))
                                .string("status", "active")
                                .string("date", observed)
                                .object("effectivePeriod", one -> one.string("start", observed))
                                .concept("code", DrugCode.SYSTEM, code, display(code, drug))
                                .list("instance", all -> all.reference("Medication/" + code))
                                .list(
                                        "propertyGroup",
                                        groups ->
                                                groups.element(group ->
                                                        group.list(
                                                                "priceComponent",
                                                                all -> prices(all, price)))));
    }

    private static void extensions(
            FhirWriter all, OfferState offer, OfferState.Price price, @Nullable Drug drug) {
        all.part(
                OfferFhir.SELLER,
                one -> one.reference("valueReference", "Organization", offer.pharmacyId()));
        all.part(
                OfferFhir.PACK,
                one ->
                        one.quantity(
                                "valueQuantity",
                                BigDecimal.valueOf(offer.packUnits()),
                                drug == null ? null : drug.preparationUnit()));
        all.part(
                OfferFhir.OBSERVED,
                observed ->
                        observed.list(
                                "extension",
                                parts ->
                                        parts.part(
                                                        "at",
                                                        one ->
                                                                one.instant(
                                                                        "valueInstant",
                                                                        price.observed()))
                                                .part(
                                                        "source",
                                                        one ->
                                                                one.string(
                                                                        "valueCode",
                                                                        price.source()))));
    }

    private static void prices(FhirWriter all, OfferState.Price price) {
        String type = price.type();
        String name = Offer.PriceType.of(type).map(Offer.PriceType::chinese).orElse(type);
        all.element(one ->
                one.string("type", "base")
                        .concept("code", OfferFhir.PRICE_TYPE, type, name)
                        .money("amount", price.fen()));
        Long pays = price.patientPaysFen();
        if (pays != null) {
            String basis = price.patientBasis();
            all.element(one ->
                    one.string("type", "informational")
                            .concept("code", OfferFhir.PAYS, basis, "医保后个人支付")
                            .money("amount", pays));
        }
    }

    /// The stock of an offer that tells it.
    static byte[] stock(StoredOffer stored, Catalogue catalogue) {
        OfferState offer = stored.state();
        String code = offer.drugCode();
        Drug drug = catalogue.find(code).orElse(null);
        String unit = offer.packUnit();
        BigDecimal stock = Objects.requireNonNull(offer.stock());
        return FhirWriter.resource(
                "Observation",
                json ->
                        json.string("id", offer.id().toString())
                                .meta(stored.version(), stored.updated())
                                .string("status", "final")
                                .list(
                                        "category",
                                        all -> all.concept(OfferFhir.INVENTORY, "inventory"))
                                .concept("code", OfferFhir.INVENTORY, "stock-on-hand", "可售库存")
                                .reference("subject", "Location", offer.locationId())
                                .list(
                                        "focus",
                                        all ->
                                                all.element(one ->
                                                        one.referred(
                                                                "Medication/" + code,
                                                                display(code, drug))))
                                .string(
                                        "effectiveDateTime",
                                        FhirJson.instant(
                                                Objects.requireNonNull(offer.stockObserved())))
                                .list(
                                        "performer",
                                        all -> all.reference("Organization/" + offer.pharmacyId()))
                                .measure("valueQuantity", plain(stock), unit, OfferFhir.PACK_UNIT)
                                .list(
                                        "component",
                                        all ->
                                                all.element(one ->
                                                        reserved(one, offer.reserved(), unit))));
    }

    private static void reserved(FhirWriter to, BigDecimal packs, String unit) {
        to.concept("code", OfferFhir.INVENTORY, "reserved")
                .measure("valueQuantity", plain(packs), unit, OfferFhir.PACK_UNIT);
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static String display(String code, @Nullable Drug drug) {
        return drug == null ? code : drug.display();
    }

    private OfferJson() {}
}
