package org.yifang.prescription.life;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Altered;
import org.yifang.platform.data.TextSeal;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.prescription.paper.LineJson;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/// Opens what is sealed and shows each caller its part of it.
public final class Unsealing {
    /// The column that says of a Task without a MAC whether the log knows it as it stands.
    public static final String INTACT = "_intact";

    private final Seal seal;

    public Unsealing(Seal seal) {
        this.seal = seal;
    }

    public DocumentKey key(byte[] patientKey, byte[] documentKey) {
        return seal.documentKey(patientKey, documentKey);
    }

    /// A reason in somebody's own words, sealed under the key of its document.
    public String sealed(PrescriptionRow row, String text) {
        return texts(row.id(), key(row.patientKey(), row.documentKey())).seal(text);
    }

    private static TextSeal texts(UUID id, DocumentKey key) {
        String place = "reason/" + id;
        return new TextSeal(
                plain -> key.key().seal(plain, place), sealed -> key.key().open(sealed, place));
    }

    /// A Task with the reasons in it opened; those of an erased person are gone.
    private byte[] opened(UUID id, byte[] task, byte[] patientKey, byte[] documentKey) {
        if (!TextSeal.hasSealed(task)) {
            return task;
        }
        TextSeal seal =
                Arrays.equals(patientKey, Seal.erased())
                        ? new TextSeal(plain -> plain, sealed -> text("…"))
                        : texts(id, key(patientKey, documentKey));
        return seal.openAll(task, FhirJson::quoted);
    }

    /// What vouches for a version of a Task as it is stored.
    public byte[] vouch(UUID id, long version, byte[] task) {
        return seal.vouch(place(id, version), task);
    }

    private static String place(UUID id, long version) {
        return "Task/" + id + "/" + version;
    }

    private byte[] vouchedFor(Row row, UUID id, long version, byte[] task, byte @Nullable [] mac) {
        boolean well =
                mac == null
                        ? Boolean.TRUE.equals(row.getBoolean(INTACT))
                        : seal.isVouchedFor(place(id, version), task, mac);
        if (!well) {
            throw new Altered("`" + place(id, version) + "`");
        }
        return task;
    }

    /// A Task out of a row of prescription and patient.
    ///
    /// @throws Altered when it is not what the service wrote
    public byte[] task(Row row, Caller caller) {
        UUID id = get(row, PRESCRIPTION.ID);
        return task(
                caller,
                id,
                vouchedFor(
                        row,
                        id,
                        row.getLong("_version"),
                        get(row, PRESCRIPTION.TASK),
                        find(row, PRESCRIPTION.TASK_MAC)),
                find(row, PRESCRIPTION.CLAIMED_BY),
                find(row, PRESCRIPTION.LEASE_UNTIL),
                find(row, PRESCRIPTION.CLAIM_PREPARED),
                find(row, PRESCRIPTION.DIRECTED_TO),
                get(row, PATIENT.PATIENT_KEY),
                get(row, PRESCRIPTION.DOCUMENT_KEY),
                get(row, PRESCRIPTION.PICKUP_CODE),
                get(row, PRESCRIPTION.PICKUP_TOKEN),
                find(row, PRESCRIPTION.REVIEWS));
    }

    /// A former version of a Task, out of a row of the history.
    public byte[] version(Row row, Caller caller) {
        byte[] task =
                vouchedFor(
                        row,
                        get(row, PRESCRIPTION_HISTORY.PRESCRIPTION_ID),
                        get(row, PRESCRIPTION_HISTORY.VERSION),
                        get(row, PRESCRIPTION_HISTORY.TASK),
                        find(row, PRESCRIPTION_HISTORY.TASK_MAC));
        byte[] held =
                FhirJson.withTail(
                        task,
                        TaskJson.holder(
                                caller,
                                find(row, PRESCRIPTION_HISTORY.CLAIMED_BY),
                                find(row, PRESCRIPTION_HISTORY.LEASE_UNTIL),
                                null,
                                find(row, PRESCRIPTION_HISTORY.DIRECTED_TO)));
        byte[] shown =
                seesReviews(caller)
                        ? FhirJson.withTail(
                                held, TaskJson.outputs(find(row, PRESCRIPTION_HISTORY.REVIEWS)))
                        : held;
        return opened(
                get(row, PRESCRIPTION_HISTORY.PRESCRIPTION_ID),
                shown,
                get(row, PATIENT.PATIENT_KEY),
                get(row, PRESCRIPTION.DOCUMENT_KEY));
    }

    /// Who reviewed is the hospital's and the reviewers' matter; auditors read it in the events.
    private static boolean seesReviews(Caller caller) {
        return caller.is(Role.HOSPITAL) || caller.is(Role.REVIEWER);
    }

    /// A Task out of a locked row, as the caller would read it.
    public byte[] task(PrescriptionRow row, Caller caller, Terms terms, Instant updated) {
        Claim claim = row.prescription().facts().claim();
        Claim current = claim != null && claim.ended() == null ? claim : null;
        return task(
                caller,
                row.id(),
                TaskJson.write(row.frame(), row.prescription(), terms, row.version(), updated),
                current == null ? null : current.pharmacy(),
                current == null ? null : current.leaseUntil(),
                current == null ? null : current.prepared(),
                row.prescription().facts().directedTo(),
                row.patientKey(),
                row.documentKey(),
                row.pickupCode(),
                row.pickupToken(),
                row.reviews().bytes());
    }

