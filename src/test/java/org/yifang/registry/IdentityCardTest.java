package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.LocalDate;

class IdentityCardTest {
    @ParameterizedTest
    @CsvSource({
        "11010519491231002X, 1949-12-31, FEMALE",
        "421281199003070012, 1990-03-07, MALE",
        "421281195809210020, 1958-09-21, FEMALE",
        "421281201506120034, 2015-06-12, MALE",
        "421281197711300043, 1977-11-30, FEMALE",
        "421281196402290051, 1964-02-29, MALE"
    })
    void tells_birth_date_and_sex(String number, LocalDate birthDate, IdentityCard.Sex sex) {
        assertThat(IdentityCard.fault(number)).isEmpty();
        IdentityCard card = IdentityCard.parse(number).orElseThrow();
        assertThat(card.birthDate()).isEqualTo(birthDate);
        assertThat(card.sex()).isEqualTo(sex);
    }

    @Test
    void speaks_of_sex_as_fhir_does() {
        assertThat(IdentityCard.Sex.MALE.code()).isEqualTo("male");
        assertThat(IdentityCard.Sex.FEMALE.code()).isEqualTo("female");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42128119900307001",
                "4212811990030700122",
                "021281199003070012",
                "421281179003070012",
                "421281219003070012",
                "11010519491231002x",
                "421281199013070012",
                "421281199003320012",
                "4212811990030700１2",
                " 421281199003070012",
                "421281900307001"
            })
    void is_refused_by_its_shape(String number) {
        assertThat(IdentityCard.fault(number))
                .hasValueSatisfying(fault -> {
                    assertThat(fault).contains("17 digits");
                    assertThat(number.isEmpty() || !fault.contains(number)).isTrue();
                });
        assertThat(IdentityCard.parse(number)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "110105194902300028", // 30 February: the standard's own example.
                "421281196302290051", // 29 February of no leap year.
                "421281190002290051", // 1900 was none either.
                "421281199004310012"
            })
    void is_refused_when_the_birth_date_is_no_day(String number) {
        assertThat(IdentityCard.fault(number))
                .hasValueSatisfying(f -> assertThat(f).contains("day"));
    }

    @Test
    void every_other_check_character_is_refused() {
        for (char check : "0123456789X".toCharArray()) {
            assertThat(IdentityCard.parse("42128119900307001" + check).isPresent())
                    .as("check %s", check)
                    .isEqualTo(check == '2');
        }
    }

    @Test
    void two_digits_exchanged_are_found() {
        assertThat(IdentityCard.fault("421281199003070102"))
                .hasValueSatisfying(fault -> assertThat(fault).contains("check character"));
    }

    @Test
    void never_shows_the_number() {
        assertThat(new IdentityCard("421281199003070012").toString()).doesNotContain("4212");
        assertThatThrownBy(() -> new IdentityCard("421281199003070013"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("421281");
    }
}
