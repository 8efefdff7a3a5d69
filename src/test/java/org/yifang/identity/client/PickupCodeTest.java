package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Set;

class PickupCodeTest {
    @Test
    void uses_at_most_one_of_each_group_that_looks_alike() {
        for (String group : Set.of("0OQ", "1IL", "2Z", "5S", "6G", "8B", "UV")) {
            assertThat(group.chars().filter(one -> PickupCode.ALPHABET.indexOf(one) >= 0).count())
                    .as(group)
                    .isLessThanOrEqualTo(1);
        }
        assertThat(PickupCode.ALPHABET.chars().distinct().count()).isEqualTo(25);
    }

    @Test
    void is_drawn_evenly_and_practically_never_twice() {
        int codes = 20_000;
        int[] counts = new int[PickupCode.ALPHABET.length()];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < codes; i++) {
            String code = PickupCode.generate();
            assertThat(PickupCode.parse(code)).contains(code);
            seen.add(code);
            code.chars().forEach(one -> counts[PickupCode.ALPHABET.indexOf(one)]++);
        }
        assertThat(seen).hasSizeGreaterThan(codes - 5);
        double expected = codes * (double) PickupCode.LENGTH / counts.length;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        // 24 degrees of freedom: 1 in 10 million fair draws goes beyond 75.
        assertThat(chiSquare).isLessThan(75);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a2c4e6h8",
                "A2C4 E6H8",
                " a2c4-e6h8\n",
                "Ａ２Ｃ４Ｅ６Ｈ８",
                "ａ２ｃ４　ｅ６ｈ８",
                "A2C4–E6H8",
                "A2C4－E6H8",
                "A-2-C-4-E-6-H-8",
                "A2C4\u200BE6H8"
            })
    void is_understood_however_it_is_typed(String typed) {
        assertThat(PickupCode.parse(typed)).contains("A2C4E6H8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A2C4E6H",
                "A2C4E6H8A",
                "A2C4E6H0",
                "A2C4E6HO",
                "A2C4E6HI",
                "A2C4E6H!",
                "赤壁赤壁赤壁赤壁",
                "A2C4E6Hß",
                "'; drop table"
            })
    void is_nothing_else(String typed) {
        assertThat(PickupCode.parse(typed)).isEmpty();
        assertThat(PickupCode.parse("A".repeat(1_000_000))).isEmpty();
    }
}
