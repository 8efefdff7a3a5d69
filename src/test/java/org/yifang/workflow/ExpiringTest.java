package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Subscribing.active;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// A patient is told in time that a prescription ends and that drugs lie ready, and not twice.
class ExpiringTest {
    @Test
    void a_day_before_its_end_the_patient_is_told_once_and_of_drugs_that_are_ready()
            throws Exception {
        try (TestService service =
                        TestService.own(Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8"));
                Receiver ends = new Receiver();
                Receiver ready = new Receiver()) {
            Story story = new Story(service);
            // Before its first prescription nobody knows the patient.
            story.prescribed();
            active(story.patient(), "prescription-expiring", ends.url(), wish -> {});
            active(story.patient(), "dispense-ready", ready.url(), wish -> {});
            Story.Rx rx = story.prescribed();
            service.clock().forward(Duration.ofHours(60));
            ends.until(one -> one.body().contains("Task/" + rx.id()));
            String token = story.claimed(story.pharmacy, rx);
            String moment = "{\"name\":\"moment\",\"valueCode\":\"prepared\"}";
            for (int i = 0; i < 2; i++) {
                String at = Story.stamp(service.clock().instant());
                story.pharmacy.call(
                        rx.path() + "/$progress",
                        moment,
                        "{\"name\":\"at\",\"valueInstant\":\"" + at + "\"}");
                service.clock().forward(Duration.ofSeconds(61));
            }
            ready.until(one -> one.body().contains("Task/" + rx.id()));
            story.pharmacy.call(
                    rx.path() + "/$release",
                    Story.string("claim-token", token),
                    Story.reason("other"));
            // Open again, near the same end.
            Story.Rx later = story.prescribed();
            service.clock().forward(Duration.ofHours(60));
            ends.until(one -> one.body().contains("Task/" + later.id()));
            // A number may come twice: the clock that jumps ends a lease in the middle of a call.
            assertThat(Set.copyOf(ends.events()))
                    .filteredOn(one -> one.focus().contains(rx.id()))
                    .hasSize(1);
            assertThat(Set.copyOf(ready.events())).hasSize(1);
        }
    }
}
