package org.yifang.prescription.submit;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.TimeSpan;
import org.yifang.prescription.paper.DocumentParts.Part;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// When a part of a document says that it was, for R4's `date`, since the part itself is sealed.
///
/// @param from its first instant, null when it names no time
/// @param last its last instant, null when it names none, or while its period is open
record Dated(@Nullable Instant from, @Nullable Instant last) {
    private static final Dated NEVER = new Dated(null, null);

    /// A time at which a line is to be taken.
    ///
    /// @param number its place in the line, from 1
    record Event(UUID line, int number, TimeSpan span) {}

    static Dated of(Part part) {
        return switch (part.type()) {
            case "Encounter" -> period(part.node().path("period"));
            case "Composition" -> at(part.node(), "date");
            case "Condition", "AllergyIntolerance" -> at(part.node(), "recordedDate");
            case "MedicationRequest" -> at(part.node(), "authoredOn");
            default -> NEVER;
        };
    }

    /// This, or that moment when it names no time.
    Dated or(Instant moment) {
        return from == null ? new Dated(moment, moment) : this;
    }

    /// The times that a MedicationRequest names one by one.
    static List<Event> events(UUID line, JsonNode request) {
        List<Event> events = new ArrayList<>();
        for (JsonNode dosage : request.path("dosageInstruction")) {
            for (JsonNode at : dosage.path("timing").path("event")) {
                TimeSpan span = TimeSpan.of(at.asText());
                if (span != null) {
                    events.add(new Event(line, events.size() + 1, span));
                }
            }
        }
        return events;
    }

    /// The date of an element of a resource.
    static Dated at(JsonNode resource, String element) {
        TimeSpan span = TimeSpan.of(resource.path(element).asText());
        return span == null ? NEVER : new Dated(span.from(), span.last());
    }

    private static Dated period(JsonNode period) {
        TimeSpan start = TimeSpan.of(period.path("start").asText());
        TimeSpan end = TimeSpan.of(period.path("end").asText());
        return start == null ? NEVER : new Dated(start.from(), end == null ? null : end.last());
    }
}
