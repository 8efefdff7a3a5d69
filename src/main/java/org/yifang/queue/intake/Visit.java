package org.yifang.queue.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Encounter.StatusHistoryComponent;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.TimeSpan;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.JsonTree;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/// A visit whose statuses tell of a wait for a consultation: from arriving to being in progress.
///
/// FHIR's statuses are too coarse for more: a visit that waits in several queues is told by single
/// events. `triaged` tells no wait of its own.
record Visit(Encounter encounter) {
    /// The queue that visits wait in when nothing else is told of them.
    static final String QUEUE = "visits";

    private static final List<String> KEPT =
            List.of("identifier", "status", "statusHistory", "class", "serviceType", "period");

    String system() {
        Identifier identifier = encounter.getIdentifierFirstRep();
        return identifier.hasSystem() ? identifier.getSystem() : "";
    }

    @Nullable String number() {
        return encounter.getIdentifierFirstRep().getValue();
    }

    String status() {
        return encounter.getStatus().toCode();
    }

    @Nullable Instant started() {
        return start(encounter.getPeriod());
    }

    /// The last instant of its period, null while it is open.
    @Nullable Instant ended() {
        String end = encounter.getPeriod().getEndElement().getValueAsString();
        TimeSpan span = end == null ? null : TimeSpan.of(end);
        return span == null ? null : span.last();
    }

    /// The department, as the Encounter names it.
    @Nullable String department() {
        if (encounter.getServiceType().hasText()) {
            return encounter.getServiceType().getText();
        }
        Coding coding = encounter.getServiceType().getCodingFirstRep();
        return coding.hasDisplay() ? coding.getDisplay() : coding.getCode();
    }

    /// What its statuses say, numbered so that the same visit sent again tells the same events.
    List<Arriving> events() {
        List<Arriving> events = new ArrayList<>();
        Instant arrived = since(EncounterStatus.ARRIVED);
        Instant joined = arrived == null ? since(EncounterStatus.TRIAGED) : arrived;
        Instant begun = since(EncounterStatus.INPROGRESS);
        Instant finished = since(EncounterStatus.FINISHED);
        Instant cancelled = since(EncounterStatus.CANCELLED);
        Instant first = joined == null ? begun == null ? cancelled : begun : joined;
        if (first == null) {
            return events;
        }
        LocalDate day = LocalDate.ofInstant(first, QueueLimits.ZONE);
        add(events, 1, QueueCode.JOINED, joined, day);
        add(events, 2, QueueCode.SERVICE_START, begun, day);
        add(events, 3, QueueCode.SERVICE_END, begun == null ? null : finished, day);
        add(events, 4, QueueCode.LEFT, begun == null && joined != null ? cancelled : null, day);
        if (encounter.getStatus() == EncounterStatus.ENTEREDINERROR) {
            add(events, 9, QueueCode.VOIDED, first, day);
        }
        return events;
    }

    private void add(
            List<Arriving> events, int seq, QueueCode code, @Nullable Instant at, LocalDate day) {
        String number = number();
        if (at != null && number != null) {
            events.add(
                    new Arriving(
                            number,
                            QUEUE,
                            seq,
                            QueueStage.CONSULTATION.code(),
                            code.code(),
                            at,
                            day,
                            department(),
                            number,
                            null,
                            null));
        }
    }

    /// When the visit first came into a status. The current one, which R4 leaves out of the
    /// history, began when the last of the history ended, or with the visit.
    private @Nullable Instant since(EncounterStatus status) {
        Instant first = null;
        Instant ended = null;
        for (StatusHistoryComponent past : encounter.getStatusHistory()) {
            Instant start = start(past.getPeriod());
            boolean earlier = start != null && (first == null || start.isBefore(first));
            if (past.getStatus() == status && earlier) {
                first = start;
            }
            Instant end = instant(past.getPeriod().getEnd());
            ended = end != null && (ended == null || end.isAfter(ended)) ? end : ended;
        }
        if (first != null || encounter.getStatus() != status) {
            return first;
        }
        boolean over = status == EncounterStatus.FINISHED || status == EncounterStatus.CANCELLED;
        Instant end = over ? instant(encounter.getPeriod().getEnd()) : null;
        if (end != null) {
            return end;
        }
        return ended == null && !over ? started() : ended;
    }

    private static @Nullable Instant start(Period period) {
        return instant(period.getStart());
    }

    private static @Nullable Instant instant(@Nullable Date at) {
        return at == null ? null : at.toInstant();
    }

    /// What is kept of it: when, where and in which status, but not who.
    byte[] kept(UUID id, long version, Instant updated, UUID organization) {
        JsonNode told = JsonTree.read(Fhir.json(encounter));
        return FhirWriter.resource(
                "Encounter",
                json -> {
                    json.string("id", id.toString()).meta(version, updated);
                    for (String name : KEPT) {
                        if (told.has(name)) {
                            json.raw(
                                    name,
                                    JsonTree.write(told.get(name))
                                            .getBytes(StandardCharsets.UTF_8));
                        }
                    }
                    json.reference("serviceProvider", "Organization", organization);
                });
    }

    /// Whether two kept visits say the same, whenever and as whichever version.
    static boolean isSame(byte[] kept, byte[] other) {
        return content(kept).equals(content(other));
    }

    private static ObjectNode content(byte[] kept) {
        ObjectNode content = JsonTree.resource(kept);
        content.remove("meta");
        return content;
    }
}
