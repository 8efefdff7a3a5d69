package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.UUID;

class IdsTest {
    @Test
    void a_uuid_is_read_in_its_one_form_whatever_the_case() {
        UUID id = UUID.fromString("01a1ffc5-1719-7000-91d4-6355518824cd");
        assertThat(Ids.uuid(id.toString())).contains(id);
        assertThat(Ids.uuid("01A1FFC5-1719-7000-91D4-6355518824CD")).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "01a1ffc5-1719-7000-91d4-6355518824c",
                "01a1ffc5-1719-7000-91d4-6355518824cdd",
                "01a1ffc5_1719-7000-91d4-6355518824cd",
                "01a1ffcg-1719-7000-91d4-6355518824cd",
                "01a1ffc51719-7000-91d4-6355518824cd-0"
            })
    void nothing_else_is_a_uuid(String text) {
        assertThat(Ids.uuid(text)).isEmpty();
    }

    @Test
    void an_id_has_one_to_64_letters_digits_dashes_and_dots() {
        assertThat(Ids.isId("a.B-9")).isTrue();
        assertThat(Ids.isId("a".repeat(64))).isTrue();
        assertThat(Ids.isId("a".repeat(65))).isFalse();
        assertThat(Ids.isId("")).isFalse();
        assertThat(Ids.isId("a_b")).isFalse();
        assertThat(Ids.isId("药")).isFalse();
    }
}
