package org.yifang.queue.intake;

import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.Arriving.Result;
import org.yifang.queue.ticket.QueueLimits;

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
                        .scope("Task.c")
                        .roles(Role.HOSPITAL, Role.PHARMACY)
                        .handler(this::events));
    }

    private Answer events(Exchange exchange) {
        UploadReader.UploadBody usual =
                exchange.format() == Fhir.Format.JSON ? UploadReader.read(exchange.body()) : null;
        UploadReader.UploadBody told = usual == null ? told(exchange.inputs()) : usual;
        List<Result> results = desk.receive(exchange.caller(), told.sentAt(), told.events());
        exchange.audited();
        return Answer.ok(answer(results));
    }

    private static UploadReader.UploadBody told(Inputs inputs) {
        Instant sentAt = inputs.findInstant("sent-at");
        inputs.count("event", 1, QueueLimits.EVENTS_PER_CALL);
        List<Arriving> events = new ArrayList<>();
        for (Inputs event : inputs.parts("event")) {
            events.add(event(event));
        }
        inputs.done();
        return new UploadReader.UploadBody(sentAt, events);
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

    private static byte[] answer(List<Result> results) {
        return FhirWriter.parameters(
                all -> results.forEach(one -> all.group("result", parts -> result(parts, one))));
    }

    private static void result(NamedValues parts, Result result) {
        parts.string("ticket", result.ticket())
                .integer("seq", result.seq())
                .code("outcome", result.outcome().code())
                .string("issue", result.issue());
    }
}
