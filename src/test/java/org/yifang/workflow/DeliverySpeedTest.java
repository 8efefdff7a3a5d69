package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Subscribing.active;
import static org.yifang.workflow.Subscribing.tells;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How soon a hospital learns what happened, alone and beside receivers that hang, refuse, close
/// early and answer slowly.
@Tag("bench")
class DeliverySpeedTest {
    private static final int CALLS = 500;

    /// Each of these fails in its own way.
    private static final List<Receiver.Behaviour> BAD =
            List.of(
                    (call, what) -> Thread.sleep(30_000),
                    (call, what) -> Receiver.status(call, 500),
                    (call, what) -> call.close(),
                    (call, what) -> {
                        Thread.sleep(3_000);
                        Receiver.status(call, 200);
                    },
                    (call, what) -> {
                        call.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
                        Receiver.status(call, 302);
                    });

    @Test
    void bad_receivers_do_not_delay_the_good() throws Exception {
        List<Receiver> bad = new ArrayList<>();
        try (TestService service =
                        TestService.own(Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8"));
                Receiver his = new Receiver()) {
            Story story = new Story(service);
            active(story.hospital, "prescription-status", his.url(), w -> {});
            told(story, his, 100);
            long alone = p99("alone", told(story, his, CALLS));
            assertThat(alone).isLessThan(200);
            for (int i = 0; i < 20; i++) {
                Receiver one = new Receiver();
                bad.add(one);
                active(story.hospital, "prescription-status", one.url(), w -> {});
                one.does(BAD.get(i % BAD.size()));
            }
            long beside = p99("beside 20 bad receivers", told(story, his, CALLS));
            assertThat(beside).isLessThan(2 * alone);
        } finally {
            bad.forEach(Receiver::close);
        }
    }

    /// As many as a city's app has that follows every patient's prescriptions.
    @Test
    void a_hundred_thousand_subscriptions_of_others_do_not_delay_one() throws Exception {
        try (TestService service =
                        TestService.own(Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8"));
                Receiver his = new Receiver()) {
            Story story = new Story(service);
            active(story.hospital, "prescription-status", his.url(), w -> {});
            told(story, his, 100);
            long few = p99("beside none", told(story, his, CALLS));
            try (Copies copies =
                    new Copies(
                            service.database(),
                            "SELECT gen_random_uuid() AS id FROM generate_series(1, 100000)")) {
                copies.of(
                        "subscription",
                        Map.of(
                                "id", "f.id",
                                "audience", "gen_random_uuid()",
                                "patient_id", "gen_random_uuid()"));
                copies.of("subscription_lane", Map.of("subscription_id", "f.id", "due_at", "NULL"));
            }
            assertThat(p99("beside 100,000", told(story, his, CALLS))).isLessThan(2 * few);
        }
    }

    /// Milliseconds from the answer of a submission, which comes after its commit, to the telling.
    private static List<Long> told(Story story, Receiver his, int many) {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            Story.Rx rx = story.prescribed();
            Instant done = Instant.now();
            Instant at = his.until(one -> tells(one, rx)).at();
            waits.add(Math.max(0, Duration.between(done, at).toMillis()));
            his.all().clear();
        }
        waits.sort(null);
        return waits;
    }

    private static long p99(String which, List<Long> waits) {
        long p99 = waits.get(waits.size() * 99 / 100);
        System.out.printf(
                "%s: %d events, p50 %d ms, p99 %d ms, slowest %d ms%n",
                which, waits.size(), waits.get(waits.size() / 2), p99, waits.getLast());
        return p99;
    }
}
