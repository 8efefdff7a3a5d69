package org.yifang.prescription.export;

import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
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
                found.stream().map(one -> json(one, window)).toList(),
                found.stream()
                        .map(ExportedLine::patient)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                found.size(),
                found.size() < most ? null : found.getLast().id().toString());
    }

    private static byte[] json(ExportedLine line, Window window) {
        UUID id = line.id();
        UUID prescription = line.prescription();
        UUID patient = line.patient();
        return FhirWriter.resource(
                "MedicationRequest",
                json -> {
                    json.string("id", ExportJson.pseudonym(window, "MedicationRequest", id));
                    PatientExport.pseudonymous(json);
                    json.string("status", line.status());
                    json.string("intent", "order");
                    String kind = line.kind();
                    json.list(
                            "category",
                            all -> all.concept(FhirJson.SYSTEMS + "prescription-type", kind));
                    json.string("priority", line.priority());
                    json.concept(
                            "medicationCodeableConcept",
                            FhirJson.SIDS + "nhsa-drug",
                            line.drugCode(),
                            line.genericName());
                    json.reference(
                            "subject",
                            "Patient/" + ExportJson.pseudonym(window, "Patient", patient));
                    json.string("authoredOn", ExportJson.day(line.authoredOn()));
                    ExportJson.organization(json, "requester", line.hospital());
                    String group = ExportJson.pseudonym(window, "Task", prescription);
                    json.object("groupIdentifier", one -> one.string("value", group));
                    json.object("dispenseRequest", one -> request(one, line));
                });
    }

    private static void request(FhirWriter json, ExportedLine line) {
        json.number("numberOfRepeatsAllowed", line.fills() - 1L);
        json.quantity("quantity", ExportJson.plain(line.quantity()), line.unit());
    }
}
