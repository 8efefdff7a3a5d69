package org.yifang.prescription.export;

import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;
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
import org.yifang.registry.PatientExport;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

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

    private static Condition asked(Window window) {
        Condition submitted = PRESCRIPTION.CREATED_AT.le(window.until());
        return window.since() == null
                ? submitted
                : submitted.and(PRESCRIPTION_LINE.UPDATED_AT.gt(window.since()));
    }

    @Override
    public long total(Window window) {
        return database.run(
                        SQL.selectCount()
                                .from(PRESCRIPTION_LINE)
                                .join(PRESCRIPTION)
                                .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                                .where(asked(window)))
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
                                        PRESCRIPTION_LINE.ID,
                                        PRESCRIPTION_LINE.PRESCRIPTION_ID,
                                        PRESCRIPTION.PATIENT_ID,
                                        PRESCRIPTION_LINE.STATUS,
                                        PRESCRIPTION.KIND,
                                        PRESCRIPTION.PRIORITY,
                                        PRESCRIPTION.HOSPITAL,
                                        PRESCRIPTION_LINE.DRUG_CODE,
                                        PRESCRIPTION_LINE.GENERIC_NAME,
                                        PRESCRIPTION_LINE.QUANTITY,
                                        PRESCRIPTION_LINE.UNIT,
                                        PRESCRIPTION.FILLS,
                                        PRESCRIPTION_LINE.AUTHORED_ON)
                                .from(PRESCRIPTION_LINE)
                                .join(PRESCRIPTION)
                                .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                                .where(asked(window))
                                .and(
                                        after == null
                                                ? DSL.noCondition()
                                                : PRESCRIPTION_LINE.ID.gt(UUID.fromString(after)))
                                .orderBy(PRESCRIPTION_LINE.ID)
                                .limit(DSL.inline(most)))) {
            last = get(row, PRESCRIPTION_LINE.ID);
            patients.add(get(row, PRESCRIPTION.PATIENT_ID));
            resources.add(json(row, window));
        }
        String next = last == null || resources.size() < most ? null : last.toString();
        return new Page(resources, patients, resources.size(), next);
    }

    private static byte[] json(Row row, Window window) {
        UUID id = get(row, PRESCRIPTION_LINE.ID);
        UUID prescription = get(row, PRESCRIPTION_LINE.PRESCRIPTION_ID);
        UUID patient = get(row, PRESCRIPTION.PATIENT_ID);
        return FhirWriter.resource(
                "MedicationRequest",
                json -> {
                    json.string("id", ExportJson.pseudonym(window, "MedicationRequest", id));
                    PatientExport.pseudonymous(json);
                    json.string("status", get(row, PRESCRIPTION_LINE.STATUS));
                    json.string("intent", "order");
                    String kind = get(row, PRESCRIPTION.KIND);
                    json.list(
                            "category",
                            all -> all.concept(FhirJson.SYSTEMS + "prescription-type", kind));
                    json.string("priority", get(row, PRESCRIPTION.PRIORITY));
                    json.concept(
                            "medicationCodeableConcept",
                            FhirJson.SIDS + "nhsa-drug",
                            get(row, PRESCRIPTION_LINE.DRUG_CODE),
                            get(row, PRESCRIPTION_LINE.GENERIC_NAME));
                    json.reference(
                            "subject",
                            "Patient/" + ExportJson.pseudonym(window, "Patient", patient));
                    json.string(
                            "authoredOn", ExportJson.day(get(row, PRESCRIPTION_LINE.AUTHORED_ON)));
                    ExportJson.organization(json, "requester", get(row, PRESCRIPTION.HOSPITAL));
                    String group = ExportJson.pseudonym(window, "Task", prescription);
                    json.object("groupIdentifier", one -> one.string("value", group));
                    json.object("dispenseRequest", one -> request(one, row));
                });
    }

    private static void request(FhirWriter json, Row row) {
        json.number("numberOfRepeatsAllowed", get(row, PRESCRIPTION.FILLS) - 1L);
        json.quantity(
                "quantity",
                ExportJson.plain(get(row, PRESCRIPTION_LINE.QUANTITY)),
                get(row, PRESCRIPTION_LINE.UNIT));
    }
}
