package org.yifang.queue.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.statistics.WaitSample.Ending;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class TicketRulesTest {
    private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");

    @Nested
    class A_ticket {
        @Test
        void waits_from_joining_to_service() {
            Ticket ticket = ticket("joined 0, called 500, recalled 560, service-start 600");
            assertThat(ticket.state()).isEqualTo(TicketState.IN_SERVICE);
            assertThat(ticket.waiting()).contains(new Ticket.Wait(600, Ending.SERVED));
            assertThat(ticket("joined 0, service-start 600, service-end 700").state())
                    .isEqualTo(TicketState.SERVED);
        }

        @Test
        void of_the_published_example_waits_twelve_minutes_and_fifty_one_seconds() {
            // Joined 09:02:11, called 09:14:40, served from 09:15:02.
            Ticket ticket = ticket("joined 0, called 749, service-start 771");
            assertThat(ticket.state()).isEqualTo(TicketState.IN_SERVICE);
            assertThat(ticket.state().code()).isEqualTo("in-service");
            assertThat(ticket.waiting()).contains(new Ticket.Wait(771, Ending.SERVED));
        }

        @Test
        void means_the_same_in_every_order_of_arrival() {
            List<QueueEvent> events =
                    events("joined 0, called 5, recalled 9, service-start 12, service-end 20");
            Ticket expected = TicketRules.fold(events);
            Random random = new Random(3);
            for (int round = 0; round < 50; round++) {
                List<QueueEvent> known = new ArrayList<>();
                List<QueueEvent> arriving = new ArrayList<>(events);
                Collections.shuffle(arriving, random);
                for (QueueEvent event : arriving) {
                    assertThat(refusal(known, event)).isNull();
                    known.add(event);
                }
                assertThat(TicketRules.fold(known)).isEqualTo(expected);
            }
        }

        @Test
        void that_ended_by_another_clock_before_it_began_took_no_time() {
            List<QueueEvent> events = events("joined 0, service-start 600, service-end 590");
            assertThat(refusal(events.subList(0, 2), events.get(2))).isNull();
            Ticket ticket = TicketRules.fold(events);
            assertThat(ticket.serviceStart()).isEqualTo(NINE.plusSeconds(600));
            assertThat(ticket.serviceEnd()).isEqualTo(ticket.serviceStart());
            assertThat(ticket.waiting()).contains(new Ticket.Wait(600, Ending.SERVED));
        }

        @Test
        void that_left_is_censored_when_it_left() {
            Ticket ticket = ticket("joined 0, called 300, left 400");
            assertThat(ticket.state()).isEqualTo(TicketState.LEFT);
            assertThat(ticket.waiting()).contains(new Ticket.Wait(400, Ending.LEFT));
        }

        @Test
        void that_did_not_come_was_last_known_to_wait_when_called() {
            Ticket ticket = ticket("joined 0, called 300, recalled 360, no-show 900");
            assertThat(ticket.waiting()).contains(new Ticket.Wait(300, Ending.LEFT));
        }

        @Test
        void transferred_is_lost_from_sight_here() {
            assertThat(ticket("joined 0, transferred 240").waiting())
                    .contains(new Ticket.Wait(240, Ending.LOST));
        }

        @Test
        void voided_says_nothing_whatever_it_said_before() {
            Ticket ticket = ticket("joined 0, service-start 10, voided 20");
            assertThat(ticket.state()).isEqualTo(TicketState.VOIDED);
            assertThat(ticket.waiting()).isEmpty();
            assertThat(ticket.exclusion()).contains(Ticket.Exclusion.VOIDED);
        }

        @Test
        void without_its_beginning_is_counted_as_such() {
            Ticket ticket = ticket("called 300, service-start 360");
            assertThat(ticket.waiting()).isEmpty();
            assertThat(ticket.exclusion()).contains(Ticket.Exclusion.START_MISSING);
        }

        @Test
        void still_open_at_the_end_of_the_day_is_unknown_and_never_served() {
            Ticket swept = ticket("joined 0, called 300").swept();
            assertThat(swept.state()).isEqualTo(TicketState.UNKNOWN);
            assertThat(swept.waiting()).contains(new Ticket.Wait(300, Ending.LOST));
            assertThat(ticket("joined 0").swept().waiting())
                    .contains(new Ticket.Wait(0, Ending.LOST));
            assertThat(ticket("joined 0, service-start 9").swept().state())
                    .isEqualTo(TicketState.SERVED);
        }

        @Test
        void known_to_be_served_but_not_when_was_seen_waiting_at_its_call() {
            assertThat(ticket("joined 0, called 300, service-end 900").waiting())
                    .contains(new Ticket.Wait(300, Ending.LOST));
        }

        @Test
        void of_two_clocks_a_minute_apart_has_no_negative_wait() {
            assertThat(ticket("joined 30, service-start 0").waiting())
                    .contains(new Ticket.Wait(0, Ending.SERVED));
        }
    }

    @Nested
    class Refused_is {
        @Test
        void a_second_joining_except_at_the_hand_over() {
            assertThat(refusal(events("joined 0"), event(9, "joined", 10))).contains("known");
            assertThat(
                            TicketRules.contradiction(
                                    QueueStage.HAND_OVER,
                                    events("joined 0"),
                                    event(9, "joined", 10)))
                    .isEmpty();
        }

        @Test
        void service_after_leaving_and_leaving_after_service() {
            assertThat(refusal(events("joined 0, left 5"), event(9, "service-start", 10)))
                    .contains("exclude");
            assertThat(refusal(events("service-start 5"), event(9, "no-show", 10)))
                    .contains("exclude");
        }

        @Test
        void a_second_end() {
            assertThat(refusal(events("left 5"), event(9, "transferred", 10))).contains("ended");
        }

        @Test
        void anything_after_voiding() {
            assertThat(refusal(events("voided 5"), event(9, "called", 10))).contains("voided");
            assertThat(refusal(events("voided 5"), event(9, "joined", 1))).isNull();
            assertThat(refusal(events("joined 0, service-end 5"), event(9, "voided", 10))).isNull();
        }

        @Test
        void an_order_that_no_clock_explains() {
            assertThat(refusal(events("service-start 0"), event(9, "joined", 61)))
                    .contains("cannot come after");
            assertThat(refusal(events("service-start 0"), event(9, "joined", 60))).isNull();
        }
    }

    @Test
    void at_the_hand_over_the_wait_begins_when_arriving_and_paying_are_both_done() {
        Ticket ticket = ticket("joined 0, joined 200, service-start 260");
        assertThat(ticket.waiting()).contains(new Ticket.Wait(60, Ending.SERVED));
        assertThat(ticket("joined 0, service-start 50, joined 90").waiting())
                .contains(new Ticket.Wait(0, Ending.SERVED));
    }

    private static @org.jspecify.annotations.Nullable String refusal(
            List<QueueEvent> known, QueueEvent next) {
        return TicketRules.contradiction(QueueStage.CONSULTATION, known, next).orElse(null);
    }

    private static Ticket ticket(String story) {
        return TicketRules.fold(events(story));
    }

    private static List<QueueEvent> events(String story) {
        List<QueueEvent> events = new ArrayList<>();
        for (String[] one : Arrays.stream(story.split(", ")).map(s -> s.split(" ")).toList()) {
            events.add(event(events.size() + 1, one[0], Long.parseLong(one[1])));
        }
        return events;
    }

    private static QueueEvent event(long seq, String code, long secondsAfterNine) {
        Instant at = NINE.plusSeconds(secondsAfterNine);
        return new QueueEvent(seq, QueueCode.of(code).orElseThrow(), at, at, at, "counter-3");
    }
}
