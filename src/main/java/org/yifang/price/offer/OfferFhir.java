package org.yifang.price.offer;

import org.hl7.fhir.r4.model.ChargeItemDefinition;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.DrugCode;

import java.math.BigDecimal;
import java.util.Objects;

/// Offers as senders tell them in FHIR; [OfferJson] writes them.
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

    private OfferFhir() {}
}
