package org.yifang.prescription.export;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
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

    @Override
    public long total(Window window) {
        return ExportViews.countDispenses(database, window);
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        List<ExportedDispense> found = ExportViews.dispenses(database, window, after, most);
        return new Page(
                found.stream().map(one -> json(one, window).toBuffer().getBytes()).toList(),
                found.stream()
                        .map(ExportedDispense::patient)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                found.size(),
                found.size() < most ? null : found.getLast().id().toString());
    }

    private JsonObject json(ExportedDispense one, Window window) {
        String patient = ExportJson.pseudonym(window, "Patient", one.patient());
        String line = ExportJson.pseudonym(window, "MedicationRequest", one.line());
        String pharmacy = organizations.byId(one.pharmacy()).map(Organization::number).orElse("");
        JsonObject json =
                new JsonObject()
                        .put("resourceType", "MedicationDispense")
                        .put("id", ExportJson.pseudonym(window, "MedicationDispense", one.id()))
                        .put("meta", PatientExport.pseudonymous());
        JsonArray extensions = extensions(one);
        if (!extensions.isEmpty()) {
            json.put("extension", extensions);
        }
        return json.put("status", "completed")
                .put(
                        "medicationCodeableConcept",
                        ExportJson.concept(ExportJson.sid("nhsa-drug"), one.drugCode(), null))
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
                .put("quantity", ExportJson.quantity(one.quantity(), one.unit()))
                .put("whenHandedOver", ExportJson.day(one.handedOverAt()));
    }

    private static JsonArray extensions(ExportedDispense one) {
        JsonArray extensions = new JsonArray();
        Long fen = one.priceFen();
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
        BigDecimal takenBack = one.takenBack();
        if (takenBack.signum() > 0) {
            extensions.add(
                    new JsonObject()
                            .put("url", EXTENSION + "taken-back")
                            .put("valueQuantity", ExportJson.quantity(takenBack, one.unit())));
        }
        return extensions;
    }
}
