package org.yifang.queue.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.queue.ticket.QueueStage;

import java.util.List;

/// Who waits reads what a window is called, not the code that it is told by.
class QueueNamesTest {
    /// The stages at which the platform itself opens a queue for what is prescribed.
    private static final List<QueueStage> OURS =
            List.of(QueueStage.REVIEW, QueueStage.DISPENSING, QueueStage.HAND_OVER);

    @Test
    void what_the_platform_opens_has_a_name_in_both_languages() {
        for (QueueStage stage : OURS) {
            String code = "rx-" + stage.code();
            assertThat(QueueNames.of(code))
                    .as(code)
                    .hasValueSatisfying(name -> {
                        assertThat(name.getString("en")).doesNotContain("rx-");
                        assertThat(name.getString("zh-CN")).matches("\\p{IsHan}+");
                    });
        }
    }

    @Test
    void a_window_with_a_number_is_named_by_it() {
        assertThat(QueueNames.of("window-3").orElseThrow().getString("zh-CN")).isEqualTo("3号窗口");
        assertThat(QueueNames.of("payment-12").orElseThrow().getString("en"))
                .isEqualTo("Payment 12");
    }

    @Test
    void what_a_hospital_calls_its_own_stays_as_it_is_called() {
        assertThat(QueueNames.of("内科三诊室")).isEmpty();
    }
}
