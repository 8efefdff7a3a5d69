package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Story.Rx;

import java.util.LinkedHashSet;
import java.util.Set;

/// Who held a prescription stands in its former versions, for those who may know it now.
class FormerHoldersTest {
    private final Story story = new Story(TestService.shared());

    private static Set<String> holders(Client by, Rx rx) {
        Set<String> holders = new LinkedHashSet<>();
        for (JsonNode entry : by.get(rx.path() + "/_history?_count=50").body().path("entry")) {
            String owner = entry.at("/resource/owner/reference").asText();
            if (!owner.isEmpty()) {
                holders.add(owner);
                assertThat(entry.at("/resource/extension").toString()).contains("lease-until");
            }
        }
        return holders;
    }

    @Test
    void the_hospital_and_the_patient_see_each_holder_and_a_pharmacy_itself_alone() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        story.pharmacy.call(
                rx.path() + "/$release",
                "{\"name\":\"claim-token\",\"valueString\":\"" + token + "\"}");
        story.claimed(story.otherPharmacy, rx);
        story.cancel(rx);
        assertThat(story.state(rx)).isEqualTo("cancelled/cancelled");

        assertThat(holders(story.hospital, rx)).hasSize(2);
        assertThat(holders(story.patient(), rx)).isEqualTo(holders(story.hospital, rx));
        assertThat(holders(story.pharmacy, rx)).hasSize(1);
        assertThat(holders(story.otherPharmacy, rx))
                .hasSize(1)
                .doesNotContainAnyElementsOf(holders(story.pharmacy, rx));
        assertThat(holders(new Client(TestService.shared(), "auditor-1"), rx)).isEmpty();
    }
}
