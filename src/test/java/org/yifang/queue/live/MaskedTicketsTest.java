package org.yifang.queue.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Who is called knows it, and nobody else believes to be.
class MaskedTicketsTest {
    private static List<String> shown(String... tickets) {
        List<LiveStore.InLine> line =
                Stream.of(tickets)
                        .map(one -> new LiveStore.InLine(one, false, Instant.EPOCH))
                        .toList();
        return Stream.of(tickets).map(one -> LiveQueues.masked(one, line)).toList();
    }

    @Test
    void a_short_number_is_whole_and_a_long_one_its_end() {
        assertThat(shown("A17", "C1796008496045-158")).containsExactly("A17", "…-158");
    }

    @Test
    void equal_ends_grow_until_they_differ() {
        assertThat(shown("C1796008496045-158", "C1796008577904-158", "B012"))
                .containsExactly("…5-158", "…4-158", "B012");
        assertThat(shown("A0017", "B0017")).containsExactly("A0017", "B0017");
    }

    @Test
    void no_more_than_eight_characters_of_a_long_number_are_shown() {
        assertThat(shown("421281195809210020", "421281194809210020")).containsOnly("…09210020");
    }
}
