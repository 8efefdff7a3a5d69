package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugCode;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.data.Rows;

import java.math.BigDecimal;
import java.util.UUID;

/// Writes offers and stock as FHIR resources: ChargeItemDefinition and Observation.
final class OfferJson {
    /// The offer of a row of `offer` that has a price.
    static byte[] offer(Row row, Catalogue catalogue, String base) {
        String code = Rows.get(row, OFFER.DRUG_CODE);
        Drug drug = catalogue.find(code).orElse(null);
        UUID id = Rows.get(row, OFFER.ID);
        String observed = FhirJson.instant(Rows.get(row, OFFER.OBSERVED_AT));
        return FhirWriter.resource(
                "ChargeItemDefinition",
                json ->
                        json.string("id", id.toString())
                                .meta(Rows.get(row, OFFER.VERSION), Rows.get(row, OFFER.UPDATED_AT))
                                .list("extension", all -> extensions(all, row, drug))
                                .string("url", base + "/ChargeItemDefinition/" + id)
                                .list(
                                        "identifier",
                                        all ->
                                                all.identifier(
                                                        OfferFhir.KEY,
                                                        Offer.key(
                                                                Rows.get(row, OFFER.PHARMACY),
                                                                code)))
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
                                                                all -> prices(all, row)))));
    }

    private static void extensions(FhirWriter all, Row row, @Nullable Drug drug) {
        all.part(
                OfferFhir.SELLER,
                one ->
                        one.reference(
                                "valueReference",
                                "Organization",
                                Rows.get(row, OFFER.PHARMACY_ID)));
        all.part(
                OfferFhir.PACK,
                one ->
                        one.quantity(
                                "valueQuantity",
                                BigDecimal.valueOf(Rows.get(row, OFFER.PACK_UNITS)),
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
                                                                        Rows.get(
                                                                                row,
                                                                                OFFER.OBSERVED_AT)))
                                                .part(
                                                        "source",
                                                        one ->
                                                                one.string(
                                                                        "valueCode",
                                                                        Rows.get(
                                                                                row,
                                                                                OFFER.SOURCE)))));
    }

    private static void prices(FhirWriter all, Row row) {
        String type = Rows.get(row, OFFER.PRICE_TYPE);
        String name = Offer.PriceType.of(type).map(Offer.PriceType::chinese).orElse(type);
        all.element(one ->
                one.string("type", "base")
                        .concept("code", OfferFhir.PRICE_TYPE, type, name)
                        .money("amount", Rows.get(row, OFFER.PRICE_FEN)));
        Long pays = Rows.find(row, OFFER.PATIENT_PAYS_FEN);
        if (pays != null) {
            String basis = Rows.get(row, OFFER.PATIENT_BASIS);
            all.element(one ->
                    one.string("type", "informational")
                            .concept("code", OfferFhir.PAYS, basis, "医保后个人支付")
                            .money("amount", pays));
        }
    }

    /// The stock of a row of `offer` that tells it.
    static byte[] stock(Row row, Catalogue catalogue) {
        String code = Rows.get(row, OFFER.DRUG_CODE);
        Drug drug = catalogue.find(code).orElse(null);
        String unit = Rows.get(row, OFFER.PACK_UNIT);
        return FhirWriter.resource(
                "Observation",
                json ->
                        json.string("id", Rows.get(row, OFFER.ID).toString())
                                .meta(Rows.get(row, OFFER.VERSION), Rows.get(row, OFFER.UPDATED_AT))
                                .string("status", "final")
                                .list(
                                        "category",
                                        all -> all.concept(OfferFhir.INVENTORY, "inventory"))
                                .concept("code", OfferFhir.INVENTORY, "stock-on-hand", "可售库存")
                                .reference("subject", "Location", Rows.find(row, OFFER.LOCATION_ID))
                                .list(
                                        "focus",
                                        all ->
                                                all.element(one ->
                                                        one.string(
                                                                        "reference",
                                                                        "Medication/" + code)
                                                                .string(
                                                                        "display",
                                                                        display(code, drug))))
                                .string(
                                        "effectiveDateTime",
                                        FhirJson.instant(Rows.get(row, OFFER.STOCK_OBSERVED_AT)))
                                .list(
                                        "performer",
                                        all ->
                                                all.reference(
                                                        "Organization/"
                                                                + Rows.get(row, OFFER.PHARMACY_ID)))
                                .object(
                                        "valueQuantity",
                                        one -> packs(one, Rows.get(row, OFFER.STOCK), unit))
                                .list(
                                        "component",
                                        all -> all.element(one -> reserved(one, row, unit))));
    }

    private static void reserved(FhirWriter to, Row row, String unit) {
        to.concept("code", OfferFhir.INVENTORY, "reserved")
                .object("valueQuantity", one -> packs(one, Rows.get(row, OFFER.RESERVED), unit));
    }

    private static void packs(FhirWriter to, BigDecimal value, String unit) {
        BigDecimal plain = value.stripTrailingZeros();
        to.number("value", plain.scale() < 0 ? plain.setScale(0) : plain)
                .string("unit", unit)
                .string("system", OfferFhir.PACK_UNIT)
                .string("code", unit);
    }

    private static String display(String code, @Nullable Drug drug) {
        return drug == null ? code : drug.display();
    }

    private OfferJson() {}
}
