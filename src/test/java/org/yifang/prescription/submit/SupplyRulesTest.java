package org.yifang.prescription.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.DrugClass;
import org.yifang.platform.PrescribingLimits;

import java.math.BigDecimal;
import java.util.List;

/// How much is prescribed for how long, each on both sides of its border.
class SupplyRulesTest {
    private static final String BOX_OF_28 = "XC08CAA013A001010200001";

    @Test
    void is_for_seven_days_and_longer_only_with_a_reason() {
        assertThat(new Draft().days(7).refused()).isEmpty();
        assertThat(new Draft().days(8).refused()).containsOnly("RX-2113");
        assertThat(new Draft().days(8).extended().refused()).isEmpty();
        assertThat(new Draft().days(28).extended().refused()).isEmpty();
        assertThat(new Draft().days(29).extended().refused()).containsOnly("RX-2113");
    }

    @Test
    void of_an_emergency_is_for_three_days() {
        assertThat(new Draft().emergency().days(3).refused()).isEmpty();
        assertThat(new Draft().emergency().days(4).refused()).containsOnly("RX-2113");
        assertThat(new Draft().emergency().days(4).extended().refused()).isEmpty();
    }

    @Test
    void counts_weeks_and_hours_as_days() {
        Draft draft = Draft.single();
        ObjectNode duration =
                (ObjectNode) draft.line(0).at("/dispenseRequest/expectedSupplyDuration");
        duration.put("value", 1).put("unit", "周").put("code", "wk");
        assertThat(draft.refused()).isEmpty();
        duration.put("value", 169).put("unit", "小时").put("code", "h");
        assertThat(draft.refused()).containsExactly("RX-2113");
    }

    @Test
    void a_long_prescription_lasts_28_days_and_84_with_an_assessment() {
        assertThat(new Draft().continuous(1).days(28).refused()).isEmpty();
        assertThat(new Draft().continuous(1).days(29).refused()).containsOnly("RX-2123");
        assertThat(new Draft().continuous(1).days(29).extended().refused()).isEmpty();
        assertThat(new Draft().continuous(1).days(84).extended().refused()).isEmpty();
        assertThat(new Draft().continuous(1).days(85).extended().refused()).containsOnly("RX-2123");
    }

    @Test
    void the_limits_are_for_all_fills_together() {
        assertThat(new Draft().continuous(2).days(14).refused()).isEmpty();
        assertThat(new Draft().continuous(2).days(15).refused()).containsOnly("RX-2123");
        assertThat(new Draft().continuous(3).days(28).extended().refused()).isEmpty();
        assertThat(new Draft().continuous(4).days(28).extended().refused()).containsOnly("RX-2123");
    }

    @Test
    void further_fills_belong_to_long_prescriptions() {
        Draft draft = new Draft();
        ((ObjectNode) draft.line(0).get("dispenseRequest")).put("numberOfRepeatsAllowed", 1);
        ((ObjectNode) draft.line(1).get("dispenseRequest")).put("numberOfRepeatsAllowed", 1);
        assertThat(draft.refused()).containsOnly("RX-2123");
    }

    @Test
    void all_lines_have_the_same_fills() {
        Draft draft = new Draft().continuous(2).days(14);
        ((ObjectNode) draft.line(1).get("dispenseRequest")).put("numberOfRepeatsAllowed", 0);
        assertThat(draft.refused()).containsExactly("RX-2123");
    }

    @Test
    void a_long_prescription_is_for_chronic_disease() {
        assertThat(new Draft().continuous(1).days(28).diagnosis("E11.900").refused()).isEmpty();
        assertThat(new Draft().continuous(1).days(28).diagnosis("J06.900").refused())
                .containsOnly("RX-2123");
    }

    @ParameterizedTest
    @CsvSource({"7,", "8,RX-2205"})
    void more_than_the_days_need_is_worth_a_question(int units, String warning) {
        // A pack holds seven: the eighth tablet is not explained by whole packs.
        Draft draft = Draft.single().days(7, units).extended();
        assertThat(draft.refused()).isEmpty();
        assertThat(draft.warned()).isEqualTo(warning == null ? List.of() : List.of(warning));
    }

