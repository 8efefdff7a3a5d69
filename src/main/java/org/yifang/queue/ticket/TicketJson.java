package org.yifang.queue.ticket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// Writes a ticket as the FHIR Task that is sent.
final class TicketJson {
    private static final String ROOT = "https://yifang.org/fhir/";
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(QueueLimits.ZONE);

    /// @param events the complete clock of the ticket, empty for one that came from a file
    static byte[] write(TicketRow row, List<QueueEvent> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("resourceType", "Task");
            json.writeStringField("id", row.id().toString());
            json.writeObjectFieldStart("meta");
            json.writeStringField("versionId", String.valueOf(row.version()));
            json.writeStringField("lastUpdated", INSTANT.format(row.updatedAt()));
            json.writeEndObject();
            extensions(json, row, events);
            json.writeArrayFieldStart("identifier");
            identifier(json, "queue-ticket", row.ticket());
            json.writeEndArray();
            if (row.visit() != null) {
                json.writeFieldName("groupIdentifier");
                identifier(json, "visit", row.visit());
            }
            status(json, row);
            if (row.prescription() != null) {
                json.writeArrayFieldStart("partOf");
                json.writeStartObject();
                json.writeStringField("reference", "Task/" + row.prescription());
                json.writeEndObject();
                json.writeEndArray();
            }
            if (row.patient() != null) {
                reference(json, "for", "Patient/" + row.patient());
            }
            period(json, row.content());
            instant(json, "authoredOn", row.content().joined());
            instant(json, "lastModified", row.updatedAt());
            reference(json, "owner", "Organization/" + row.queue().organizationId());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void extensions(JsonGenerator json, TicketRow row, List<QueueEvent> events)
            throws IOException {
        json.writeArrayFieldStart("extension");
        json.writeStartObject();
        json.writeStringField("url", ROOT + "StructureDefinition/queue");
        json.writeStringField("valueString", row.queue().code());
        json.writeEndObject();
        json.writeStartObject();
        json.writeStringField("url", ROOT + "StructureDefinition/queue-day");
        json.writeStringField("valueDate", row.day().toString());
        json.writeEndObject();
        if (row.department() != null) {
            json.writeStartObject();
            json.writeStringField("url", ROOT + "StructureDefinition/queue-department");
            json.writeStringField("valueString", row.department());
            json.writeEndObject();
        }
        for (QueueEvent event : events) {
            json.writeStartObject();
            json.writeStringField("url", ROOT + "StructureDefinition/queue-event");
            json.writeArrayFieldStart("extension");
            part(json, "code", "valueCode", event.code().code());
            part(json, "at", "valueInstant", INSTANT.format(event.at()));
            part(json, "at-source", "valueInstant", INSTANT.format(event.atSource()));
            part(json, "source", "valueString", event.source());
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void part(JsonGenerator json, String url, String name, String value)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("url", url);
        json.writeStringField(name, value);
        json.writeEndObject();
    }

    private static void status(JsonGenerator json, TicketRow row) throws IOException {
        TicketState state = row.content().state();
        json.writeStringField("status", state.taskStatus());
        json.writeObjectFieldStart("businessStatus");
        json.writeArrayFieldStart("coding");
        coding(json, "queue-ticket-status", state.code());
        json.writeEndArray();
        json.writeEndObject();
        json.writeStringField("intent", "order");
        json.writeObjectFieldStart("code");
        json.writeArrayFieldStart("coding");
        coding(json, "task-code", "queue-ticket");
        if (row.stage() != null) {
            coding(json, "queue-stage", row.stage().code());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void period(JsonGenerator json, Ticket ticket) throws IOException {
        if (ticket.serviceStart() == null && ticket.serviceEnd() == null) {
            return;
        }
        json.writeObjectFieldStart("executionPeriod");
        instant(json, "start", ticket.serviceStart());
        instant(json, "end", ticket.serviceEnd());
        json.writeEndObject();
    }

    private static void instant(JsonGenerator json, String name, @Nullable Instant at)
            throws IOException {
        if (at != null) {
            json.writeStringField(name, INSTANT.format(at));
        }
    }

    private static void coding(JsonGenerator json, String system, String code) throws IOException {
        json.writeStartObject();
        json.writeStringField("system", ROOT + "CodeSystem/" + system);
        json.writeStringField("code", code);
        json.writeEndObject();
    }

    private static void identifier(JsonGenerator json, String system, String value)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("system", ROOT + "sid/" + system);
        json.writeStringField("value", value);
        json.writeEndObject();
    }

    private static void reference(JsonGenerator json, String name, String to) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("reference", to);
        json.writeEndObject();
    }

    private TicketJson() {}
}
