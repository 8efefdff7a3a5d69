package org.yifang.price.offer;

import static org.yifang.generated.Tables.OFFER;

import io.vertx.sqlclient.Row;

import org.hl7.fhir.r4.model.ChargeItemDefinition;
import org.hl7.fhir.r4.model.ChargeItemDefinition.ChargeItemDefinitionPropertyGroupPriceComponentComponent;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugCode;
import org.yifang.fhir.Fhir;
import org.yifang.platform.data.Rows;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.TimeZone;

/// Offers and stock as FHIR resources: ChargeItemDefinition and Observation.
public final class OfferFhir {
    public static final String ROOT = "https://yifang.org/fhir/";
    static final String SELLER = ROOT + "StructureDefinition/offer-seller";
    static final String PACK = ROOT + "StructureDefinition/offer-pack-quantity";
    static final String OBSERVED = ROOT + "StructureDefinition/offer-observed";
    static final String STOCK = ROOT + "StructureDefinition/offer-stock";
    static final String KEY = ROOT + "sid/offer-key";
    static final String PRICE_TYPE = ROOT + "CodeSystem/price-type";
    static final String PAYS = ROOT + "CodeSystem/pays-basis";
    static final String INVENTORY = ROOT + "CodeSystem/inventory";
    static final String PACK_UNIT = ROOT + "CodeSystem/pack-unit";
    private static final TimeZone SHANGHAI = TimeZone.getTimeZone("Asia/Shanghai");

    /// What an offer sent as FHIR says; whether it is right is for [OfferRow] to find.
    ///
    /// @param seller number of the pharmacy that sends it: its own offers only
    public static OfferRow.Unchecked told(ChargeItemDefinition offer, int number, String seller) {
        String code =
                offer.getCode().getCoding().stream()
                        .filter(coding -> DrugCode.SYSTEM.equals(coding.getSystem()))
                        .map(Coding::getCode)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseGet(() -> codeOfKey(offer, seller));
        Quantity pack =
                offer.getExtensionByUrl(PACK) != null
                                && offer.getExtensionByUrl(PACK).getValue() instanceof Quantity q
                        ? q
                        : new Quantity();
        String stock =
                offer.getExtensionByUrl(STOCK) != null
                                && offer.getExtensionByUrl(STOCK).getValue() instanceof Quantity q
                                && q.hasValue()
                        ? q.getValue().toPlainString()
                        : "";
        BigDecimal price = BigDecimal.ZERO;
        BigDecimal pays = null;
        Offer.Basis basis = Offer.Basis.UNKNOWN;
        String type = "";
        for (var group : offer.getPropertyGroup()) {
            for (var component : group.getPriceComponent()) {
                BigDecimal amount = component.getAmount().getValue();
                if (amount == null || component.getType() == null) {
                    continue;
                }
                switch (component.getType()) {
                    case BASE, SURCHARGE -> price = price.add(amount);
                    // R4 does not fix the sign of a discount: it always lowers the price here.
                    case DISCOUNT, DEDUCTION -> price = price.subtract(amount.abs());
                    default -> {
                        String said = component.getCode().getCodingFirstRep().getCode();
                        if (PAYS.equals(component.getCode().getCodingFirstRep().getSystem())
                                && ("settled".equals(said) || "estimate".equals(said))) {
                            pays = amount;
                            basis = Offer.Basis.of(said);
                        }
                    }
                }
                for (Coding coding : component.getCode().getCoding()) {
                    if (PRICE_TYPE.equals(coding.getSystem())) {
                        type = coding.getCode();
                    }
                }
            }
        }
        return new OfferRow.Unchecked(
                number,
                code,
                price.toPlainString(),
                pack.hasValue() ? pack.getValue().toPlainString() : "",
                pack.hasUnit() ? pack.getUnit() : "",
                stock,
                type == null ? "" : type,
                observed(offer),
                pays,
                basis);
    }

