package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.console.frame.Codes;
import org.yifang.workflow.Story.Rx;

import java.util.Map;
import java.util.TreeMap;

/// What a reviewer's page says of a prescription that is decided already.
class ReviewPageTest {
    /// Each of somebody of whom no other test speaks.
    private static final String ALONE = "421281196402290115";

    private static final String DECIDED = "421281196402290131";

    private static final Story STORY = new Story(TestService.shared());
    private static final Browser REVIEWER = new Browser(STORY.service.url());

    @BeforeAll
    static void signIn() {
        assertThat(REVIEWER.signIn("reviewer-1", "reviewer-1").status()).isEqualTo(303);
    }

    private static Rx waiting(String card) {
        ObjectNode document = STORY.unreviewed();
        ObjectNode patient = Story.resource(document, "Patient");
        ((ObjectNode) patient.at("/identifier/0")).put("value", card);
        ((ObjectNode) patient.at("/name/0")).put("text", "周立春");
        patient.put("gender", "male").put("birthDate", "1964-02-29");
        return STORY.prescribed(document);
    }

    private static String page(Rx rx, String language) {
        return REVIEWER.get("/review?lang=" + language + "&task=" + rx.id()).text();
    }

    /// What stands under what else runs.
    private static String running(Rx rx, String language) {
        String page = page(rx, language);
        String section = page.substring(page.indexOf("data-test=\"running\""));
        return section.substring(0, section.indexOf("</section>"));
    }

    @Test
    void that_nothing_else_runs_is_said_only_as_long_as_the_reviewer_is_told_of_it() {
        Rx rx = waiting(ALONE);
        assertThat(running(rx, "zh")).contains("没有其他在用药品");
        assertThat(running(rx, "en")).contains("Nothing else runs");
        Map<String, String> form = new TreeMap<>();
        for (Codes.Code item : Codes.of("suitability-review")) {
            form.put("item-" + item.code(), "pass");
        }
        form.put("task", rx.id());
        form.put("decision", "approve");
        assertThat(REVIEWER.fill("/review", form).status()).isEqualTo(200);
        assertThat(STORY.state(rx)).isEqualTo("ready/awaiting-claim");
        assertThat(running(rx, "zh")).contains("审核结束后不再告知").doesNotContain("没有其他在用药品");
        assertThat(running(rx, "en"))
                .contains("not told once the review is over")
                .doesNotContain("Nothing else runs");
        assertThat(page(rx, "zh"))
                .contains("data-state=\"ready/awaiting-claim\"")
                .doesNotContain("data-test=\"approve\"", "审方时限");
    }

    @Test
    void what_somebody_else_has_just_decided_is_told_to_be_gone_and_not_that_nothing_waits() {
        Rx rx = waiting(DECIDED);
        var _ = waiting(DECIDED);
        assertThat(STORY.review(STORY.reviewer, rx, "approve").status()).isEqualTo(200);
        assertThat(page(rx, "zh"))
                .contains("data-test=\"gone\"", "可能刚由他人审核")
                .doesNotContain("没有等待审核的处方");
        assertThat(page(rx, "en"))
                .contains("somebody else may have decided it")
                .doesNotContain("Nothing awaits review");
    }
}
