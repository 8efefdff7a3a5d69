package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.yifang.workflow.Subscribing.active;
import static org.yifang.workflow.Subscribing.content;
import static org.yifang.workflow.Subscribing.number;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Receiver.Event;
import org.yifang.workflow.Receiver.Notified;
import org.yifang.workflow.Subscribing.Made;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/// How Subscriptions are told when receivers, instances and networks misbehave.
@Alone
class DeliveryTest {
    private static final Map<String, String> LOCAL =
            Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8");

    private TestService service;
    private Story story;

    @BeforeEach
    void start() {
        service = TestService.own(LOCAL);
        story = new Story(service);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static boolean tells(Notified one, Story.Rx rx) {
        return one.events().stream().anyMatch(event -> event.focus().endsWith(rx.id()));
    }

    @Test
    void events_of_one_prescription_keep_their_order_and_hold_up_no_other() throws Exception {
        try (Receiver his = new Receiver()) {
            active(story.hospital, "prescription-status", his.url(), DeliveryTest::plain);
            Story.Rx bad = story.prescribed();
            his.until(one -> tells(one, bad));
            his.does((call, what) -> Receiver.status(call, tells(what, bad) ? 500 : 200));
            story.claimed(story.pharmacy, bad);
            story.hospital.call(bad.path() + "/$suspend", Story.reason("other"));
            Story.Rx good = story.prescribed();
            story.claimed(story.pharmacy, good);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> his.all().stream().filter(one -> tells(one, good)).count() == 2);
            his.until(one -> one.events().stream().anyMatch(event -> event.number() == 2));
            assertThat(his.events()).noneMatch(event -> event.number() == 3);
            his.does(Receiver.TAKES);
            his.untilEvents(5);
            List<Long> order = new ArrayList<>();
            his.events().stream()
                    .filter(event -> event.focus().endsWith(bad.id()))
                    .forEach(event -> order.add(event.number()));
            assertThat(order).isSorted().endsWith(3L).contains(1L, 2L);
        }
    }

