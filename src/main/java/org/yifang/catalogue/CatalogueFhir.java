package org.yifang.catalogue;

import static org.yifang.generated.Tables.DRUG;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.EnumSet;

/// The catalogue in FHIR: a Medication for each product, whose id is its drug code.
final class CatalogueFhir {
    private static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    private static final String ATC = "http://www.whocc.no/atc";

    private CatalogueFhir() {}

    /// What is to be mounted; everybody with a token may read it.
    static Stored stored() {
        return Stored.of("Medication", DRUG)
                .id(DRUG.CODE)
                .version(DRUG.VERSION, DRUG.UPDATED_AT)
                .columns(DrugStore.COLUMNS.toArray(new org.jooq.Field<?>[0]))
                .visibleToAll(Role.HOSPITAL, EnumSet.allOf(Role.class).toArray(new Role[0]))
                .render((row, _) -> bytes(row))
                .search(SearchBy.token("code", DRUG.CODE, DrugCode.SYSTEM).text(DRUG.GENERIC_NAME))
                .search(SearchBy.token("identifier", DRUG.APPROVAL_NUMBER, ApprovalNumber.SYSTEM))
                .search(SearchBy.string("generic-name", DRUG.GENERIC_NAME))
                .search(SearchBy.token("substitution-set", DRUG.SUBSTITUTION_SET));
    }

    private static byte[] bytes(Row row) {
        return medication(DrugStore.entry(row)).encode().getBytes(StandardCharsets.UTF_8);
    }

    static JsonObject medication(Catalogue.Entry entry) {
        Drug drug = entry.drug();
        JsonObject json =
                new JsonObject()
                        .put("resourceType", "Medication")
                        .put("id", drug.code().value())
                        .put(
                                "meta",
                                new JsonObject()
                                        .put("versionId", String.valueOf(entry.version()))
                                        .put(
                                                "lastUpdated",
                                                entry.updatedAt()
                                                        .atOffset(ZoneOffset.UTC)
                                                        .toString()))
                        .put("extension", extensions(drug));
        @Nullable ApprovalNumber approval = drug.approvalNumber();
        if (approval != null) {
            json.put(
                    "identifier",
                    new JsonArray()
                            .add(
                                    new JsonObject()
                                            .put("system", ApprovalNumber.SYSTEM)
                                            .put("value", approval.value())));
        }
        return json.put("code", code(drug))
                .put("status", "active")
                .put("manufacturer", new JsonObject().put("display", drug.maker()))
                .put("form", new JsonObject().put("text", drug.form()))
                .put(
                        "amount",
                        new JsonObject()
                                .put(
                                        "numerator",
                                        quantity(drug.packFactor(), drug.preparationUnit()))
                                .put("denominator", quantity(1, drug.packUnit())));
    }

    private static JsonObject code(Drug drug) {
        JsonArray codings =
                new JsonArray()
                        .add(
                                new JsonObject()
                                        .put("system", DrugCode.SYSTEM)
                                        .put("code", drug.code().value())
                                        .put("display", drug.display()));
        if (drug.atc() != null) {
            codings.add(new JsonObject().put("system", ATC).put("code", drug.atc()));
        }
        return new JsonObject().put("coding", codings).put("text", drug.genericName());
    }

    private static JsonArray extensions(Drug drug) {
        JsonArray all = new JsonArray();
        all.add(extension("strength", "valueString", drug.strength().text()));
        all.add(extension("substitution-set", "valueString", drug.substitutionSet()));
        all.add(extension("drug-kind", "valueCode", drug.kind().code()));
        drug.classes().stream()
                .sorted()
                .forEach(one -> all.add(extension("drug-class", "valueCode", one.name())));
        if (drug.antimicrobialTier() != AntimicrobialTier.NON_ANTIBIOTIC) {
            all.add(extension("antimicrobial-tier", "valueCode", drug.antimicrobialTier().code()));
        }
        all.add(extension("skin-test-required", "valueBoolean", drug.skinTest()));
        all.add(extension("volume-purchased", "valueBoolean", drug.volumePurchased()));
        @Nullable Amount dailyDose = drug.dailyDose();
        if (dailyDose != null) {
            all.add(
                    extension(
                            "defined-daily-dose",
                            "valueQuantity",
                            quantity(dailyDose.value(), dailyDose.unit())));
        }
        return all;
    }

    private static JsonObject extension(String name, String type, Object value) {
        return new JsonObject().put("url", EXTENSION + name).put(type, value);
    }

    private static JsonObject quantity(Number value, String unit) {
        return new JsonObject().put("value", value).put("unit", unit);
    }
}
