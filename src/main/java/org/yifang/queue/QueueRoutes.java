package org.yifang.queue;

import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Answer;
import org.yifang.fhir.Exchange;
import org.yifang.fhir.FhirRouter;
import org.yifang.fhir.Inputs;
import org.yifang.fhir.Operation;
import org.yifang.platform.Role;
import org.yifang.queue.Arriving.Result;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes queue events in: reads them, asks the desk, tells what became of each.
public final class QueueRoutes {
    private static final Pattern TASK =
            Pattern.compile("(?:.*/)?Task/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})");

    private final QueueDesk desk;

    public QueueRoutes(QueueDesk desk) {
        this.desk = desk;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.system("queue-events")
                        .roles(Role.HOSPITAL, Role.PHARMACY)
                        .handler(this::events));
    }

    private Answer events(Exchange exchange) {
        Inputs inputs = exchange.inputs();
        Instant sentAt = inputs.findInstant("sent-at");
        inputs.count("event", 1, QueueLimits.EVENTS_PER_CALL);
        List<Arriving> events = new ArrayList<>();
        for (Inputs event : inputs.parts("event")) {
            events.add(event(event));
        }
        inputs.done();
        List<Result> results = desk.receive(exchange.caller(), sentAt, events);
        exchange.audited();
        return Answer.ok(answer(results));
    }

    private static Arriving event(Inputs event) {
        Instant at = event.instant("at");
        LocalDate day = event.findDate("day");
        return new Arriving(
                event.string("ticket"),
                event.string("queue"),
                event.integer("seq"),
                event.code("stage"),
                event.code("code"),
                at,
                day == null ? LocalDate.ofInstant(at, QueueLimits.ZONE) : day,
                event.findString("department"),
                event.findString("visit"),
                task(event),
                null);
    }

    private static @Nullable UUID task(Inputs event) {
        Reference reference = event.findReference("prescription");
        if (reference == null) {
            return null;
        }
        String to = Objects.requireNonNullElse(reference.getReference(), "");
        Matcher matcher = TASK.matcher(to);
        if (!matcher.matches()) {
            event.refuse(
                    "prescription",
                    "`" + to + "` is no reference to a prescription's Task.",
                    "Send `Task/` and the id that `$submit-prescription` answered with.");
            return null;
        }
        return UUID.fromString(matcher.group(1));
    }

    private static Parameters answer(List<Result> results) {
        Parameters answer = new Parameters();
        for (Result result : results) {
            ParametersParameterComponent one = answer.addParameter().setName("result");
            one.addPart().setName("ticket").setValue(new StringType(result.ticket()));
            one.addPart().setName("seq").setValue(new IntegerType(result.seq()));
            one.addPart().setName("outcome").setValue(new CodeType(result.outcome().code()));
            if (result.issue() != null) {
                one.addPart().setName("issue").setValue(new StringType(result.issue()));
            }
        }
        return answer;
    }
}
