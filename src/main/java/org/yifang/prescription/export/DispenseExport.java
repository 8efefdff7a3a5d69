package org.yifang.prescription.export;

import static org.yifang.generated.Tables.DISPENSE;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.PatientExport;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Exports what was handed out as MedicationDispenses that tell of nobody, neither the patient nor
/// the staff: drug, quantity, price, day and pharmacy.
public final class DispenseExport implements ExportSource {
    private static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";

    private final Database database;
    private final Organizations organizations;

    public DispenseExport(Database database, Organizations organizations) {
        this.database = database;
        this.organizations = organizations;
    }

    @Override
    public String type() {
        return "MedicationDispense";
    }

    @Override
    public Set<Role> roles() {
        return Set.of(Role.AUDITOR, Role.BUREAU);
    }

    private static Condition asked(Window window) {
        Condition recorded = DISPENSE.CREATED_AT.le(window.until());
        return window.since() == null
                ? recorded
                : recorded.and(DISPENSE.UPDATED_AT.gt(window.since()));
    }

    @Override
    public long total(Window window) {
        return database.run(SQL.selectCount().from(DISPENSE).where(asked(window)))
                .iterator()
                .next()
                .getLong(0);
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        List<byte[]> resources = new ArrayList<>();
        Set<UUID> patients = new LinkedHashSet<>();
        UUID last = null;
        for (Row row :
                database.run(
                        SQL.select(
                                        DISPENSE.ID,
                                        DISPENSE.LINE_ID,
                                        DISPENSE.PATIENT_ID,
                                        DISPENSE.PHARMACY_ID,
                                        DISPENSE.DRUG_CODE,
                                        DISPENSE.QUANTITY,
                                        DISPENSE.TAKEN_BACK,
                                        DISPENSE.PRICE_FEN,
                                        DISPENSE.HANDED_OVER_AT,
                                        PRESCRIPTION_LINE.UNIT)
                                .from(DISPENSE)
                                .join(PRESCRIPTION_LINE)
                                .on(PRESCRIPTION_LINE.ID.eq(DISPENSE.LINE_ID))
                                .where(asked(window))
                                .and(
                                        after == null
                                                ? DSL.noCondition()
                                                : DISPENSE.ID.gt(UUID.fromString(after)))
                                .orderBy(DISPENSE.ID)
                                .limit(DSL.inline(most)))) {
            last = get(row, DISPENSE.ID);
            patients.add(get(row, DISPENSE.PATIENT_ID));
            resources.add(json(row, window).toBuffer().getBytes());
        }
        String next = last == null || resources.size() < most ? null : last.toString();
        return new Page(resources, patients, resources.size(), next);
    }

    private JsonObject json(Row row, Window window) {
        String unit = get(row, PRESCRIPTION_LINE.UNIT);
        String patient = ExportJson.pseudonym(window, "Patient", get(row, DISPENSE.PATIENT_ID));
        String line = ExportJson.pseudonym(window, "MedicationRequest", get(row, DISPENSE.LINE_ID));
        String pharmacy =
                organizations
                        .byId(get(row, DISPENSE.PHARMACY_ID))
                        .map(Organization::number)
                        .orElse("");
        JsonObject json =
                new JsonObject()
                        .put("resourceType", "MedicationDispense")
                        .put(
                                "id",
                                ExportJson.pseudonym(
                                        window, "MedicationDispense", get(row, DISPENSE.ID)))
                        .put("meta", PatientExport.pseudonymous());
        JsonArray extensions = extensions(row, unit);
        if (!extensions.isEmpty()) {
            json.put("extension", extensions);
        }
        return json.put("status", "completed")
                .put(
                        "medicationCodeableConcept",
                        ExportJson.concept(
                                ExportJson.sid("nhsa-drug"), get(row, DISPENSE.DRUG_CODE), null))
                .put("subject", ExportJson.reference("Patient", patient))
                .put(
                        "performer",
                        new JsonArray()
                                .add(
                                        new JsonObject()
                                                .put("actor", ExportJson.organization(pharmacy))))
                .put(
                        "authorizingPrescription",
                        new JsonArray().add(ExportJson.reference("MedicationRequest", line)))
                .put("quantity", ExportJson.quantity(get(row, DISPENSE.QUANTITY), unit))
                .put("whenHandedOver", ExportJson.day(get(row, DISPENSE.HANDED_OVER_AT)));
    }

    private static JsonArray extensions(Row row, String unit) {
        JsonArray extensions = new JsonArray();
        Long fen = find(row, DISPENSE.PRICE_FEN);
        if (fen != null) {
            extensions.add(
                    new JsonObject()
                            .put("url", EXTENSION + "price-charged")
                            .put(
                                    "valueMoney",
                                    new JsonObject()
                                            .put("value", BigDecimal.valueOf(fen, 2))
                                            .put("currency", "CNY")));
        }
        BigDecimal takenBack = get(row, DISPENSE.TAKEN_BACK);
        if (takenBack.signum() > 0) {
            extensions.add(
                    new JsonObject()
                            .put("url", EXTENSION + "taken-back")
                            .put("valueQuantity", ExportJson.quantity(takenBack, unit)));
        }
        return extensions;
    }
}
