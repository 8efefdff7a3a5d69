package org.yifang.console.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.ProblemCode;

/// What the interface says in English, people read as advice.
class AdviceTest {
    @Test
    void no_problem_is_told_to_people_in_the_english_of_the_interface() {
        for (ProblemCode code : ProblemCode.values()) {
            assertThat(Advice.of(code.code(), "`count` is no number of events. Send one.", false))
                    .as(code.code())
                    .containsPattern("\\p{IsHan}")
                    .doesNotContain("Send one");
        }
    }
}
