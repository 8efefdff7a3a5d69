package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.string;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Fifty calls at once for everything that two can want: one consistent outcome each time, and
/// never more handed out than was prescribed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaceTest {
    private static final int AT_ONCE = 50;
    private TestService service;
    private Story story;

    @BeforeAll
    void start() {
        service = TestService.own(java.util.Map.of());
        story = new Story(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /// Calls that all start together, answered in their order.
    private static List<Reply> together(IntFunction<Supplier<Reply>> calls) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch ready = new CountDownLatch(AT_ONCE);
            List<Future<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Supplier<Reply> call = calls.apply(i);
                replies.add(
                        threads.submit(() -> {
                            ready.countDown();
                            ready.await();
                            return call.get();
                        }));
            }
            List<Reply> answered = new ArrayList<>();
            for (Future<Reply> reply : replies) {
                answered.add(reply.get());
            }
            return answered;
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static List<Reply> even(List<Reply> replies) {
        return every(replies, 0);
    }

    private static List<Reply> odd(List<Reply> replies) {
        return every(replies, 1);
    }

    private static List<Reply> every(List<Reply> replies, int from) {
        return IntStream.range(0, replies.size())
                .filter(i -> i % 2 == from)
                .mapToObj(replies::get)
                .toList();
    }

    private static long done(List<Reply> replies) {
        return replies.stream().filter(reply -> reply.status() < 300).count();
    }

    /// The first code of every refusal.
    private static Set<String> refusals(List<Reply> replies) {
        return replies.stream()
                .filter(reply -> reply.status() >= 300)
                .map(Reply::code)
                .collect(Collectors.toSet());
    }

    private BigDecimal number(String sql, String id) {
        var at = service.database();
        try (var connection = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, java.util.UUID.fromString(id));
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getBigDecimal(1);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private int recorded(Rx rx, String operation) {
        return number(
                        "SELECT count(*) FROM audit_event WHERE task_id = ? AND operation = '"
                                + operation
                                + "'",
                        rx.id())
                .intValueExact();
    }

    /// What was handed out of a line, less what came back.
    private BigDecimal handedOut(Rx rx, int line) {
        return number(
                "SELECT coalesce(sum(quantity - taken_back), 0) FROM dispense WHERE line_id = ?",
                rx.lines().get(line));
    }

    private String[] all(Rx rx) {
        return new String[] {
            story.dispense(rx.lines().get(0), 0, "7"), story.dispense(rx.lines().get(1), 1, "7")
        };
    }

    /// Everything of both lines was handed out once, or nothing was.
    private void assertWholeOrNothing(Rx rx, boolean whole) {
        BigDecimal expected = new BigDecimal(whole ? 7 : 0);
        assertThat(handedOut(rx, 0)).isEqualByComparingTo(expected);
        assertThat(handedOut(rx, 1)).isEqualByComparingTo(expected);
        assertThat(story.line(rx, 0)).endsWith(whole ? "completed 0" : " 7");
    }

    @Test
    void twelve_pharmacies_claim_and_one_holds() {
        Rx rx = story.prescribed();
        List<Client> pharmacies =
                IntStream.rangeClosed(1, 12)
                        .mapToObj(i -> new Client(service, "pharmacy-" + i))
                        .toList();
        List<Reply> replies = together(i -> () -> story.claim(pharmacies.get(i % 12), rx));
        Set<Integer> holders =
                IntStream.range(0, AT_ONCE)
                        .filter(i -> replies.get(i).status() == 200)
                        .map(i -> i % 12)
                        .boxed()
                        .collect(Collectors.toSet());
        assertThat(holders).hasSize(1);
        assertThat(
                        replies.stream()
                                .filter(reply -> reply.status() == 200)
                                .map(reply -> reply.parameter("claim-token").path("valueString"))
                                .distinct())
                .hasSize(1);
        assertThat(refusals(replies)).containsExactly("RX-2002");
        assertThat(recorded(rx, "claim")).isEqualTo(AT_ONCE);
        assertThat(story.state(rx)).isEqualTo("in-progress/claimed");
    }

    @Test
    void what_is_cancelled_is_not_handed_out_and_what_is_handed_out_not_cancelled() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        List<Reply> replies =
                together(i -> {
                    String[] all = all(rx);
                    return i % 2 == 0
                            ? () -> story.cancel(rx)
                            : () -> story.dispense(story.pharmacy, rx, token, false, all);
                });
        boolean cancelled = done(even(replies)) > 0;
        assertThat(done(odd(replies))).isEqualTo(cancelled ? 0 : 1);
        assertThat(refusals(replies)).containsExactly(cancelled ? "RX-2005" : "RX-2008");
        assertThat(story.state(rx))
                .isEqualTo(cancelled ? "cancelled/cancelled" : "completed/dispensed");
        assertThat(handedOut(rx, 0)).isEqualByComparingTo(cancelled ? "0" : "7");
        assertThat(handedOut(rx, 1)).isEqualByComparingTo(cancelled ? "0" : "7");
    }

    @Test
    void what_is_released_is_not_handed_out_by_the_old_claim() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        List<Reply> replies =
                together(i -> {
                    String[] all = all(rx);
                    return i % 2 == 0
                            ? () ->
                                    story.pharmacy.call(
                                            rx.path() + "/$release", string("claim-token", token))
                            : () -> story.dispense(story.pharmacy, rx, token, false, all);
                });
        boolean released = done(even(replies)) > 0;
        assertThat(done(odd(replies))).isEqualTo(released ? 0 : 1);
        assertThat(refusals(replies)).containsExactly(released ? "RX-2003" : "RX-2008");
        assertWholeOrNothing(rx, !released);
    }

    @Test
    void after_the_lease_either_the_late_dispense_counts_or_the_next_claim() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        service.clock().forward(Duration.ofMinutes(30));
        List<Reply> replies =
                together(i -> {
                    String[] all = all(rx);
                    return i % 2 == 0
                            ? () -> story.claim(story.otherPharmacy, rx)
                            : () -> story.dispense(story.pharmacy, rx, token, false, all);
                });
        boolean claimed = done(even(replies)) > 0;
        assertThat(done(odd(replies))).isEqualTo(claimed ? 0 : 1);
        assertThat(refusals(replies)).containsExactly(claimed ? "RX-2002" : "RX-2008");
        assertThat(story.state(rx))
                .isEqualTo(claimed ? "in-progress/claimed" : "completed/dispensed");
        assertWholeOrNothing(rx, !claimed);
    }

    @Test
    void parts_end_where_the_prescribed_quantity_ends() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        List<Reply> replies =
                together(i -> {
                    String one = story.dispense(rx.lines().getFirst(), 0, "1");
                    return () -> story.dispense(story.pharmacy, rx, token, true, one);
                });
        assertThat(done(replies)).isEqualTo(7);
        assertThat(refusals(replies)).containsExactly("RX-2011");
        assertThat(handedOut(rx, 0)).isEqualByComparingTo("7");
        assertThat(story.line(rx, 0)).isEqualTo("completed 0");
        assertThat(story.line(rx, 1)).isEqualTo("active 7");
        assertThat(recorded(rx, "dispense")).isEqualTo(AT_ONCE);
    }

    @Test
    void one_number_is_one_dispense_however_often_it_is_sent() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String[] all = all(rx);
        List<Reply> replies =
                together(_ -> () -> story.dispense(story.pharmacy, rx, token, false, all));
        assertThat(done(replies)).isEqualTo(AT_ONCE);
        assertThat(
                        replies.stream()
                                .map(reply -> reply.parameter("dispense").at("/resource/id"))
                                .distinct())
                .hasSize(1);
        assertWholeOrNothing(rx, true);
    }

    @Test
    void what_comes_back_once_can_be_handed_out_once() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String line = rx.lines().getFirst();
        String dispense =
                story.dispense(story.pharmacy, rx, token, true, story.dispense(line, 0, "4"))
                        .parameter("dispense")
                        .at("/resource/id")
                        .asText();
        List<Reply> replies =
                together(i -> {
                    String one = story.dispense(line, 0, "1");
                    return i % 2 == 0
                            ? () ->
                                    story.takeBack(
                                            story.pharmacy, dispense, "4", "never-left-counter")
                            : () -> story.dispense(story.pharmacy, rx, token, true, one);
                });
        assertThat(done(even(replies))).isEqualTo(1);
        long handed = done(odd(replies));
        assertThat(handed).isBetween(3L, 7L);
        assertThat(refusals(replies)).containsExactly("RX-2011");
        assertThat(handedOut(rx, 0)).isEqualByComparingTo(BigDecimal.valueOf(handed));
        assertThat(story.line(rx, 0)).endsWith(" " + (7 - handed));
    }

    @Test
    void the_choice_of_another_pharmacy_comes_before_the_claim_or_not_at_all() {
        Rx rx = story.prescribed();
        String chosen = story.organization("P42128100002");
        String choice =
                "{\"name\":\"pharmacy\",\"valueReference\":{\"reference\":\"Organization/"
                        + chosen
                        + "\"}}";
        Client patient = story.patient();
        List<Reply> replies =
                together(i ->
                        i % 2 == 0
                                ? () -> patient.call(rx.path() + "/$choose-pharmacy", choice)
                                : () -> story.claim(story.pharmacy, rx));
        boolean directed = done(even(replies)) > 0;
        assertThat(done(even(replies))).isEqualTo(directed ? 25 : 0);
        assertThat(done(odd(replies))).isEqualTo(directed ? 0 : 25);
        assertThat(refusals(replies)).containsExactly(directed ? "RX-2009" : "RX-2002");
    }

    @Test
    void one_number_is_one_prescription() {
        var first = story.document();
        var second = first.deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode)
                        Story.lines(second).getFirst().at("/dispenseRequest/quantity"))
                .put("value", 6);
        List<Reply> replies = together(i -> () -> story.submit(i % 2 == 0 ? first : second));
        List<Reply> won = done(even(replies)) > 0 ? even(replies) : odd(replies);
        List<Reply> lost = done(even(replies)) > 0 ? odd(replies) : even(replies);
        assertThat(won).filteredOn(reply -> reply.status() == 201).hasSize(1);
        assertThat(won).filteredOn(reply -> reply.status() == 200).hasSize(24);
        assertThat(won.stream().map(reply -> reply.body().path("id")).distinct()).hasSize(1);
        assertThat(won.stream().map(reply -> reply.body().path("output")).distinct()).hasSize(1);
        assertThat(lost).allMatch(reply -> reply.code().equals("RX-1409"));
    }

    @Test
    void a_pack_is_sold_once() {
        List<Rx> both = List.of(story.prescribed(), story.prescribed());
        List<Client> pharmacies = List.of(story.pharmacy, story.otherPharmacy);
        List<String> tokens =
                IntStream.range(0, 2)
                        .mapToObj(i -> story.claimed(pharmacies.get(i), both.get(i)))
                        .toList();
        String pack = "8%019d".formatted(System.nanoTime());
        List<Reply> replies =
                together(i -> {
                    Rx rx = both.get(i % 2);
                    String whole = story.dispense(rx.lines().getFirst(), 0, "7", pack);
                    return () ->
                            story.dispense(
                                    pharmacies.get(i % 2), rx, tokens.get(i % 2), true, whole);
                });
        assertThat(done(replies)).isEqualTo(1);
        List<Reply> losers = done(even(replies)) == 1 ? odd(replies) : even(replies);
        assertThat(refusals(losers)).containsExactly("RX-2010");
        assertThat(handedOut(both.get(0), 0).add(handedOut(both.get(1), 0)))
                .isEqualByComparingTo("7");
    }
}