    private byte[] task(
            Caller caller,
            UUID id,
            byte[] common,
            @Nullable UUID owner,
            @Nullable Instant lease,
            @Nullable Instant prepared,
            @Nullable UUID directedTo,
            byte[] patientKey,
            byte[] documentKey,
            byte[] code,
            byte[] token,
            byte @Nullable [] reviews) {
        byte[] shown =
                shown(
                        caller,
                        id,
                        common,
                        owner,
                        lease,
                        prepared,
                        directedTo,
                        patientKey,
                        documentKey,
                        code,
                        token,
                        reviews);
        return opened(id, shown, patientKey, documentKey);
    }

    private byte[] shown(
            Caller caller,
            UUID id,
            byte[] common,
            @Nullable UUID owner,
            @Nullable Instant lease,
            @Nullable Instant prepared,
            @Nullable UUID directedTo,
            byte[] patientKey,
            byte[] documentKey,
            byte[] code,
            byte[] token,
            byte @Nullable [] reviews) {
        byte[] reviewed = seesReviews(caller) ? reviews : null;
        byte[] shown =
                FhirJson.withTail(
                        common, TaskJson.holder(caller, owner, lease, prepared, directedTo));
        if (!TaskJson.isClose(caller)) {
            return FhirJson.withTail(shown, TaskJson.outputs(reviewed));
        }
        DocumentKey key = key(patientKey, documentKey);
        return FhirJson.withTail(
                shown,
                TaskJson.outputs(
                        text(key.open(code, "pickup-code/" + id)),
                        text(key.open(token, "pickup-token/" + id)),
                        reviewed));
    }

    /// The document as it was signed, with the id under which it is read.
    public byte[] bundle(Row row) {
        UUID id = get(row, PRESCRIPTION.BUNDLE_ID);
        var tree = DocumentParts.tree(Fhir.convert(original(row), format(row), Fhir.Format.JSON));
        tree.remove(java.util.List.of("id", "meta"));
        byte[] head =
                FhirWriter.members(to ->
                        to.string("id", id.toString()).meta(1, get(row, PRESCRIPTION.CREATED_AT)));
        return FhirJson.withHead(head, text(DocumentParts.write(tree)));
    }

    /// What the submitted bytes are written in.
    public static Fhir.Format format(Row row) {
        return Fhir.Format.JSON.mediaType().equals(get(row, PRESCRIPTION.ORIGINAL_TYPE))
                ? Fhir.Format.JSON
                : Fhir.Format.XML;
    }

    /// The submitted bytes.
    public byte[] original(Row row) {
        return key(get(row, PATIENT.PATIENT_KEY), get(row, PRESCRIPTION.DOCUMENT_KEY))
                .open(
                        get(row, PRESCRIPTION.ORIGINAL),
                        "Binary/" + get(row, PRESCRIPTION.ORIGINAL_ID));
    }

    /// The submitted bytes as a Binary resource.
    public byte[] binary(Row row) {
        String data = java.util.Base64.getEncoder().encodeToString(original(row));
        return FhirWriter.resource(
                "Binary",
                json ->
                        json.string("id", get(row, PRESCRIPTION.ORIGINAL_ID).toString())
                                .string("contentType", get(row, PRESCRIPTION.ORIGINAL_TYPE))
                                .string("data", data));
    }

    public byte[] line(Row row) {
        UUID id = get(row, PRESCRIPTION_LINE.ID);
        byte[] stored =
                key(get(row, PATIENT.PATIENT_KEY), get(row, PRESCRIPTION.DOCUMENT_KEY))
                        .open(get(row, PRESCRIPTION_LINE.CONTENT), "MedicationRequest/" + id);
        return LineJson.request(
                id,
                get(row, PRESCRIPTION_LINE.VERSION),
                get(row, PRESCRIPTION_LINE.UPDATED_AT),
                get(row, PRESCRIPTION_LINE.STATUS),
                get(row, PRESCRIPTION_LINE.REMAINING),
                get(row, PRESCRIPTION_LINE.UNIT),
                stored);
    }

    public byte[] dispense(Row row) {
        UUID id = get(row, DISPENSE.ID);
        byte[] stored =
                key(get(row, PATIENT.PATIENT_KEY), get(row, PRESCRIPTION.DOCUMENT_KEY))
                        .open(get(row, DISPENSE.CONTENT), "MedicationDispense/" + id);
        return LineJson.dispense(
                id,
                get(row, DISPENSE.VERSION),
                get(row, DISPENSE.UPDATED_AT),
                get(row, DISPENSE.TAKEN_BACK),
                get(row, PRESCRIPTION_LINE.UNIT),
                stored);
    }

    public byte[] dispense(PrescriptionRow row, DispenseStore.KeptDispense kept) {
        byte[] stored =
                key(row.patientKey(), row.documentKey())
                        .open(kept.content(), "MedicationDispense/" + kept.id());
        String unit =
                row.drugs().stream()
                        .filter(drug -> drug.line().equals(kept.line()))
                        .findFirst()
                        .map(PrescriptionRow.LineDrug::unit)
                        .orElse("");
        return LineJson.dispense(
                kept.id(), kept.version(), kept.updatedAt(), kept.takenBack(), unit, stored);
    }

    public byte[] part(Row row) {
        UUID id = get(row, CLINICAL_RESOURCE.ID);
        byte[] stored =
                key(get(row, PATIENT.PATIENT_KEY), get(row, CLINICAL_RESOURCE.DOCUMENT_KEY))
                        .open(
                                get(row, CLINICAL_RESOURCE.CONTENT),
                                get(row, CLINICAL_RESOURCE.TYPE) + "/" + id);
        byte[] meta =
                FhirWriter.members(to ->
                        to.meta(
                                get(row, CLINICAL_RESOURCE.VERSION),
                                get(row, CLINICAL_RESOURCE.UPDATED_AT)));
        return FhirJson.withHead(meta, stored);
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
