package org.yifang.catalogue;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;

import java.math.BigDecimal;

/// The catalogue in FHIR: a Medication for each product, whose id is its drug code.
final class CatalogueFhir {
    static final String ATC = "http://www.whocc.no/atc";

    private CatalogueFhir() {}

    static byte[] medication(Catalogue.Entry entry) {
        Drug drug = entry.drug();
        return FhirWriter.resource(
                "Medication",
                json -> {
                    json.string("id", drug.code().value());
                    json.meta(entry.version(), entry.updatedAt());
                    json.list("extension", all -> extensions(all, drug));
                    @Nullable ApprovalNumber approval = drug.approvalNumber();
                    if (approval != null) {
                        json.list(
                                "identifier",
                                all -> all.identifier(ApprovalNumber.SYSTEM, approval.value()));
                    }
                    json.object("code", code -> code(code, drug)).string("status", "active");
                    json.object("manufacturer", to -> to.string("display", drug.maker()));
                    json.words("form", drug.form());
                    json.object("amount", to -> amount(to, drug));
                });
    }

    private static void amount(FhirWriter json, Drug drug) {
        BigDecimal units = BigDecimal.valueOf(drug.packFactor());
        json.quantity("numerator", units, drug.preparationUnit());
        json.quantity("denominator", BigDecimal.ONE, drug.packUnit());
    }

    private static void code(FhirWriter json, Drug drug) {
        json.list(
                "coding",
                all -> {
                    all.element(
                            one -> one.coded(DrugCode.SYSTEM, drug.code().value(), drug.display()));
                    if (drug.atc() != null) {
                        all.coding(ATC, drug.atc());
                    }
                });
        json.string("text", drug.genericName());
    }

    private static void extensions(FhirWriter all, Drug drug) {
        all.extension("strength", x -> x.string("valueString", drug.strength().text()));
        all.extension("substitution-set", x -> x.string("valueString", drug.substitutionSet()));
        all.extension("drug-kind", x -> x.string("valueCode", drug.kind().code()));
        drug.classes().stream()
                .sorted()
                .forEach(
                        one -> all.extension("drug-class", x -> x.string("valueCode", one.name())));
        if (drug.antimicrobialTier() != AntimicrobialTier.NON_ANTIBIOTIC) {
            String tier = drug.antimicrobialTier().code();
            all.extension("antimicrobial-tier", x -> x.string("valueCode", tier));
        }
        all.extension("skin-test-required", x -> x.truth("valueBoolean", drug.skinTest()));
        all.extension("volume-purchased", x -> x.truth("valueBoolean", drug.volumePurchased()));
        @Nullable Amount daily = drug.dailyDose();
        if (daily != null) {
            all.extension(
                    "defined-daily-dose",
                    x -> x.quantity("valueQuantity", daily.value(), daily.unit()));
        }
    }
}
