package org.yifang.queue.intake;

import org.hl7.fhir.r4.model.Encounter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.IfNoneExist;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.queue.ticket.QueueLimits;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `POST /fhir/Encounter`: a hospital that speaks FHIR tells of waits by the statuses of visits.
/// The same visit is sent again whenever its status changes.
public final class VisitRoutes {
    private final VisitDesk desk;

    public VisitRoutes(VisitDesk desk) {
        this.desk = desk;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.create("Encounter")
                        .roles(Role.HOSPITAL)
                        .conditional()
                        .handler(this::take));
    }

    private Answer take(Exchange exchange) {
        Encounter encounter = exchange.resource(Encounter.class);
        Visit visit = new Visit(encounter);
        List<Finding> faults = new ArrayList<>();
        String number = visit.number();
        if (number == null || number.isBlank() || number.length() > QueueLimits.NAME_LENGTH) {
            faults.add(
                    missing(
                            "The visit has no identifier of 1 to 64 characters.",
                            "Encounter.identifier"));
        }
        // A code that is none is dropped by the parser: the element is there and has no value.
        if (encounter.getStatus() == null) {
            faults.add(missing("The visit has no status of FHIR R4.", "Encounter.status"));
        }
        for (int i = 0; i < encounter.getStatusHistory().size(); i++) {
            if (encounter.getStatusHistory().get(i).getStatus() == null) {
                faults.add(
                        missing(
                                "A status of the past is none of FHIR R4.",
                                "Encounter.statusHistory[" + i + "].status"));
            }
        }
        if (!faults.isEmpty()) {
            throw new Problem(faults);
        }
        IfNoneExist absent = exchange.ifNoneExist();
        if (absent != null) {
            absent.requireOf(visit.system(), number);
        }
        VisitDesk.StoredVisit kept =
                desk.take(exchange.caller(), visit, Objects.requireNonNull(number), absent != null);
        exchange.audited();
        Answer answer =
                Answer.ok(kept.json())
                        .withStatus(kept.isNew() ? 201 : 200)
                        .withVersion(kept.version(), kept.updatedAt());
        return answer.withLocation("Encounter/" + kept.id());
    }

    private static Finding missing(String detail, String where) {
        return new Finding(
                ProblemCode.PARAMETER_MISSING,
                detail,
                "A visit is known by its number and stands in a status.",
                where,
                false);
    }
}
