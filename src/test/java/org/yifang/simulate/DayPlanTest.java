package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

class DayPlanTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
    private static final Casebook CASEBOOK = Casebook.of(Products.shelf());

    @Test
    void the_same_seed_plans_the_same_day() {
        assertThat(day(1, 300)).isEqualTo(day(1, 300)).isNotEqualTo(day(2, 300));
    }

    @Test
    void people_come_in_order_and_during_the_opening_hours() {
        List<Visit> visits = day(1, 1_000);
        assertThat(visits).extracting(Visit::arrivalSecond).isSorted();
        assertThat(visits.getFirst().arrivalSecond()).isGreaterThanOrEqualTo(7 * 3600);
        assertThat(visits.getLast().arrivalSecond()).isLessThan(18 * 3600);
        long before12 = visits.stream().filter(one -> one.arrivalSecond() < 12 * 3600).count();
        assertThat(before12).isBetween(550L, 760L);
    }

    @Test
    void every_prescription_has_its_own_place_and_its_patient_knows_three_pharmacies() {
        List<Visit> visits = day(3, 500);
        assertThat(visits).extracting(Visit::index).doesNotHaveDuplicates();
        assertThat(visits)
                .allSatisfy(visit -> {
                    assertThat(visit.pharmacies()).hasSize(3).doesNotHaveDuplicates();
                    assertThat(visit.complaint().lines()).hasSizeBetween(1, 5);
                });
    }

    @Test
    void a_patient_uses_the_counter_of_the_hospital_that_prescribed_or_none() {
        assertThat(day(4, 2_000))
                .allSatisfy(visit -> {
                    int other = visit.hospital().inHousePharmacy() == 10 ? 11 : 10;
                    assertThat(visit.pharmacies()).doesNotContain(County.PHARMACIES.get(other));
                });
    }

    @Test
    void what_the_hospital_has_reviewed_is_not_refused_by_a_reviewer() {
        assertThat(day(5, 3_000))
                .filteredOn(visit -> visit.ending() == Visit.Ending.REVIEW_REFUSED)
                .isNotEmpty()
                .noneMatch(visit -> visit.has(Visit.Quirk.REVIEWED_BEFORE));
    }

    @Test
    void every_ending_and_every_quirk_happens_on_a_day_of_two_thousand() {
        List<Visit> visits = day(1, 2_000);
        Map<Visit.Ending, Long> endings =
                visits.stream()
                        .map(Visit::ending)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(endings).containsKeys(Visit.Ending.values());
        assertThat(endings.get(Visit.Ending.DISPENSED)).isBetween(1_750L, 1_900L);
        for (Visit.Quirk quirk : Visit.Quirk.values()) {
            assertThat(visits).anyMatch(visit -> visit.has(quirk));
        }
    }

    private static List<Visit> day(long seed, int prescriptions) {
        return DayPlan.of(seed, prescriptions, TODAY, CASEBOOK);
    }
}
