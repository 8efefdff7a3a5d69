package org.yifang.catalogue;

import static org.yifang.generated.Tables.DRUG;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;

import java.math.BigDecimal;
import java.util.EnumSet;

/// The catalogue in FHIR: a Medication for each product, whose id is its drug code.
final class CatalogueFhir {
    private static final String ATC = "http://www.whocc.no/atc";

    private CatalogueFhir() {}

    /// What is to be mounted; everybody with a token may read it.
    static Stored stored() {
        return Stored.of("Medication", DRUG)
                .id(DRUG.CODE)
                .version(DRUG.VERSION, DRUG.UPDATED_AT)
                .columns(DrugStore.COLUMNS.toArray(new org.jooq.Field<?>[0]))
                .visibleToAll(Role.HOSPITAL, EnumSet.allOf(Role.class).toArray(new Role[0]))
                .render((row, _) -> medication(DrugStore.entry(row)))
                .search(
                        SearchBy.token("code", CatalogueFhir::coded)
                                .present(DSL.trueCondition())
                                .sortedBy(DRUG.CODE)
                                .text(DRUG.GENERIC_NAME))
                .search(SearchBy.token("identifier", DRUG.APPROVAL_NUMBER, ApprovalNumber.SYSTEM))
                .search(SearchBy.string("generic-name", DRUG.GENERIC_NAME))
                .search(SearchBy.token("substitution-set", DRUG.SUBSTITUTION_SET));
    }

    /// Each drug has its drug code, and some an ATC code beside it.
    private static Condition coded(@Nullable String system, @Nullable String code) {
        Condition ours = code == null ? DSL.trueCondition() : DRUG.CODE.eq(code);
        Condition atc =
                code == null ? DRUG.ATC.isNotNull() : DRUG.ATC.isNotNull().and(DRUG.ATC.eq(code));
        return switch (system) {
            case null -> ours.or(atc);
            case DrugCode.SYSTEM -> ours;
            case ATC -> atc;
            default -> DSL.falseCondition();
        };
    }

    private static byte[] medication(Catalogue.Entry entry) {
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
                    json.object("form", to -> to.string("text", drug.form()));
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
                    all.element(one ->
                            one.string("system", DrugCode.SYSTEM)
                                    .string("code", drug.code().value())
                                    .string("display", drug.display()));
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
