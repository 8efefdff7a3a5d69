package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class PacksTest {
    private static final Instant START = Instant.parse("2026-11-21T01:00:00Z");
    private static final Drug DRUG =
            new Drug("XC08CAA013A001010100001", "苯磺酸氨氯地平片", "set", "western", "片", 7);

    @Test
    void every_pack_has_its_own_code_of_twenty_digits() {
        Packs packs = new Packs(START, 1);
        List<String> codes = packs.take(DRUG, 1_000);
        assertThat(codes).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(codes).allMatch(code -> code.matches("8\\d{19}"));
        assertThat(packs.take(DRUG, 1_000)).doesNotContainAnyElementsOf(codes);
    }

    @Test
    void a_later_run_repeats_none() {
        List<String> earlier = new Packs(START, 1).take(DRUG, 5_000);
        assertThat(new Packs(START.plusSeconds(1), 1).take(DRUG, 5_000))
                .doesNotContainAnyElementsOf(earlier);
    }
}
