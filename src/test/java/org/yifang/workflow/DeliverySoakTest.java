package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Subscribing.active;
import static org.yifang.workflow.Subscribing.number;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The telling, for long and of much.
@Tag("soak")
class DeliverySoakTest {
    private static final Map<String, String> LOCAL =
            Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8");

    @Test
    void a_hundred_thousand_events_wait_in_little_memory_and_all_are_told() throws Exception {
        try (TestService service = TestService.own(LOCAL)) {
            Waiting.tell(service, new Story(service), 100_000);
        }
    }

    @Test
    void a_thousand_events_a_second_go_through_fifty_receivers() throws Exception {
        List<Receiver> all = new ArrayList<>();
        try (TestService service = TestService.own(LOCAL)) {
            Story story = new Story(service);
            for (int i = 0; i < 50; i++) {
                Receiver one = new Receiver();
                all.add(one);
                active(
                        story.hospital,
                        "claim-lost",
                        one.url(),
                        w -> number(w, "max-count", "valuePositiveInt", 20));
            }
            long before = Waiting.memory();
            Instant began = Instant.now();
            // Twenty at the begin of each second, each for fifty receivers.
            for (int second = 0; second < 30; second++) {
                Instant next = began.plusSeconds(second);
                Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
                Waiting.write(service, story, 20);
            }
            for (Receiver one : all) {
                one.untilEvents(600);
            }
            // By when they came: to look at fifty receivers one after the other takes seconds.
            Instant last =
                    all.stream()
                            .flatMap(one -> one.all().stream())
                            .map(Receiver.Notified::at)
                            .max(Instant::compareTo)
                            .orElseThrow();
            Duration took = Duration.between(began, last);
            System.out.println("30,000 events in " + took);
            // Nothing is left of a second when the next begins, so nothing is behind at the end.
            assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(30));
            all.forEach(one -> one.all().clear());
            assertThat(Waiting.memory() - before).isLessThan(Waiting.MEMORY_MOST);
        } finally {
            all.forEach(Receiver::close);
        }
    }
}
