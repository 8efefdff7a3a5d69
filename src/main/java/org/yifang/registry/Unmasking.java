package org.yifang.registry;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/// `Patient/{id}/$unmask`: an auditor looks behind the mask of one person, for a reason that the
/// person can read, and for some minutes.
public final class Unmasking {
    /// How long one reason holds.
    public static final Duration FOR = Duration.ofMinutes(15);

    private static final int REASON_MOST = 200;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{5,}[0-9Xx]");

    private final Database database;
    private final Patients patients;
    private final Audit audit;

    public Unmasking(Database database, Patients patients, Audit audit) {
        this.database = database;
        this.patients = patients;
        this.audit = audit;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.instance("unmask", "Patient")
                        .roles(Role.AUDITOR)
                        .scope("Patient.r")
                        .handler(this::unmask));
    }

    /// What shows a patient to this caller: masked to an auditor who gave no reason.
    boolean isMasked(Caller caller, UUID patient) {
        return caller.is(Role.AUDITOR) && !isGranted(caller, patient);
    }

    private boolean isGranted(Caller caller, UUID patient) {
        return UnmaskingStore.isGranted(database, caller.clientId(), person(caller), patient);
    }

    private static String person(Caller caller) {
        return Objects.requireNonNullElse(caller.person().id(), "");
    }

    private Answer unmask(Exchange exchange) {
        Caller caller = exchange.caller();
        UUID id = exchange.id();
        Inputs in = exchange.inputs();
        CodeableConcept given = in.findConcept("reason");
        String reason = given == null ? "" : reason(given);
        if (reason.isEmpty()) {
            in.refuse(
                    "reason",
                    "There is no reason.",
                    "Say why this person must be known, in `text` or by a code; the person"
                            + " reads it.");
        }
        in.done();
        Patient patient = patients.find(id).orElseThrow(Unmasking::notFound);
        database.inTransaction(tx -> {
            UnmaskingStore.forgetOld(tx);
            Instant until = UnmaskingStore.grant(tx, caller.clientId(), person(caller), id);
            audit.append(tx, access(caller, id, reason, until));
            return id;
        });
        exchange.audited();
        return Answer.ok(PatientFhir.json(patient, false))
                .withVersion(patient.version(), patient.updatedAt())
                .touching(List.of(id), List.of());
    }

    private static Access access(Caller caller, UUID patient, String reason, Instant until) {
        return Access.operation(
                caller,
                "unmask",
                'E',
                null,
                List.of(patient),
                List.of(),
                "unmasked until " + until + ", because: " + reason);
    }

    /// The reason as the log keeps it, where it can never be taken away again: short, and without
    /// anybody's number.
    private static String reason(CodeableConcept given) {
        String code =
                given.getCoding().stream()
                        .filter(Coding::hasCode)
                        .map(Coding::getCode)
                        .findFirst()
                        .orElse("");
        String text = given.hasText() ? given.getText().strip() : "";
        String both = code + (code.isEmpty() || text.isEmpty() ? "" : ": ") + text;
        String plain = NUMBER.matcher(both).replaceAll("…");
        return plain.substring(
                0, plain.offsetByCodePoints(0, Math.min(REASON_MOST, codePoints(plain))));
    }

    private static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    private static Problem notFound() {
        return new Problem(ProblemCode.NOT_FOUND, "There is no such Patient for this caller.");
    }
}
