package org.yifang.queue.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.Encounter;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Fhir;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueEvent;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketState;
import org.yifang.statistics.WaitSample.Ending;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a visit's statuses say of its wait.
class VisitTest {
    private static final String ARRIVED = "2026-11-21T08:21:40+08:00";
    private static final String BEGUN = "2026-11-21T08:47:05+08:00";

    private static Visit visit(String status, String history, String period) {
        String json =
                """
                {"resourceType":"Encounter","identifier":[{"value":"V20261121-000318"}],
                 "status":"%s","statusHistory":[%s],
                 "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
                 "period":{%s}}\
                """
                        .formatted(status, history, period);
        return new Visit(Fhir.CONTEXT.newJsonParser().parseResource(Encounter.class, json));
    }

    private static String past(String status, String start, String end) {
        return "{\"status\":\"%s\",\"period\":{\"start\":\"%s\"%s}}"
                .formatted(status, start, end.isEmpty() ? "" : ",\"end\":\"" + end + '"');
    }

    private static Ticket ticket(Visit visit) {
        List<QueueEvent> events =
                visit.events().stream()
                        .map(told ->
                                new QueueEvent(
                                        told.seq(),
                                        QueueCode.of(told.code()).orElseThrow(),
                                        told.at(),
                                        told.at(),
                                        Instant.EPOCH,
                                        "hospital-1"))
                        .toList();
        return TicketRules.fold(events);
    }

    @Test
    void the_published_example_waited_from_arriving_to_being_in_progress() {
        Visit visit =
                visit(
                        "in-progress",
                        past("arrived", ARRIVED, BEGUN) + "," + past("in-progress", BEGUN, ""),
                        "\"start\":\"" + ARRIVED + "\"");
        assertThat(ticket(visit).waiting())
                .contains(
                        new Ticket.Wait(
                                Duration.ofMinutes(25).plusSeconds(25).toSeconds(), Ending.SERVED));
        assertThat(ticket(visit).state()).isEqualTo(TicketState.IN_SERVICE);
    }

    @Test
    void the_current_status_that_is_not_in_the_history_began_where_that_ends() {
        Visit visit =
                visit(
                        "in-progress",
                        past("arrived", ARRIVED, BEGUN),
                        "\"start\":\"" + ARRIVED + "\"");
        assertThat(ticket(visit).waiting()).contains(new Ticket.Wait(1525, Ending.SERVED));
    }

    @Test
    void who_went_before_being_seen_left() {
        Visit visit =
                visit(
                        "cancelled",
                        past("arrived", ARRIVED, BEGUN),
                        "\"start\":\"" + ARRIVED + "\",\"end\":\"" + BEGUN + "\"");
        assertThat(ticket(visit).waiting()).contains(new Ticket.Wait(1525, Ending.LEFT));
    }
}
