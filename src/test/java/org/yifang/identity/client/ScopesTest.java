package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class ScopesTest {
    @ParameterizedTest
    @CsvSource({
        "system/Task.rs, system/*.cruds, system/Task.rs",
        "system/*.cruds, system/Task.rs, system/Task.rs",
        "system/*.rs, system/*.cruds, system/*.rs",
        "system/Task.cruds, system/*.rs, system/Task.rs",
        "system/Task.read, system/*.cruds, system/Task.rs",
        "system/Task.write, system/*.cruds, system/Task.cud",
        "system/*.*, system/*.rs, system/*.rs",
    })
    void grant_what_is_asked_for_within_what_is_registered(
            String asked, String registered, String granted) {
        assertThat(Scopes.granted(List.of(asked), List.of(registered))).containsExactly(granted);
    }

    @ParameterizedTest
    @CsvSource({
        "system/Patient.rs, system/Task.cruds",
        "system/Task.c, system/Task.rs",
        "patient/Task.rs, system/*.cruds",
        "system/Task.sr, system/*.cruds",
        "system/Task., system/*.cruds",
        "system/Task.rs?status=ready, system/*.cruds",
        "openid, system/*.cruds",
        "'', system/*.cruds",
    })
    void grant_nothing_else(String asked, String registered) {
        assertThat(Scopes.granted(List.of(asked), List.of(registered))).isEmpty();
    }

    @Test
    void grant_each_of_several() {
        assertThat(
                        Scopes.granted(
                                List.of("system/Task.r", "system/Patient.s", "launch"),
                                List.of("system/Task.cruds", "system/Patient.rs")))
                .containsExactly("system/Task.r", "system/Patient.s");
    }
}
