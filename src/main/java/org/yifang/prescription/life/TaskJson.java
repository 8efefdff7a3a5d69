package org.yifang.prescription.life;

import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/// The workflow Task as it is sent.
public final class TaskJson {
    /// What everyone sees who may see the prescription.
    public static byte[] write(
            TaskFrame frame,
            Prescription prescription,
            Terms terms,
            long version,
            Instant updated) {
        State state = prescription.state();
        Facts facts = prescription.facts();
        return FhirJson.object(json -> {
            json.writeStringField("resourceType", "Task");
            json.writeStringField("id", frame.id().toString());
            meta(json, version, updated);
            json.writeObjectFieldStart("groupIdentifier");
            json.writeStringField("system", RxNumbers.PRESCRIPTION);
            json.writeStringField("value", frame.rxNumber());
            json.writeEndObject();
            json.writeStringField("status", state.taskStatus());
            Reason reason = frame.reason();
            FhirJson.concept(
                    json,
                    "statusReason",
                    Objects.requireNonNullElse(
                            reason.system(), FhirJson.SYSTEMS + reasonSystem(state)),
                    reason.code(),
                    reason.text());
            FhirJson.concept(
                    json,
                    "businessStatus",
                    FhirJson.SYSTEMS + "prescription-status",
                    state.code(),
                    null);
            json.writeStringField("intent", "order");
            json.writeStringField("priority", frame.priority());
            FhirJson.concept(json, "code", FhirJson.SYSTEMS + "task-code", "prescription", null);
            FhirJson.reference(json, "focus", "Bundle", frame.bundle());
            FhirJson.reference(json, "for", "Patient", frame.patient());
            json.writeStringField("authoredOn", FhirJson.instant(frame.createdAt()));
            json.writeStringField("lastModified", FhirJson.instant(updated));
            FhirJson.reference(json, "requester", "Organization", frame.hospital());
            restriction(json, frame, prescription, facts, terms);
            inputs(json, frame, facts);
        });
    }

    private static void meta(JsonGenerator json, long version, Instant updated) throws IOException {
        json.writeObjectFieldStart("meta");
        json.writeStringField("versionId", String.valueOf(version));
        json.writeStringField("lastUpdated", FhirJson.instant(updated));
        json.writeArrayFieldStart("profile");
        json.writeString(FhirJson.EXTENSIONS + "prescription-task");
        json.writeEndArray();
        json.writeEndObject();
    }

    /// Which reasons belong to a state, for rows that kept no system with the code.
    private static String reasonSystem(State state) {
        return switch (state) {
            case AWAITING_REVIEW, REVIEW_REFUSED -> "review-reason";
            case CANCELLED, REST_CANCELLED -> "cancel-reason";
            case SUSPENDED -> "suspend-reason";
            case AWAITING_CLAIM,
                    CLAIMED,
                    PARTLY_DISPENSED,
                    REST_AWAITING_CLAIM,
                    AWAITING_NEXT_FILL,
                    DISPENSED,
                    EXPIRED,
                    REST_EXPIRED ->
                    "release-reason";
        };
    }

    /// When it can be fulfilled; while it awaits review, until when the review is due.
    private static void restriction(
            JsonGenerator json,
            TaskFrame frame,
            Prescription prescription,
            Facts facts,
            Terms terms)
            throws IOException {
        boolean next = prescription instanceof Prescription.AwaitingNextFill;
        int fill = next ? facts.fill() + 1 : facts.fill();
        Instant end = facts.closes(fill, terms);
        if (prescription instanceof Prescription.AwaitingReview && frame.reviewDue() != null) {
            end = frame.reviewDue();
        }
        json.writeObjectFieldStart("restriction");
        json.writeNumberField("repetitions", facts.fills());
        json.writeObjectFieldStart("period");
        json.writeStringField("start", FhirJson.instant(facts.opens(fill)));
        json.writeStringField("end", FhirJson.instant(end));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void inputs(JsonGenerator json, TaskFrame frame, Facts facts)
            throws IOException {
        json.writeArrayFieldStart("input");
        for (UUID line : frame.lines()) {
            json.writeStartObject();
            FhirJson.concept(json, "type", FhirJson.SYSTEMS + "task-input", "line", null);
            FhirJson.reference(json, "valueReference", "MedicationRequest", line);
            json.writeEndObject();
        }
        json.writeStartObject();
        FhirJson.concept(json, "type", FhirJson.SYSTEMS + "task-input", "original", null);
        FhirJson.reference(json, "valueReference", "Binary", frame.original());
        json.writeEndObject();
        json.writeStartObject();
        FhirJson.concept(json, "type", FhirJson.SYSTEMS + "task-input", "fill", null);
        json.writeNumberField("valueInteger", facts.fill());
        json.writeEndObject();
        if (frame.successor() != null) {
            json.writeStartObject();
            FhirJson.concept(json, "type", FhirJson.SYSTEMS + "task-input", "successor", null);
            FhirJson.reference(json, "valueReference", "Task", frame.successor());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// Who holds it, until when, and whom the patient chose: for hospital, patient and the holder.
    static byte[] holder(
            @Nullable UUID owner, @Nullable Instant leaseUntil, @Nullable UUID directedTo) {
        return FhirJson.members(json -> {
            if (owner != null) {
                FhirJson.reference(json, "owner", "Organization", owner);
            }
            if (directedTo == null && (owner == null || leaseUntil == null)) {
                return;
            }
            json.writeArrayFieldStart("extension");
            if (owner != null && leaseUntil != null) {
                json.writeStartObject();
                json.writeStringField("url", FhirJson.EXTENSIONS + "lease-until");
                json.writeStringField("valueInstant", FhirJson.instant(leaseUntil));
                json.writeEndObject();
            }
            if (directedTo != null) {
                json.writeStartObject();
                json.writeStringField("url", FhirJson.EXTENSIONS + "directed-to");
                FhirJson.reference(json, "valueReference", "Organization", directedTo);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /// Code and token, for hospital and patient only, and the reviews for the former.
    static byte[] outputs(String pickupCode, String pickupToken, byte @Nullable [] reviews) {
        return FhirJson.members(json -> {
            json.writeArrayFieldStart("output");
            output(json, "pickup-code", pickupCode);
            output(json, "pickup-token", pickupToken);
            raw(json, reviews);
            json.writeEndArray();
        });
    }

    /// The reviews alone, for reviewers and in former versions; nothing when there is none.
    static byte[] outputs(byte @Nullable [] reviews) {
        return FhirJson.members(json -> {
            if (reviews != null) {
                json.writeArrayFieldStart("output");
                raw(json, reviews);
                json.writeEndArray();
            }
        });
    }

    /// The elements of a written array, among those of the one being written.
    private static void raw(JsonGenerator json, byte @Nullable [] array) throws IOException {
        if (array != null && array.length > 2) {
            json.writeRawValue(new String(array, 1, array.length - 2, StandardCharsets.UTF_8));
        }
    }

    private static void output(JsonGenerator json, String code, String value) throws IOException {
        json.writeStartObject();
        FhirJson.concept(json, "type", FhirJson.SYSTEMS + "task-output", code, null);
        json.writeStringField("valueString", value);
        json.writeEndObject();
    }

    private TaskJson() {}
}
