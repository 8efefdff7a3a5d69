package org.yifang.prescription.read;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `Task/{id}/$legal-hold`: an auditor keeps a prescription as evidence. While it is held nothing
/// of it is erased, neither by command nor at the end of retention.
public final class LegalHolds {
    private static final int REASON_MOST = 200;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{5,}[0-9Xx]");

    private final PrescriptionDesk desk;
    private final Audit audit;
    private final InstantSource clock;

    public LegalHolds(PrescriptionDesk desk, Audit audit, InstantSource clock) {
        this.desk = desk;
        this.audit = audit;
        this.clock = clock;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.instance("legal-hold", "Task")
                        .roles(Role.AUDITOR)
                        .scope("Task.r")
                        .handler(this::hold));
    }

    private Answer hold(Exchange exchange) {
        Caller caller = exchange.caller();
        Inputs in = exchange.inputs();
        Boolean hold = in.findFlag("hold");
        if (hold == null) {
            in.refuse(
                    "hold",
                    "It is not said whether to hold.",
                    "Give `hold` with `valueBoolean`: true holds, false lets go.");
        }
        String reason = reason(in.findConcept("reason"));
        if (reason.isEmpty()) {
            in.refuse(
                    "reason",
                    "There is no reason.",
                    "Say in `text` why the prescription is kept or let go;"
                            + " without anybody's name.");
        }
        in.done();
        UUID task = exchange.id();
        Answer answer =
                desk.database()
                        .together(() -> {
                            set(caller, task, Boolean.TRUE.equals(hold), reason);
                            PrescriptionRow row = desk.read(task);
                            return Answer.ok(desk.task(row, caller))
                                    .withVersion(row.version(), row.updatedAt())
                                    .withLocation("Task/" + row.id());
                        });
        exchange.audited();
        return answer;
    }

    private void set(Caller caller, UUID task, boolean hold, String reason) {
        desk.database()
                .inTransaction(tx -> {
                    UUID patient =
                            LegalHoldStore.patient(tx, task).orElseThrow(LegalHolds::notFound);
                    boolean changed = LegalHoldStore.set(tx, task, hold, clock.instant());
                    String told =
                            (hold ? "held as evidence" : "no longer held as evidence")
                                    + (changed ? "" : ", as before")
                                    + ", because: "
                                    + reason;
                    audit.append(
                            tx,
                            Access.operation(
                                    caller,
                                    "legal-hold",
                                    'U',
                                    null,
                                    List.of(patient),
                                    List.of(task),
                                    told));
                    return task;
                });
    }

    /// The reason as the log keeps it, where it can never be taken away again: short, and without
    /// anybody's number.
    private static String reason(@Nullable CodeableConcept given) {
        Reason told = Reason.of(given, "legal-hold-reason");
        String both =
                Stream.of(told.code(), told.text())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(": "));
        String plain = NUMBER.matcher(both).replaceAll("…");
        int most = Math.min(REASON_MOST, plain.codePointCount(0, plain.length()));
        return plain.substring(0, plain.offsetByCodePoints(0, most));
    }

    private static Problem notFound() {
        return new Problem(ProblemCode.NOT_FOUND, "There is no such Task for this caller.");
    }
}
