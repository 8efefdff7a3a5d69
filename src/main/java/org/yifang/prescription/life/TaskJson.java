package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;
import org.yifang.prescription.paper.RxNumbers;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/// The workflow Task as it is sent.
public final class TaskJson {
    private static final String STATUS = FhirJson.SYSTEMS + "prescription-status";
    private static final String VALUE = "valueReference";

    /// What everyone sees who may see the prescription.
    public static byte[] write(
            TaskFrame frame,
            Prescription prescription,
            Terms terms,
            long version,
            Instant updated) {
        State state = prescription.state();
        Facts facts = prescription.facts();
        return FhirWriter.resource(
                "Task",
                json -> {
                    json.string("id", frame.id().toString());
                    meta(json, version, updated);
                    json.list(
                            "identifier",
                            all -> all.identifier(RxNumbers.PRESCRIPTION, frame.rxNumber()));
                    json.identifier("groupIdentifier", RxNumbers.PRESCRIPTION, frame.rxNumber());
                    json.string("status", state.taskStatus());
                    reason(json, frame.reason(), state);
                    json.concept("businessStatus", STATUS, state.code());
                    json.string("intent", "order").string("priority", frame.priority());
                    json.concept("code", FhirJson.SYSTEMS + "task-code", "prescription");
                    json.reference("focus", "Bundle", frame.bundle());
                    json.reference("for", "Patient", frame.patient());
                    json.instant("authoredOn", frame.createdAt()).instant("lastModified", updated);
                    json.reference("requester", "Organization", frame.hospital());
                    restriction(json, frame, prescription, facts, terms);
                    json.list("input", inputs -> inputs(inputs, frame, facts));
                });
    }

    private static void meta(FhirWriter json, long version, Instant updated) {
        json.meta(
                version,
                FhirJson.instant(updated),
                meta ->
                        meta.list(
                                "profile",
                                all -> all.string(FhirJson.EXTENSIONS + "prescription-task")));
    }

    private static void reason(FhirWriter json, Reason reason, State state) {
        json.concept(
                "statusReason",
                Objects.requireNonNullElse(reason.system(), FhirJson.SYSTEMS + reasonSystem(state)),
                reason.code(),
                reason.text());
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
            FhirWriter json, TaskFrame frame, Prescription prescription, Facts facts, Terms terms) {
        boolean next = prescription instanceof Prescription.AwaitingNextFill;
        int fill = next ? facts.fill() + 1 : facts.fill();
        Instant end = facts.closes(fill, terms);
        if (prescription instanceof Prescription.AwaitingReview && frame.reviewDue() != null) {
            end = frame.reviewDue();
        }
        Instant until = end;
        json.object(
                "restriction",
                one ->
                        one.number("repetitions", facts.fills())
                                .period("period", facts.opens(fill), until));
    }

    private static void inputs(FhirWriter inputs, TaskFrame frame, Facts facts) {
        for (UUID line : frame.lines()) {
            input(inputs, "line", one -> one.reference(VALUE, "MedicationRequest", line));
        }
        input(inputs, "original", one -> one.reference(VALUE, "Binary", frame.original()));
        input(inputs, "fill", one -> one.number("valueInteger", facts.fill()));
        input(inputs, "sharing-basis", one -> one.string("valueCode", frame.sharingBasis()));
        if (frame.successor() != null) {
            input(inputs, "successor", one -> one.reference(VALUE, "Task", frame.successor()));
        }
    }

    private static void input(FhirWriter inputs, String code, Consumer<FhirWriter> value) {
        inputs.element(one -> {
            one.concept("type", FhirJson.SYSTEMS + "task-input", code);
            value.accept(one);
        });
    }

    /// Whose own the prescription is: who wrote it, and whom it is for.
    static boolean isClose(Caller caller) {
        return caller.is(Role.HOSPITAL) || caller.is(Role.PATIENT);
    }

    /// Who holds it and until when, since when the drugs lie ready there, and whom the patient
    /// chose: for hospital, patient and the holder, the latter for the one chosen, too.
    static byte[] holder(
            Caller caller,
            @Nullable UUID owner,
            @Nullable Instant leaseUntil,
            @Nullable Instant prepared,
            @Nullable UUID directedTo) {
        UUID own = caller.organizationId();
        boolean seesHolder = owner != null && (isClose(caller) || own.equals(owner));
        boolean seesChosen = isClose(caller) || own.equals(directedTo);
        return holder(
                seesHolder ? owner : null, leaseUntil, prepared, seesChosen ? directedTo : null);
    }

    private static byte[] holder(
            @Nullable UUID owner,
            @Nullable Instant leaseUntil,
            @Nullable Instant prepared,
            @Nullable UUID directedTo) {
        return FhirWriter.members(json -> {
            json.reference("owner", "Organization", owner);
            json.list(
                    "extension",
                    all -> {
                        if (owner != null && leaseUntil != null) {
                            all.extension(
                                    "lease-until", x -> x.instant("valueInstant", leaseUntil));
                        }
                        if (owner != null && prepared != null) {
                            all.extension("prepared", x -> x.instant("valueInstant", prepared));
                        }
                        if (directedTo != null) {
                            all.extension(
                                    "directed-to",
                                    x -> x.reference(VALUE, "Organization", directedTo));
                        }
                    });
        });
    }

    /// Code and token, for hospital and patient only, and the reviews for the former.
    static byte[] outputs(String pickupCode, String pickupToken, byte @Nullable [] reviews) {
        return FhirWriter.members(json ->
                json.list(
                        "output",
                        all -> {
                            output(all, "pickup-code", pickupCode);
                            output(all, "pickup-token", pickupToken);
                            all.elements(reviews);
                        }));
    }

    /// The reviews alone, for reviewers and in former versions; nothing when there is none.
    static byte[] outputs(byte @Nullable [] reviews) {
        return FhirWriter.members(json -> json.list("output", all -> all.elements(reviews)));
    }

    private static void output(FhirWriter outputs, String code, String value) {
        outputs.element(one ->
                one.concept("type", FhirJson.SYSTEMS + "task-output", code)
                        .string("valueString", value));
    }

    private TaskJson() {}
}
