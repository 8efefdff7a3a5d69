package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The unified social credit code.
class UsccTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "91350100M000100Y43",
                "12421281MB0000019Y",
                "12421281MB0000027R",
                "91421281MA000A012A",
                "91421281MA000A0205",
                "11421281000000019W"
            })
    void is_taken(String code) {
        assertThat(Uscc.fault(code)).isEmpty();
        assertThat(Uscc.parse(code).orElseThrow().warning()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "91350100M000100Y4",
                "91350100M000100Y433",
                "91350100m000100Y43",
                "31350100M000100Y43",
                "94350100M000100Y43",
                "9135O100M000100Y43",
                "91350100I000100Y43"
            })
    void is_refused_by_its_shape(String code) {
        assertThat(Uscc.fault(code))
                .hasValueSatisfying(fault -> assertThat(fault).contains("`" + code + "`"));
    }

    @Test
    void is_refused_by_its_check_character_and_told_the_right_one() {
        assertThat(Uscc.fault("12421281MB0000019W"))
                .contains(
                        "The check character of `12421281MB0000019W` should be `Y` (GB "
                                + "32100).");
        assertThatThrownBy(() -> new Uscc("12421281MB0000019W"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_warns_when_the_organization_code_inside_does_not_fit() {
        // 12421281MB0000018 with the check character that GB 32100 asks for.
        Uscc code =
                "0123456789ABCDEFGHJKLMNPQRTUWXY"
                        .chars()
                        .mapToObj(last -> "12421281MB0000018" + (char) last)
                        .flatMap(text -> Uscc.parse(text).stream())
                        .findFirst()
                        .orElseThrow();
        assertThat(code.warning())
                .hasValueSatisfying(text -> assertThat(text).contains("should end in `9`"));
    }
}
