package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;

class PersonTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

    /// The first is the example of GB 11643; the others were reckoned apart from this code.
    @ParameterizedTest
    @CsvSource({
        "11010519491231002,X",
        "42128119900307001,2",
        "42128119580921002,0",
        "42128120150612003,4",
        "42128119771130004,3",
        "42128119640229005,1"
    })
    void the_check_character_is_that_of_the_standard(String first17, char check) {
        assertThat(Person.checkCharacter(first17)).isEqualTo(check);
    }

    @Test
    void an_odd_order_number_is_a_man_and_an_even_one_a_woman() {
        assertThat(Person.of("王建国", LocalDate.of(1990, 3, 7), 1))
                .isEqualTo(
                        new Person("421281199003070012", "王建国", "male", LocalDate.of(1990, 3, 7)));
        assertThat(Person.of("陈秀英", LocalDate.of(1958, 9, 21), 2).gender()).isEqualTo("female");
    }

    @Test
    void no_two_people_share_an_identity_card_and_nobody_is_a_child() {
        List<Person> people = People.of(5_000, TODAY, new SplittableRandom(1));
        assertThat(people).extracting(Person::identityCard).doesNotHaveDuplicates();
        assertThat(people)
                .allSatisfy(person -> {
                    assertThat(person.identityCard()).matches("421281\\d{11}[\\dX]");
                    assertThat(person.birthDate()).isBefore(TODAY.minusYears(16));
                    assertThat(person.birthDate()).isAfter(TODAY.minusYears(94));
                });
    }

    @Test
    void the_same_random_numbers_make_the_same_people() {
        assertThat(People.of(200, TODAY, new SplittableRandom(5)))
                .isEqualTo(People.of(200, TODAY, new SplittableRandom(5)))
                .isNotEqualTo(People.of(200, TODAY, new SplittableRandom(6)));
    }
}
