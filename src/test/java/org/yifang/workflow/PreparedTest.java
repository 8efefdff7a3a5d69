package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Story.Rx;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Since when the drugs lie ready is a fact of the Task, for all whom the claim concerns.
class PreparedTest {
    private final Story story = new Story(TestService.shared());

    private static String prepared(Client by, Rx rx) {
        for (JsonNode one : by.get(rx.path()).body().path("extension")) {
            if (one.path("url").asText().equals(Story.EXTENSION + "prepared")) {
                return one.path("valueInstant").asText();
            }
        }
        return "";
    }

    private int tells(Client by, Rx rx, Instant at) {
        return by.call(
                        rx.path() + "/$progress",
                        "{\"name\":\"moment\",\"valueCode\":\"prepared\"}",
                        "{\"name\":\"at\",\"valueInstant\":\"" + at + "\"}")
                .status();
    }

    private long version(Rx rx) {
        return story.hospital.get(rx.path()).body().at("/meta/versionId").asLong();
    }

    @Test
    void hospital_patient_and_holder_read_since_when_and_nobody_else() {
        Rx rx = story.prescribed();
        story.claimed(story.pharmacy, rx);
        Instant at = TestService.shared().clock().instant().truncatedTo(ChronoUnit.SECONDS);
        assertThat(prepared(story.patient(), rx)).isEmpty();
        long before = version(rx);
        assertThat(tells(story.pharmacy, rx, at)).isEqualTo(200);
        for (Client one : new Client[] {story.hospital, story.patient(), story.pharmacy}) {
            assertThat(Instant.parse(prepared(one, rx))).isEqualTo(at);
        }
        assertThat(prepared(story.reviewer, rx)).isEmpty();
        assertThat(story.otherPharmacy.get(rx.path()).status()).isEqualTo(404);
        assertThat(version(rx)).isEqualTo(before + 1);
        assertThat(tells(story.pharmacy, rx, at)).isEqualTo(200);
        assertThat(version(rx)).isEqualTo(before + 1);
        assertThat(tells(story.otherPharmacy, rx, at)).isEqualTo(404);
    }

    @Test
    void what_was_handed_out_lies_ready_no_longer_and_a_new_claim_begins_without() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        Instant at = TestService.shared().clock().instant();
        tells(story.pharmacy, rx, at);
        story.dispense(story.pharmacy, rx, token, true, story.dispense(rx.lines().get(0), 0, "3"));
        assertThat(story.state(rx)).isEqualTo("in-progress/partly-dispensed");
        assertThat(prepared(story.patient(), rx)).isEmpty();
        tells(story.pharmacy, rx, at);
        assertThat(prepared(story.patient(), rx)).isNotEmpty();
        story.pharmacy.call(
                rx.path() + "/$release",
                "{\"name\":\"claim-token\",\"valueString\":\"" + token + "\"}");
        assertThat(prepared(story.patient(), rx)).isEmpty();
        story.claimed(story.otherPharmacy, rx);
        assertThat(prepared(story.patient(), rx)).isEmpty();
    }
}