    @Test
    void what_was_tried_for_a_day_is_parked_shown_and_told_again_by_one_call() throws Exception {
        try (Receiver his = new Receiver()) {
            Made made =
                    active(story.hospital, "prescription-status", his.url(), DeliveryTest::plain);
            his.does((call, what) -> Receiver.status(call, 500));
            Story.Rx rx = story.prescribed();
            story.claimed(story.pharmacy, rx);
            made.until("error");
            assertThat(made.by().get(made.path()).body().path("error").asText())
                    .isEqualTo("it answered 500");
            service.clock().forward(Duration.ofHours(25));
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            made.by()
                                    .get(made.path() + "/$status")
                                    .raw()
                                    .body()
                                    .contains("2 are parked"));
            JsonNode parked = made.by().get(made.path() + "/$events?parked=true").body();
            assertThat(parked.toString()).contains("query-event", rx.id());
            his.does(Receiver.TAKES);
            his.all().clear();
            Reply again = made.by().call(made.path() + "/$redeliver");
            assertThat(again.parameter("redelivered").path("valueInteger").asInt()).isEqualTo(2);
            // The lease was over, too, by the clock: that is the third, whenever it is swept.
            // What was on its way when the receiver began to take may come once more.
            await().untilAsserted(() ->
                    assertThat(his.events()).extracting(Event::number).contains(1L, 2L));
            assertThat(his.events())
                    .extracting(Event::number)
                    .filteredOn(number -> number < 3)
                    .isSorted();
            made.until("active");
        }
    }

    @Test
    void who_was_away_for_a_day_fetches_what_it_missed_by_numbers() throws Exception {
        Receiver his = new Receiver();
        Made made = active(story.hospital, "prescription-status", his.url(), DeliveryTest::plain);
        his.close();
        List<Story.Rx> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(story.prescribed());
        }
        service.clock().forward(Duration.ofHours(24));
        String path = made.path() + "/$events?eventsSinceNumber=2&eventsUntilNumber=3";
        await().until(() -> made.by().get(path).body().path("entry").size() == 3);
        JsonNode ids = made.by().get(path).body();
        assertThat(ids.toString())
                .contains(all.get(1).id(), all.get(2).id())
                .doesNotContain(all.get(0).id(), all.get(3).id());
        JsonNode full = made.by().get(path + "&content=full-resource").body();
        assertThat(full.at("/entry/2/resource/resourceType").asText()).isEqualTo("Task");
        JsonNode mute = made.by().get(path + "&content=empty").body();
        assertThat(mute.path("entry")).hasSize(1);
        assertThat(made.by().get(made.path() + "/$events?content=all").code()).isEqualTo("RX-1403");
        assertThat(new Client(service, "hospital-2").get(path).status()).isEqualTo(404);
    }

    @Test
    void a_redirect_inwards_is_not_followed() throws Exception {
        try (Receiver his = new Receiver();
                Receiver inside = new Receiver()) {
            Made made =
                    active(story.hospital, "prescription-status", his.url(), DeliveryTest::plain);
            his.does((call, what) -> {
                call.getResponseHeaders().set("Location", inside.url());
                Receiver.status(call, 307);
            });
            story.prescribed();
            made.until("error");
            assertThat(inside.all()).isEmpty();
        }
    }

    @Test
    void receivers_that_hang_fail_close_and_drip_delay_nobody_else() throws Exception {
        try (Receiver hangs = new Receiver();
                Receiver fails = new Receiver();
                Receiver closes = new Receiver();
                Receiver drips = new Receiver();
                Receiver good = new Receiver()) {
            for (Receiver bad : List.of(hangs, fails, closes, drips)) {
                active(story.hospital, "prescription-status", bad.url(), DeliveryTest::plain);
            }
            active(story.hospital, "prescription-status", good.url(), DeliveryTest::plain);
            hangs.does((call, what) -> Thread.sleep(Duration.ofMinutes(1)));
            fails.does((call, what) -> Receiver.status(call, 500));
            closes.does((call, what) -> call.close());
            drips.does((call, what) -> {
                call.sendResponseHeaders(200, 0);
                while (true) {
                    call.getResponseBody().write('.');
                    call.getResponseBody().flush();
                    Thread.sleep(500);
                }
            });
            List<Duration> waits = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Story.Rx rx = story.prescribed();
                Instant done = Instant.now();
                waits.add(Duration.between(done, good.until(one -> tells(one, rx)).at()));
            }
            assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(2)) < 0);
            assertThat(hangs.events()).isNotEmpty();
            assertThat(fails.events()).isNotEmpty();
        }
    }

    @Test
    void two_instances_share_the_work_and_one_that_dies_loses_nothing() throws Exception {
        try (Receiver his = new Receiver();
                TestService sibling = TestService.on(service.database(), LOCAL)) {
            Made made =
                    active(story.hospital, "prescription-status", his.url(), DeliveryTest::plain);
            for (int i = 0; i < 10; i++) {
                story.prescribed();
            }
            his.untilEvents(10);
            // One has died in the middle of it: what it held is held until its lease ends.
            execute(
                    "UPDATE subscription_lane SET leased_by = gen_random_uuid(),"
                            + " leased_until = now() + interval '3 seconds'");
            for (int i = 0; i < 10; i++) {
                story.prescribed();
            }
            service.close();
            his.untilEvents(20);
            assertThat(his.events().stream().map(Event::number).distinct().sorted())
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
            assertThat(new Client(sibling, "hospital-1").get(made.path()).status()).isEqualTo(200);
        }
    }

    @Test
    void ten_thousand_events_wait_in_little_memory_and_all_are_told() throws Exception {
        Waiting.tell(this.service, this.story, 10_000);
    }

    @Test
    void silence_is_broken_by_heartbeats() throws Exception {
        try (Receiver his = new Receiver()) {
            active(
                    story.hospital,
                    "claim-lost",
                    his.url(),
                    w -> number(w, "heartbeat-period", "valueUnsignedInt", 60));
            service.clock().forward(Duration.ofSeconds(61));
            Notified beat = his.untilType("heartbeat");
            assertThat(beat.events()).isEmpty();
            assertThat(beat.signature()).startsWith("t=");
        }
    }

    @Test
    void a_suspended_client_is_told_nothing_until_it_is_active_again() throws Exception {
        try (Receiver his = new Receiver();
                Receiver hospital = new Receiver()) {
            active(story.pharmacy, "prescription-status", his.url(), w -> content(w, "id-only"));
            active(story.hospital, "prescription-status", hospital.url(), DeliveryTest::plain);
            Story.Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            his.until(one -> tells(one, rx));
            int before = his.all().size();
            execute("UPDATE client SET active = false WHERE id = 'pharmacy-1'");
            execute("NOTIFY identity, 'client'");
            story.hospital.call(rx.path() + "/$suspend", Story.reason("other"));
            // Leases of other tests' prescriptions may end meanwhile.
            await().untilAsserted(() ->
                    assertThat(Set.copyOf(hospital.events()))
                            .as("of %s, each once or more often", hospital.events())
                            .filteredOn(one -> one.focus().endsWith(rx.id()))
                            .hasSize(3));
            assertThat(his.all()).hasSize(before);
            execute("UPDATE client SET active = true WHERE id = 'pharmacy-1'");
            execute("NOTIFY identity, 'client'");
            assertThat(token).isNotEmpty();
            Story.Rx next = story.prescribed();
            await().ignoreExceptions()
                    .until(() -> !new Client(service, "pharmacy-1").token().isEmpty());
            story.claimed(story.pharmacy, next);
            his.until(one -> tells(one, next));
            assertThat(his.events()).filteredOn(one -> one.focus().endsWith(rx.id())).hasSize(1);
        }
    }

    @Test
    void what_happened_is_told_at_once() throws Exception {
        try (Receiver his = new Receiver()) {
            active(story.hospital, "prescription-status", his.url(), DeliveryTest::plain);
            List<Long> waits = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Story.Rx rx = story.prescribed();
                Instant done = Instant.now();
                Instant at = his.until(one -> tells(one, rx)).at();
                waits.add(Math.max(0, Duration.between(done, at).toMillis()));
            }
            waits.sort(null);
            System.out.println("milliseconds from the answer to the telling: " + waits);
            // On a machine that does much else the rest may take longer.
            assertThat(waits.get(20)).isLessThan(200);
        }
    }

    private void execute(String sql) throws SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static void plain(ObjectNode wish) {}
}
