package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.util.Map;

/// What a region sets for itself holds at the door.
final class RegionLimitsTest {
    @Test
    void a_prescription_within_the_national_limits_can_break_the_regions() {
        Map<String, String> region = Map.of("YIFANG_LINES_MOST", "1", "YIFANG_SUPPLY_DAYS", "6");
        try (TestService service = TestService.own(region)) {
            Story story = new Story(service);
            assertThat(story.submit(story.document()).codes()).containsOnly("RX-2110", "RX-2113");
        }
        Story elsewhere = new Story(TestService.shared());
        assertThat(elsewhere.submit(elsewhere.document()).status()).isEqualTo(201);
    }
}
