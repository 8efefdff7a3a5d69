package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.concurrent.ThreadLocalRandom;

/// What is handed out, in whole and in part, once.
class DispenseTest {
    private final Story story = new Story(TestService.shared());

    private static String pack() {
        return "8%019d".formatted(ThreadLocalRandom.current().nextLong(1_000_000_000_000_000_000L));
    }

    @Test
    void all_of_it_completes_the_prescription() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("completed/dispensed");
        assertThat(story.line(rx, 0)).isEqualTo("completed 0");
        assertThat(story.claim(story.otherPharmacy, rx).code()).isEqualTo("RX-2008");
    }

    @Test
    void the_same_call_again_answers_the_same_and_dispenses_nothing() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String one = story.dispense(rx.lines().get(0), 0, "7");
        String two = story.dispense(rx.lines().get(1), 1, "7");
        Reply first = story.dispense(story.pharmacy, rx, token, false, one, two);
        Reply second = story.dispense(story.pharmacy, rx, token, false, one, two);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.parameter("dispense").at("/resource/id"))
                .isEqualTo(first.parameter("dispense").at("/resource/id"));
    }

    @Test
    void one_element_twice_in_a_call_is_one_dispense_and_no_suspicion() throws Exception {
        String pack = pack();
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String one = story.dispense(rx.lines().get(0), 0, "7", pack);
        Reply reply = story.dispense(story.pharmacy, rx, token, true, one, one);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(story.line(rx, 0)).isEqualTo("completed 0");
        assertThat(reply.raw().body()).containsOnlyOnce("\"name\":\"dispense\"");
        assertThat(story.count("SELECT count(*) FROM resale_suspicion WHERE code = ?", pack))
                .isZero();
    }

    @Test
    void one_identifier_for_two_things_in_a_call_is_refused() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String one = story.dispense(rx.lines().get(0), 0, "3");
        String other = one.replace("\"value\":3,", "\"value\":4,");
        Reply reply = story.dispense(story.pharmacy, rx, token, true, one, other);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("RX-1409");
        assertThat(story.line(rx, 0)).isEqualTo("active 7");
    }

    @Test
    void a_part_leaves_the_rest_to_another_pharmacy() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        story.dispense(story.pharmacy, rx, token, false, story.dispense(rx.lines().get(0), 0, "3"));
        assertThat(story.state(rx)).isEqualTo("ready/rest-awaiting-claim");
        assertThat(story.line(rx, 0)).isEqualTo("active 4");
        String next = story.claimed(story.otherPharmacy, rx);
        assertThat(story.state(rx)).isEqualTo("in-progress/partly-dispensed");
        Reply rest =
                story.dispense(
                        story.otherPharmacy,
                        rx,
                        next,
                        false,
                        story.dispense(rx.lines().get(0), 0, "4"),
                        story.dispense(rx.lines().get(1), 1, "7"));
        assertThat(rest.status()).isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("completed/dispensed");
    }

    @Test
    void keep_holds_the_rest() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        story.dispense(story.pharmacy, rx, token, true, story.dispense(rx.lines().get(0), 0, "3"));
        assertThat(story.state(rx)).isEqualTo("in-progress/partly-dispensed");
    }

    @Test
    void never_more_than_remains_open() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        Reply reply =
                story.dispense(
                        story.pharmacy,
                        rx,
                        token,
                        false,
                        story.dispense(rx.lines().get(0), 0, "8"));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("RX-2011");
    }

    @Test
    void another_drug_is_no_substitute() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        Reply reply =
                story.dispense(
                        story.pharmacy,
                        rx,
                        token,
                        false,
                        story.dispense(rx.lines().get(0), 1, "7"));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.code()).isEqualTo("RX-2015");
    }

    @Test
    void a_pack_is_sold_once() {
        String pack = pack();
        Rx first = story.prescribed();
        String token = story.claimed(story.pharmacy, first);
        assertThat(
                        story.dispense(
                                        story.pharmacy,
                                        first,
                                        token,
                                        false,
                                        story.dispense(first.lines().get(0), 0, "7", pack))
                                .status())
                .isEqualTo(200);
        Rx second = story.prescribed();
        String next = story.claimed(story.otherPharmacy, second);
        Reply reply =
                story.dispense(
                        story.otherPharmacy,
                        second,
                        next,
                        false,
                        story.dispense(second.lines().get(0), 0, "7", pack));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("RX-2010");
    }

    @Test
    void a_split_pack_is_sold_up_to_its_content() {
        String pack = pack();
        Rx first = story.prescribed();
        String token = story.claimed(story.pharmacy, first);
        String four = story.dispense(first.lines().get(0), 0, "4", pack);
        assertThat(story.dispense(story.pharmacy, first, token, true, four).status())
                .isEqualTo(200);
        String three = story.dispense(first.lines().get(0), 0, "3", pack);
        assertThat(story.dispense(story.pharmacy, first, token, true, three).status())
                .isEqualTo(200);
        Rx second = story.prescribed();
        String next = story.claimed(story.pharmacy, second);
        String one = story.dispense(second.lines().get(0), 0, "1", pack);
        assertThat(story.dispense(story.pharmacy, second, next, false, one).code())
                .isEqualTo("RX-2010");
    }

    @Test
    void preparing_and_checking_are_two_people() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String alone =
                story.dispense(rx.lines().get(0), 0, "7")
                        .replace("YS421281000012", "YS421281000011");
        Reply reply = story.dispense(story.pharmacy, rx, token, false, alone);
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.code()).isEqualTo("RX-2304");
    }
}
