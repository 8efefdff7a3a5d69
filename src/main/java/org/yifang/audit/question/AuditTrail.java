package org.yifang.audit.question;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.UUID;

/// `Patient/{id}/$audit-trail`: a patient reads who looked at the own data, when and why.
final class AuditTrail {
    private static final int PAGE = 50;

    private final Database database;
    private final EventStore store;
    private final AuditEventFhir fhir;

    AuditTrail(Database database, EventStore store, AuditEventFhir fhir) {
        this.database = database;
        this.store = store;
        this.fhir = fhir;
    }

    void mount(FhirRouter router) {
        router.mount(
                Operation.instance("audit-trail", "Patient")
                        .roles(Role.PATIENT)
                        .scope("AuditEvent.r")
                        .reads()
                        .handler(this::trail));
    }

    private Answer trail(Exchange exchange) {
        Caller caller = exchange.caller();
        UUID patient = exchange.id();
        Inputs in = exchange.inputs();
        Integer count = in.findInteger("count");
        String before = in.findString("before");
        UUID from = before == null ? null : AuditEventViews.uuid(before);
        if (before != null && from == null) {
            in.refuse("before", "`" + before + "` is no id.", "Follow the `next` link of a page.");
        }
        if (count != null && (count < 1 || count > Limits.PAGE_MOST)) {
            in.refuse("count", "`" + count + "` events.", "Ask for 1 to " + Limits.PAGE_MOST + ".");
        }
        boolean others = Boolean.TRUE.equals(in.findFlag("others"));
        in.done();
        // Another person's trail is no more to be seen than the person.
        if (!patient.equals(caller.patientId())) {
            throw new Problem(ProblemCode.NOT_FOUND, "There is no such Patient for this caller.");
        }
        return Answer.ok(page(caller, patient, count == null ? PAGE : count, from, others))
                .touching(List.of(patient), List.of());
    }

    private byte[] page(
            Caller caller, UUID patient, int count, @Nullable UUID before, boolean others) {
        List<Event> events =
                AuditEventViews.trail(
                        database,
                        store,
                        new AuditEventViews.Trail(patient, caller.taskId(), before, others),
                        count + 1);
        String self =
                "Patient/"
                        + patient
                        + "/$audit-trail?count="
                        + count
                        + (others ? "&others=true" : "");
        List<Event> shown = events.subList(0, Math.min(count, events.size()));
        return FhirWriter.resource(
                "Bundle",
                json -> {
                    json.string("type", "searchset");
                    json.list(
                            "link",
                            all -> {
                                link(all, "self", before == null ? self : after(self, before));
                                if (events.size() > count) {
                                    link(all, "next", after(self, shown.getLast().id()));
                                }
                            });
                    json.list("entry", all -> shown.forEach(one -> entry(all, one, caller)));
                });
    }

    private void entry(FhirWriter all, Event event, Caller caller) {
        all.element(one -> {
            one.string("fullUrl", "urn:uuid:" + event.id());
            one.raw("resource", fhir.json(event, caller));
            one.object("search", search -> search.string("mode", "match"));
        });
    }

    private static String after(String self, UUID last) {
        return self + "&before=" + last;
    }

    private static void link(FhirWriter all, String relation, String url) {
        all.element(one -> one.string("relation", relation).string("url", url));
    }
}
