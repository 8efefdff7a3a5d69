package org.yifang.prescription.export;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.fhir.json.FhirJson;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.prescription.export.ExportViews.ExportedLine;
import org.yifang.registry.PatientExport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Exports the lines of prescriptions as MedicationRequests that tell of nobody: drug, quantity,
/// day and hospital, made from the columns alone, so that nothing of the document slips through.
public final class LineExport implements ExportSource {
    private final Database database;

    public LineExport(Database database) {
        this.database = database;
    }

    @Override
    public String type() {
        return "MedicationRequest";
    }

    @Override
    public Set<Role> roles() {
        return Set.of(Role.AUDITOR, Role.BUREAU);
    }

    @Override
    public long total(Window window) {
        return ExportViews.countLines(database, window);
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        List<ExportedLine> found = ExportViews.lines(database, window, after, most);
        return new Page(
                found.stream().map(one -> json(one, window).toBuffer().getBytes()).toList(),
                found.stream()
                        .map(ExportedLine::patient)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                found.size(),
                found.size() < most ? null : found.getLast().id().toString());
    }

    private static JsonObject json(ExportedLine one, Window window) {
        UUID prescription = one.prescription();
        UUID patient = one.patient();
        return new JsonObject()
                .put("resourceType", "MedicationRequest")
                .put("id", ExportJson.pseudonym(window, "MedicationRequest", one.id()))
                .put("meta", PatientExport.pseudonymous())
                .put("status", one.status())
                .put("intent", "order")
                .put(
                        "category",
                        new JsonArray()
                                .add(
                                        ExportJson.concept(
                                                FhirJson.SYSTEMS + "prescription-type",
                                                one.kind(),
                                                null)))
                .put("priority", one.priority())
                .put(
                        "medicationCodeableConcept",
                        ExportJson.concept(
                                ExportJson.sid("nhsa-drug"), one.drugCode(), one.genericName()))
                .put(
                        "subject",
                        ExportJson.reference(
                                "Patient", ExportJson.pseudonym(window, "Patient", patient)))
                .put("authoredOn", ExportJson.day(one.authoredOn()))
                .put("requester", ExportJson.organization(one.hospital()))
                .put(
                        "groupIdentifier",
                        new JsonObject()
                                .put("value", ExportJson.pseudonym(window, "Task", prescription)))
                .put(
                        "dispenseRequest",
                        new JsonObject()
                                .put("numberOfRepeatsAllowed", one.fills() - 1)
                                .put("quantity", ExportJson.quantity(one.quantity(), one.unit())));
    }
}