    @Test
    void whole_packs_may_hold_more_than_the_days_need() {
        assertThat(Draft.single().days(5, 7).warned()).isEmpty();
        Draft box = Draft.single().of(BOX_OF_28).days(7, 28);
        assertThat(box.findings()).isEmpty();
        assertThat(box.days(7, 29).refused()).containsExactly("RX-2113");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void is_counted_in_what_is_handed_out_whatever_is_declared(boolean declared) {
        Draft draft = Draft.single();
        if (!declared) {
            draft.supply(0).remove("expectedSupplyDuration");
        }
        ObjectNode quantity = (ObjectNode) draft.supply(0).get("quantity");
        quantity.put("value", 7);
        assertThat(draft.refused()).isEmpty();
        quantity.put("value", 8);
        assertThat(draft.refused()).containsExactly("RX-2113");
        assertThat(draft.findings().getFirst().detail()).contains("`8` days");
        draft.extended();
        assertThat(draft.refused()).isEmpty();
        quantity.put("value", 28);
        assertThat(draft.refused()).isEmpty();
        quantity.put("value", 29);
        assertThat(draft.refused()).containsExactly("RX-2113");
    }

    @Test
    void of_an_emergency_is_counted_in_what_is_handed_out() {
        Draft draft = Draft.single().emergency();
        // Three days open one pack of seven, and not a second one.
        assertThat(draft.days(3, 7).refused()).isEmpty();
        assertThat(draft.days(3, 8).refused()).containsExactly("RX-2113");
    }

    @ParameterizedTest
    @CsvSource({"1, 28, false", "1, 29, true", "2, 14, false", "2, 15, true"})
    void of_a_long_prescription_is_counted_in_what_is_handed_out(
            int fills, int units, boolean tooLong) {
        Draft draft = Draft.single().continuous(fills).days(7, units);
        draft.supply(0).remove("expectedSupplyDuration");
        draft.supply(0)
                .putObject("dispenseInterval")
                .put("value", 28)
                .put("unit", "天")
                .put("code", "d");
        assertThat(draft.refused()).isEqualTo(tooLong ? List.of("RX-2123") : List.of());
        assertThat(draft.extended().refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"d,", "wk,", "min,RX-2112", "fortnight,RX-2112", "D,RX-2112"})
    void is_in_units_of_days(String code, String refused) {
        Draft draft = Draft.single();
        ((ObjectNode) draft.supply(0).get("expectedSupplyDuration"))
                .put("value", 1)
                .put("code", code);
        assertThat(draft.refused()).isEqualTo(refused == null ? List.of() : List.of(refused));
    }

    @Test
    void the_next_fill_opens_when_the_one_before_may_be_used_up() {
        Draft draft = Draft.single().continuous(2).days(14);
        ObjectNode interval = draft.supply(0).putObject("dispenseInterval");
        interval.put("value", 14).put("unit", "天").put("code", "d");
        assertThat(draft.refused()).isEmpty();
        interval.put("value", 13);
        assertThat(draft.refused()).containsExactly("RX-2123");
        // Without declared days the quantity tells.
        draft.supply(0).remove("expectedSupplyDuration");
        assertThat(draft.refused()).isEmpty();
        interval.put("value", 7);
        assertThat(draft.refused()).containsExactly("RX-2123");
    }

    @Test
    void a_long_prescription_has_no_drug_of_special_storage() {
        Draft draft = Draft.single().made(DrugClass.COLD_CHAIN);
        assertThat(draft.refused()).isEmpty();
        assertThat(draft.continuous(1).refused()).containsExactly("RX-2123");
        PrescribingLimits usual = PrescribingLimits.NATIONAL;
        draft.settings =
                new PrescribingLimits(
                        usual.linesMost(),
                        usual.supplyDays(),
                        usual.emergencyDays(),
                        usual.validityDays(),
                        usual.calendarDay(),
                        usual.longDays(),
                        usual.longDaysMost(),
                        usual.coldChainCirculates(),
                        true);
        assertThat(draft.refused()).isEmpty();
    }

    @Test
    void a_long_prescription_has_antimicrobials_against_tuberculosis_only() {
        Draft draft = Draft.single().made(AntimicrobialTier.NON_RESTRICTED).continuous(1);
        assertThat(draft.refused()).containsExactly("RX-2123");
        assertThat(draft.diagnosis("A16.200").refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1000000000000000, RX-2112",
        "1e30, RX-2112",
        "1e-7, RX-2112",
        "1e300, RX-2112",
        "1e-300, RX-2112",
        "0.00001, RX-2112",
        "7.00000, ",
        "0.5, "
    })
    void a_number_is_one_that_a_prescription_can_have(String value, String refused) {
        List<String> expected = refused == null ? List.of() : List.of(refused);
        Draft quantity = Draft.single();
        ((ObjectNode) quantity.supply(0).get("quantity")).put("value", new BigDecimal(value));
        assertThat(quantity.refused()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e15", "1e30", "1e-7", "1e300", "1e-300"})
    void so_are_doses_days_intervals_and_periods(String value) {
        BigDecimal number = new BigDecimal(value);
        Draft dose = Draft.single();
        ((ObjectNode) dose.line(0).at("/dosageInstruction/0/doseAndRate/0/doseQuantity"))
                .put("value", number);
        assertThat(dose.refused()).containsExactly("RX-2112");
        Draft days = Draft.single();
        ((ObjectNode) days.supply(0).get("expectedSupplyDuration")).put("value", number);
        assertThat(days.refused()).containsExactly("RX-2112");
        Draft period = Draft.single();
        ((ObjectNode) period.line(0).at("/dosageInstruction/0/timing/repeat"))
                .put("period", number);
        assertThat(period.refused()).containsExactly("RX-2112");
        Draft interval = Draft.single();
        interval.supply(0).putObject("dispenseInterval").put("value", number).put("code", "d");
        assertThat(interval.refused()).containsExactly("RX-2112");
    }

    @Test
    void packs_and_fills_are_countable() {
        Draft packs = Draft.single();
        packs.supply(0).putObject("quantity").put("value", 1_000_000).put("unit", "盒");
        ((ObjectNode) packs.line(0).at("/dosageInstruction/0")).remove("timing");
        assertThat(packs.refused()).containsExactly("RX-2112");
        Draft fills = Draft.single().continuous(1);
        fills.supply(0).put("numberOfRepeatsAllowed", Integer.MAX_VALUE);
        assertThat(fills.refused()).containsExactly("RX-2112");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantity", "expectedSupplyDuration"})
    void nothing_is_prescribed_in_zero_or_below(String element) {
        for (int value : new int[] {0, -1}) {
            Draft draft = Draft.single();
            ((ObjectNode) draft.line(0).at("/dispenseRequest/" + element)).put("value", value);
            assertThat(draft.refused()).containsExactly("RX-2112");
        }
    }

    @Test
    void a_dose_is_above_zero() {
        Draft draft = Draft.single();
        ((ObjectNode) draft.line(0).at("/dosageInstruction/0/doseAndRate/0/doseQuantity"))
                .put("value", 0);
        assertThat(draft.refused()).containsExactly("RX-2112");
    }

    @Test
    void the_unit_is_the_drugs_own_or_its_pack() {
        Draft draft = Draft.single();
        ObjectNode quantity = (ObjectNode) draft.line(0).at("/dispenseRequest/quantity");
        quantity.put("value", 1).put("unit", "盒");
        assertThat(draft.findings()).isEmpty();
        quantity.put("unit", "支");
        assertThat(draft.refused()).containsExactly("RX-2112");
    }
}
