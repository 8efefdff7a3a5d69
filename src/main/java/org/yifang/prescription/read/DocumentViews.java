package org.yifang.prescription.read;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.paper.DocumentParts;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A whole prescription as its claimant gets it: the resources and the original.
public final class DocumentViews {
    /// @param resources of the document, lines first, each as JSON
    /// @param original the submitted bytes
    /// @param format what those are written in
    public record Whole(List<byte[]> resources, byte[] original, Fhir.Format format) {}

    private static final Statement LINES =
            Statement.of(p ->
                    SQL.select(
                                    PRESCRIPTION_LINE.ID,
                                    PRESCRIPTION_LINE.CONTENT,
                                    PRESCRIPTION_LINE.STATUS,
                                    PRESCRIPTION_LINE.REMAINING,
                                    PRESCRIPTION_LINE.UNIT,
                                    PRESCRIPTION_LINE.VERSION,
                                    PRESCRIPTION_LINE.UPDATED_AT,
                                    PRESCRIPTION.DOCUMENT_KEY,
                                    PATIENT.PATIENT_KEY)
                            .from(PRESCRIPTION_LINE)
                            .join(PRESCRIPTION)
                            .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                            .join(PATIENT)
                            .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID))
                            .where(
                                    PRESCRIPTION_LINE.PRESCRIPTION_ID.eq(
                                            p.like(PRESCRIPTION_LINE.PRESCRIPTION_ID)))
                            .orderBy(PRESCRIPTION_LINE.LINE)
                            .limit(DSL.inline(200)));

    private static final Statement PARTS =
            Statement.of(p ->
                    SQL.select(
                                    CLINICAL_RESOURCE.ID,
                                    CLINICAL_RESOURCE.TYPE,
                                    CLINICAL_RESOURCE.CONTENT,
                                    CLINICAL_RESOURCE.VERSION,
                                    CLINICAL_RESOURCE.UPDATED_AT,
                                    CLINICAL_RESOURCE.DOCUMENT_KEY,
                                    PATIENT.PATIENT_KEY)
                            .from(CLINICAL_RESOURCE)
                            .join(PATIENT)
                            .on(PATIENT.ID.eq(CLINICAL_RESOURCE.PATIENT_ID))
                            .where(
                                    CLINICAL_RESOURCE.PRESCRIPTION_ID.eq(
                                            p.like(CLINICAL_RESOURCE.PRESCRIPTION_ID)))
                            .orderBy(CLINICAL_RESOURCE.ID)
                            .limit(DSL.inline(500)));

    private static final Statement ORIGINAL =
            Statement.of(p ->
                    SQL.select(
                                    PRESCRIPTION.ORIGINAL_ID,
                                    PRESCRIPTION.ORIGINAL,
                                    PRESCRIPTION.ORIGINAL_TYPE,
                                    PRESCRIPTION.PATIENT_ID,
                                    PRESCRIPTION.DOCUMENT_KEY,
                                    PATIENT.PATIENT_KEY)
                            .from(PRESCRIPTION)
                            .join(PATIENT)
                            .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID))
                            .where(PRESCRIPTION.ID.eq(p.like(PRESCRIPTION.ID))));

    private static final Statement VISIT =
            Statement.of(p ->
                    SQL.select(CLINICAL_RESOURCE.IDENTIFIER)
                            .from(CLINICAL_RESOURCE)
                            .where(
                                    CLINICAL_RESOURCE.PRESCRIPTION_ID.eq(
                                            p.like(CLINICAL_RESOURCE.PRESCRIPTION_ID)))
                            .and(CLINICAL_RESOURCE.TYPE.eq(DSL.inline("Encounter")))
                            .limit(DSL.inline(1)));

    private final Unsealing unsealing;

    public DocumentViews(Unsealing unsealing) {
        this.unsealing = unsealing;
    }

    public Whole whole(Tx tx, UUID task) {
        Future<RowSet<Row>> lines = tx.start(LINES, task);
        Future<RowSet<Row>> parts = tx.start(PARTS, task);
        Row kept = tx.run(ORIGINAL, task).iterator().next();
        byte[] original = unsealing.original(kept);
        Fhir.Format format = Unsealing.format(kept);
        List<byte[]> resources = new ArrayList<>();
        lines.await().forEach(row -> resources.add(unsealing.line(row)));
        resources.add(patient(kept, original, format));
        parts.await().forEach(row -> resources.add(unsealing.part(row)));
        return new Whole(resources, original, format);
    }

    /// The hospital's number of the visit that a prescription was written at, null when it gave
    /// none.
    public static @Nullable String visit(Tx tx, UUID task) {
        for (Row row : tx.run(VISIT, task)) {
            return find(row, CLINICAL_RESOURCE.IDENTIFIER);
        }
        return null;
    }

    /// The patient as the document names her, under the registry's id.
    private static byte[] patient(Row row, byte[] original, Fhir.Format format) {
        byte[] json = Fhir.convert(original, format, Fhir.Format.JSON);
        for (JsonNode entry : DocumentParts.tree(json).path("entry")) {
            JsonNode resource = entry.path("resource");
            if ("Patient".equals(resource.path("resourceType").asText())) {
                ObjectNode patient = (ObjectNode) resource;
                patient.put("id", get(row, PRESCRIPTION.PATIENT_ID).toString());
                return Unsealing.text(DocumentParts.write(patient));
            }
        }
        throw new IllegalStateException("an accepted document has a patient");
    }
}
