package org.yifang.queue.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_CLOCK;
import static org.yifang.generated.Tables.QUEUE_EVENT;
import static org.yifang.generated.Tables.QUEUE_QUARANTINE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.queue.ticket.AtTheCounter.event;

import io.vertx.sqlclient.Row;

import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Fhir;
import org.yifang.platform.data.Rows;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.Arriving.Outcome;
import org.yifang.queue.ticket.Arriving.Result;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class QueueDeskTest extends DeskOfOneHospital {
    @Test
    void a_ticket_is_told_by_its_events_and_is_a_task() {
        List<Result> results =
                send(
                        event("A1", 1, "joined", NOON.minusSeconds(900)),
                        event("A1", 2, "called", NOON.minusSeconds(400)),
                        event("A1", 3, "service-start", NOON.minusSeconds(300)));
        assertThat(results).extracting(Result::outcome).containsOnly(Outcome.ACCEPTED);
        Row row = ticket("A1");
        assertThat(Rows.get(row, QUEUE_TICKET.STATE)).isEqualTo("in-service");
        assertThat(Rows.get(row, QUEUE_TICKET.WAIT_SECONDS)).isEqualTo(600);
        Task task = Fhir.CONTEXT.newJsonParser().parseResource(Task.class, text(row));
        assertThat(task.getStatus()).isEqualTo(Task.TaskStatus.INPROGRESS);
        assertThat(task.getCode().getCoding())
                .extracting("code")
                .containsExactly("queue-ticket", "dispensing");
        assertThat(task.getIdentifierFirstRep().getValue()).isEqualTo("A1");
        assertThat(
                        task.getExtensionsByUrl(
                                "https://yifang.org/fhir/StructureDefinition/queue-event"))
                .hasSize(3);
    }

    @Test
    void many_tickets_at_once_are_told_as_one_by_one() {
        List<Arriving> joined = new ArrayList<>();
        List<Arriving> served = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            joined.add(event("M" + i, 1, "joined", NOON.minusSeconds(900 + i)));
            served.add(event("M" + i, 2, "service-start", NOON.minusSeconds(300)));
            served.add(event("M" + i, 3, "service-end", NOON.minusSeconds(i)));
        }
        assertThat(send(joined.toArray(Arriving[]::new)))
                .extracting(Result::outcome)
                .containsOnly(Outcome.ACCEPTED);
        assertThat(Rows.get(ticket("M8"), QUEUE_TICKET.STATE)).isEqualTo("waiting");
        assertThat(send(served.toArray(Arriving[]::new)))
                .extracting(Result::outcome)
                .containsOnly(Outcome.ACCEPTED);
        for (int i = 0; i < 9; i++) {
            Row row = ticket("M" + i);
            assertThat(Rows.get(row, QUEUE_TICKET.STATE)).isEqualTo("served");
            assertThat(Rows.get(row, QUEUE_TICKET.WAIT_SECONDS)).isEqualTo(600 + i);
            assertThat(Rows.get(row, QUEUE_TICKET.SERVICE_END)).isEqualTo(NOON.minusSeconds(i));
            assertThat(Rows.find(row, QUEUE_TICKET.VISIT)).isNull();
            assertThat(Rows.get(row, QUEUE_TICKET.DEPARTMENT)).isEqualTo("D1");
            Task task = Fhir.CONTEXT.newJsonParser().parseResource(Task.class, text(row));
            assertThat(task.getIdentifierFirstRep().getValue()).isEqualTo("M" + i);
            assertThat(
                            task.getExtensionsByUrl(
                                    "https://yifang.org/fhir/StructureDefinition/queue-event"))
                    .hasSize(3);
        }
        assertThat(send(served.toArray(Arriving[]::new)))
                .extracting(Result::outcome)
                .containsOnly(Outcome.REPEATED);
    }

    @Test
    void a_line_told_to_have_changed_is_read_anew_though_it_was_read_just_now() {
        send(event("F1", 1, "joined", NOON.minusSeconds(60)));
        UUID queue = Rows.get(ticket("F1"), QUEUE_TICKET.QUEUE_ID);
        int before = live.now(queue).orElseThrow().inLine();
        send(event("F2", 1, "joined", NOON.minusSeconds(50)));
        assertThat(live.now(queue).orElseThrow().inLine()).isEqualTo(before);
        live.outdated(queue);
        assertThat(live.now(queue).orElseThrow().inLine()).isEqualTo(before + 1);
    }

    @Test
    void the_same_events_again_change_nothing_and_other_content_is_refused() {
        Arriving joined = event("A2", 1, "joined", NOON.minusSeconds(60));
        assertThat(send(joined).getFirst().outcome()).isEqualTo(Outcome.ACCEPTED);
        long version = Rows.get(ticket("A2"), QUEUE_TICKET.VERSION);
        assertThat(send(joined).getFirst().outcome()).isEqualTo(Outcome.REPEATED);
        assertThat(Rows.get(ticket("A2"), QUEUE_TICKET.VERSION)).isEqualTo(version);
        Result other = send(event("A2", 1, "called", NOON)).getFirst();
        assertThat(other.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(other.issue()).contains("used for another event");
        assertThat(count(QUEUE_EVENT, QUEUE_EVENT.ORGANIZATION_ID)).isEqualTo(1);
    }

    @Test
    void events_may_arrive_in_any_order_over_any_number_of_uploads() {
        List<Arriving> events = new ArrayList<>();
        for (int t = 0; t < 20; t++) {
            Instant joined = NOON.minusSeconds(7200 - 60 * t);
            events.add(event("T" + t, 1, "joined", joined));
            events.add(event("T" + t, 2, "called", joined.plusSeconds(500)));
            events.add(event("T" + t, 3, "service-start", joined.plusSeconds(600 + t)));
            events.add(event("T" + t, 4, "service-end", joined.plusSeconds(700 + t)));
        }
        Collections.shuffle(events, new Random(4));
        for (int from = 0; from < events.size(); from += 7) {
            List<Arriving> part = events.subList(from, Math.min(from + 7, events.size()));
            assertThat(desk.receive(caller(), null, part))
                    .extracting(Result::outcome)
                    .containsOnly(Outcome.ACCEPTED);
        }
        for (int t = 0; t < 20; t++) {
            assertThat(Rows.get(ticket("T" + t), QUEUE_TICKET.WAIT_SECONDS)).isEqualTo(600 + t);
        }
    }

    @Test
    void a_late_upload_is_welcome_and_one_that_leads_is_kept_apart() {
        Instant twoDaysAgo = NOON.minus(Duration.ofDays(2));
        List<Result> results =
                send(
                        event("L1", 1, "joined", twoDaysAgo),
                        event("L2", 1, "joined", NOON.plusSeconds(300)),
                        event("L3", 1, "joined", NOON.plusSeconds(301)));
        assertThat(results)
                .extracting(Result::outcome)
                .containsExactly(Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.QUARANTINED);
        assertThat(count(QUEUE_QUARANTINE, QUEUE_QUARANTINE.ORGANIZATION_ID)).isEqualTo(1);
        // The day is over: nobody may say that this person was served.
        Row late = row(QUEUE_TICKET.DAY.eq(TODAY.minusDays(2)).and(QUEUE_TICKET.TICKET.eq("L1")));
        assertThat(Rows.get(late, QUEUE_TICKET.STATE)).isEqualTo("unknown");
        assertThat(Rows.get(late, QUEUE_TICKET.FATE)).isEqualTo("unknown");
    }

    @Test
    void a_clock_ten_minutes_ahead_is_corrected_by_what_sent_at_tells() {
        Instant theirNow = NOON.plusSeconds(600);
        Arriving joined = event("C1", 1, "joined", theirNow.minusSeconds(30));
        assertThat(desk.receive(caller(), theirNow, List.of(joined)).getFirst().outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(Rows.get(ticket("C1"), QUEUE_TICKET.JOINED)).isEqualTo(NOON.minusSeconds(30));
        now = NOON.plusSeconds(60);
        desk.receive(caller(), now, List.of(event("C2", 1, "joined", now)));
        var measured =
                database.run(
                        SQL.select(QUEUE_CLOCK.JUMPED)
                                .from(QUEUE_CLOCK)
                                .where(QUEUE_CLOCK.ORGANIZATION_ID.eq(organization))
                                .orderBy(QUEUE_CLOCK.MEASURED_AT));
        assertThat(measured)
                .extracting(row -> row.getBoolean("jumped"))
                .containsExactly(false, true);
    }

    @Test
    void what_cannot_be_is_refused_by_itself() {
        List<Result> results =
                send(
                        event("R1", 1, "joined", NOON),
                        event("R1", 2, "danced", NOON),
                        event("", 1, "joined", NOON),
                        event("R1", 3, "left", NOON),
                        event("R1", 4, "service-start", NOON));
        assertThat(results)
                .extracting(Result::outcome)
                .containsExactly(
                        Outcome.ACCEPTED,
                        Outcome.REFUSED,
                        Outcome.REFUSED,
                        Outcome.ACCEPTED,
                        Outcome.REFUSED);
        assertThat(Rows.get(ticket("R1"), QUEUE_TICKET.STATE)).isEqualTo("left");
    }

    @Test
    void every_upload_leaves_one_audit_record() {
        send(event("D1", 1, "joined", NOON), event("D1", 2, "called", NOON));
        assertThat(count(AUDIT_EVENT, AUDIT_EVENT.ORGANIZATION_ID)).isEqualTo(1);
    }

    @Test
    void uploads_about_one_ticket_at_once_make_one_ticket() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<Result>>> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int seq = i;
                uploads.add(() ->
                        send(
                                event(
                                        "B1",
                                        seq,
                                        seq == 0 ? "joined" : "recalled",
                                        NOON.minusSeconds(60 - seq))));
            }
            for (var done : threads.invokeAll(uploads)) {
                assertThat(done.get().getFirst().outcome()).isEqualTo(Outcome.ACCEPTED);
            }
        }
        assertThat(count(QUEUE_TICKET, QUEUE_TICKET.ORGANIZATION_ID)).isEqualTo(1);
        assertThat(count(QUEUE_EVENT, QUEUE_EVENT.ORGANIZATION_ID)).isEqualTo(8);
        assertThat(count(QUEUE, QUEUE.ORGANIZATION_ID)).isEqualTo(1);
    }

    @Test
    @Tag("bench")
    void two_thousand_events_a_second_are_taken_in() {
        long start = System.nanoTime();
        int uploads = 60;
        for (int u = 0; u < uploads; u++) {
            List<Arriving> events = new ArrayList<>();
            for (int t = 0; t < 50; t++) {
                String ticket = u + "-" + t;
                events.add(event(ticket, 1, "joined", NOON.minusSeconds(900)));
                events.add(event(ticket, 2, "service-start", NOON.minusSeconds(300)));
            }
            desk.receive(caller(), null, events);
        }
        double perSecond = uploads * 100 / ((System.nanoTime() - start) / 1e9);
        System.out.printf("queue events taken in: %.0f a second, one sender%n", perSecond);
        assertThat(perSecond).isGreaterThan(2000);
    }
}
