package org.yifang.prescription.export;

import static org.yifang.generated.Tables.DISPENSE;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
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
            resources.add(json(row, window));
        }
        String next = last == null || resources.size() < most ? null : last.toString();
        return new Page(resources, patients, resources.size(), next);
    }

    private byte[] json(Row row, Window window) {
        String unit = get(row, PRESCRIPTION_LINE.UNIT);
        String id = ExportJson.pseudonym(window, "MedicationDispense", get(row, DISPENSE.ID));
        String patient = ExportJson.pseudonym(window, "Patient", get(row, DISPENSE.PATIENT_ID));
        String line = ExportJson.pseudonym(window, "MedicationRequest", get(row, DISPENSE.LINE_ID));
        String pharmacy =
                organizations
                        .byId(get(row, DISPENSE.PHARMACY_ID))
                        .map(Organization::number)
                        .orElse("");
        return FhirWriter.resource(
                "MedicationDispense",
                json -> {
                    PatientExport.pseudonymous(json.string("id", id));
                    json.list("extension", all -> extensions(all, row, unit));
                    json.string("status", "completed");
                    json.concept(
                            "medicationCodeableConcept",
                            FhirJson.SIDS + "nhsa-drug",
                            get(row, DISPENSE.DRUG_CODE));
                    json.reference("subject", "Patient/" + patient);
                    json.list(
                            "performer",
                            all ->
                                    all.element(one ->
                                            ExportJson.organization(one, "actor", pharmacy)));
                    json.list(
                            "authorizingPrescription",
                            all -> all.reference("MedicationRequest/" + line));
                    BigDecimal quantity = ExportJson.plain(get(row, DISPENSE.QUANTITY));
                    json.quantity("quantity", quantity, unit);
                    json.string(
                            "whenHandedOver", ExportJson.day(get(row, DISPENSE.HANDED_OVER_AT)));
                });
    }

    private static void extensions(FhirWriter all, Row row, String unit) {
        Long fen = find(row, DISPENSE.PRICE_FEN);
        if (fen != null) {
            all.extension("price-charged", x -> x.money("valueMoney", fen));
        }
        BigDecimal takenBack = get(row, DISPENSE.TAKEN_BACK);
        if (takenBack.signum() > 0) {
            all.extension(
                    "taken-back",
                    x -> x.quantity("valueQuantity", ExportJson.plain(takenBack), unit));
        }
    }
}