    private static String codeOfKey(ChargeItemDefinition offer, String seller) {
        return offer.getIdentifier().stream()
                .filter(one -> KEY.equals(one.getSystem()) && one.hasValue())
                .map(one -> one.getValue())
                .filter(key -> key.startsWith(seller + "|"))
                .map(key -> key.substring(seller.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static String observed(ChargeItemDefinition offer) {
        Extension observed = offer.getExtensionByUrl(OBSERVED);
        Extension at = observed == null ? null : observed.getExtensionByUrl("at");
        return at != null && at.getValue() instanceof InstantType instant && instant.hasValue()
                ? instant.getValueAsString()
                : "";
    }

    /// The seller that an offer names, or null when it names none.
    public static @Nullable Reference seller(ChargeItemDefinition offer) {
        Extension seller = offer.getExtensionByUrl(SELLER);
        return seller != null && seller.getValue() instanceof Reference reference
                ? reference
                : null;
    }

    /// The offer of a row of `offer` that has a price.
    static byte[] offer(Row row, Catalogue catalogue, String base) {
        String code = Rows.get(row, OFFER.DRUG_CODE);
        String pharmacy = Rows.get(row, OFFER.PHARMACY);
        Drug drug = catalogue.find(code).orElse(null);
        Instant observed = Rows.get(row, OFFER.OBSERVED_AT);
        ChargeItemDefinition offer = new ChargeItemDefinition();
        offer.setId(Rows.get(row, OFFER.ID).toString());
        offer.getMeta()
                .setVersionId(String.valueOf(Rows.get(row, OFFER.VERSION)))
                .setLastUpdated(Date.from(Rows.get(row, OFFER.UPDATED_AT)));
        offer.addExtension(
                SELLER, new Reference("Organization/" + Rows.get(row, OFFER.PHARMACY_ID)));
        offer.addExtension(
                PACK,
                new Quantity()
                        .setValue(Rows.get(row, OFFER.PACK_UNITS))
                        .setUnit(drug == null ? "" : drug.preparationUnit()));
        Extension seen = offer.addExtension().setUrl(OBSERVED);
        seen.addExtension("at", instant(observed));
        seen.addExtension("source", new CodeType(Rows.get(row, OFFER.SOURCE)));
        offer.setUrl(base + "/ChargeItemDefinition/" + Rows.get(row, OFFER.ID));
        offer.addIdentifier().setSystem(KEY).setValue(Offer.key(pharmacy, code));
        offer.setStatus(PublicationStatus.ACTIVE);
        offer.setDateElement(time(observed));
        offer.setEffectivePeriod(new Period().setStartElement(time(observed)));
        offer.setCode(drugConcept(code, drug));
        offer.addInstance(new Reference("Medication/" + code));
        var group = offer.addPropertyGroup();
        var base0 = group.addPriceComponent();
        base0.setType(ChargeItemDefinition.ChargeItemDefinitionPriceComponentType.BASE);
        base0.setCode(priceType(Rows.get(row, OFFER.PRICE_TYPE)));
        base0.setAmount(yuan(Rows.get(row, OFFER.PRICE_FEN)));
        Long pays = Rows.find(row, OFFER.PATIENT_PAYS_FEN);
        if (pays != null) {
            pays(group.addPriceComponent(), pays, Rows.get(row, OFFER.PATIENT_BASIS));
        }
        return Fhir.json(offer);
    }

    private static void pays(
            ChargeItemDefinitionPropertyGroupPriceComponentComponent component,
            long fen,
            String basis) {
        component.setType(
                ChargeItemDefinition.ChargeItemDefinitionPriceComponentType.INFORMATIONAL);
        component.setCode(
                new CodeableConcept()
                        .addCoding(new Coding().setSystem(PAYS).setCode(basis))
                        .setText("医保后个人支付"));
        component.setAmount(yuan(fen));
    }

    /// The stock of a row of `offer` that tells it.
    static byte[] stock(Row row, Catalogue catalogue) {
        String code = Rows.get(row, OFFER.DRUG_CODE);
        Drug drug = catalogue.find(code).orElse(null);
        Observation stock = new Observation();
        stock.setId(Rows.get(row, OFFER.ID).toString());
        stock.getMeta()
                .setVersionId(String.valueOf(Rows.get(row, OFFER.VERSION)))
                .setLastUpdated(Date.from(Rows.get(row, OFFER.UPDATED_AT)));
        stock.setStatus(Observation.ObservationStatus.FINAL);
        stock.addCategory().addCoding().setSystem(INVENTORY).setCode("inventory");
        stock.setCode(
                new CodeableConcept()
                        .addCoding(new Coding().setSystem(INVENTORY).setCode("stock-on-hand"))
                        .setText("可售库存"));
        var location = Rows.find(row, OFFER.LOCATION_ID);
        if (location != null) {
            stock.setSubject(new Reference("Location/" + location));
        }
        stock.addFocus(new Reference("Medication/" + code).setDisplay(display(code, drug)));
        stock.addPerformer(new Reference("Organization/" + Rows.get(row, OFFER.PHARMACY_ID)));
        stock.setEffective(time(Rows.get(row, OFFER.STOCK_OBSERVED_AT)));
        String unit = Rows.get(row, OFFER.PACK_UNIT);
        stock.setValue(packs(Rows.get(row, OFFER.STOCK), unit));
        stock.addComponent()
                .setCode(
                        new CodeableConcept()
                                .addCoding(new Coding().setSystem(INVENTORY).setCode("reserved")))
                .setValue(packs(Rows.get(row, OFFER.RESERVED), unit));
        return Fhir.json(stock);
    }

    private static Quantity packs(BigDecimal value, String unit) {
        return new Quantity()
                .setValue(value.stripTrailingZeros().scale() < 0 ? value.setScale(0) : plain(value))
                .setUnit(unit)
                .setSystem(PACK_UNIT)
                .setCode(unit);
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static CodeableConcept drugConcept(String code, @Nullable Drug drug) {
        return new CodeableConcept()
                .addCoding(new Coding().setSystem(DrugCode.SYSTEM).setCode(code))
                .setText(display(code, drug));
    }

    private static String display(String code, @Nullable Drug drug) {
        return drug == null ? code : drug.display();
    }

    private static CodeableConcept priceType(String code) {
        String text = Offer.PriceType.of(code).map(Offer.PriceType::chinese).orElse(code);
        return new CodeableConcept()
                .addCoding(new Coding().setSystem(PRICE_TYPE).setCode(code))
                .setText(text);
    }

    /// Fen as an amount of yuan with two digits.
    public static Money yuan(long fen) {
        return new Money().setValue(BigDecimal.valueOf(fen, 2)).setCurrency("CNY");
    }

    public static InstantType instant(Instant at) {
        InstantType instant = new InstantType(Date.from(at));
        instant.setTimeZone(SHANGHAI);
        return instant;
    }

    private static DateTimeType time(Instant at) {
        DateTimeType time = new DateTimeType(Date.from(at));
        time.setTimeZone(SHANGHAI);
        return time;
    }

    private OfferFhir() {}
}
