package org.yifang.queue.ticket;

import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

import java.util.List;

/// Writes a ticket as the FHIR Task that is sent.
final class TicketJson {
    /// @param events the complete clock of the ticket, empty for one that came from a file
    static byte[] write(TicketRow row, List<QueueEvent> events) {
        Ticket ticket = row.content();
        return FhirWriter.resource(
                "Task",
                json -> {
                    json.string("id", row.id().toString()).meta(row.version(), row.updatedAt());
                    json.list("extension", all -> extensions(all, row, events));
                    json.list(
                            "identifier",
                            all -> all.identifier(FhirJson.SIDS + "queue-ticket", row.ticket()));
                    if (row.visit() != null) {
                        json.identifier("groupIdentifier", FhirJson.SIDS + "visit", row.visit());
                    }
                    status(json, row);
                    if (row.prescription() != null) {
                        json.list("partOf", all -> all.reference("Task/" + row.prescription()));
                    }
                    json.reference("for", "Patient", row.patient());
                    json.period("executionPeriod", ticket.serviceStart(), ticket.serviceEnd());
                    json.instant("authoredOn", ticket.joined());
                    json.instant("lastModified", row.updatedAt());
                    json.reference("owner", "Organization", row.queue().organizationId());
                });
    }

    private static void extensions(FhirWriter all, TicketRow row, List<QueueEvent> events) {
        all.extension("queue", x -> x.string("valueString", row.queue().code()));
        all.extension("queue-day", x -> x.string("valueDate", row.day().toString()));
        if (row.department() != null) {
            all.extension("queue-department", x -> x.string("valueString", row.department()));
        }
        for (QueueEvent event : events) {
            all.extension("queue-event", x -> x.list("extension", parts -> event(parts, event)));
        }
    }

    private static void event(FhirWriter parts, QueueEvent event) {
        parts.part("code", x -> x.string("valueCode", event.code().code()));
        parts.part("at", x -> x.instant("valueInstant", event.at()));
        parts.part("at-source", x -> x.instant("valueInstant", event.atSource()));
        parts.part("source", x -> x.string("valueString", event.source()));
    }

    private static void status(FhirWriter json, TicketRow row) {
        TicketState state = row.content().state();
        json.string("status", state.taskStatus());
        json.concept("businessStatus", FhirJson.SYSTEMS + "queue-ticket-status", state.code());
        json.string("intent", "order");
        json.object("code", code -> code.list("coding", all -> codings(all, row)));
    }

    private static void codings(FhirWriter all, TicketRow row) {
        all.coding(FhirJson.SYSTEMS + "task-code", "queue-ticket");
        if (row.stage() != null) {
            all.coding(FhirJson.SYSTEMS + "queue-stage", row.stage().code());
        }
    }

    private TicketJson() {}
}
