package org.yifang.prescription.export;

import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.prescription.export.ExportViews.ExportedDispense;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.PatientExport;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    @Override
    public long total(Window window) {
        return ExportViews.countDispenses(database, window);
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        List<ExportedDispense> found = ExportViews.dispenses(database, window, after, most);
        return new Page(
                found.stream().map(one -> json(one, window)).toList(),
                found.stream()
                        .map(ExportedDispense::patient)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                found.size(),
                found.size() < most ? null : found.getLast().id().toString());
    }

    private byte[] json(ExportedDispense dispense, Window window) {
        String unit = dispense.unit();
        String id = ExportJson.pseudonym(window, "MedicationDispense", dispense.id());
        String patient = ExportJson.pseudonym(window, "Patient", dispense.patient());
        String line = ExportJson.pseudonym(window, "MedicationRequest", dispense.line());
        String pharmacy =
                organizations.byId(dispense.pharmacy()).map(Organization::number).orElse("");
        return FhirWriter.resource(
                "MedicationDispense",
                json -> {
                    PatientExport.pseudonymous(json.string("id", id));
                    json.list("extension", all -> extensions(all, dispense, unit));
                    json.string("status", "completed");
                    json.concept(
                            "medicationCodeableConcept",
                            FhirJson.SIDS + "nhsa-drug",
                            dispense.drugCode());
                    json.reference("subject", "Patient/" + patient);
                    json.list(
                            "performer",
                            all ->
                                    all.element(one ->
                                            ExportJson.organization(one, "actor", pharmacy)));
                    json.list(
                            "authorizingPrescription",
                            all -> all.reference("MedicationRequest/" + line));
                    BigDecimal quantity = ExportJson.plain(dispense.quantity());
                    json.quantity("quantity", quantity, unit);
                    json.string("whenHandedOver", ExportJson.day(dispense.handedOverAt()));
                });
    }

    private static void extensions(FhirWriter all, ExportedDispense dispense, String unit) {
        Long fen = dispense.priceFen();
        if (fen != null) {
            all.extension("price-charged", x -> x.money("valueMoney", fen));
        }
        BigDecimal takenBack = dispense.takenBack();
        if (takenBack.signum() > 0) {
            all.extension(
                    "taken-back-total",
                    x -> x.quantity("valueQuantity", ExportJson.plain(takenBack), unit));
        }
    }
}
