package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

/// What does not refuse a prescription but must be seen by who writes it and who hands it out.
final class CautionsTest {
    private final Story story = new Story(TestService.shared());

    @Test
    void the_same_generic_still_running_from_elsewhere_is_told_without_saying_where() {
        Rx first = story.prescribed();
        Client elsewhere = new Client(story.service, "hospital-2");
        Rx second = story.prescribed();
        assertThat(second.task().toString()).contains("RX-2201").contains("氨氯地平");
        Reply claim = story.claim(story.pharmacy, second);
        String warnings = claim.parameter("warnings").toString();
        assertThat(warnings).as(claim.raw().body()).contains("RX-2201");
        // Neither the other prescription's number nor its hospital can be learned from it.
        assertThat(warnings)
                .doesNotContain(first.id())
                .doesNotContain("H421281")
                .doesNotContain("医院");
        assertThat(elsewhere.get(first.path()).status()).isEqualTo(404);
    }

    @Test
    void an_identity_number_known_by_another_name() {
        story.prescribed();
        ObjectNode document = story.document();
        ((ObjectNode) Story.resource(document, "Patient").at("/name/0")).put("text", "陈秀兰");
        Reply submitted = story.submit(document);
        assertThat(submitted.status()).as(submitted.raw().body()).isEqualTo(201);
        assertThat(submitted.raw().body()).contains("RX-2204");
        // The registry's own name is not given away.
        assertThat(submitted.raw().body()).doesNotContain("陈秀英");
    }
}
