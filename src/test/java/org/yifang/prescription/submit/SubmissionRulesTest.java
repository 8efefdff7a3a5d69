package org.yifang.prescription.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.DrugClass;
import org.yifang.catalogue.DrugKind;
import org.yifang.platform.PrescribingLimits;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The rules for every prescription, each on both sides of its border.
class SubmissionRulesTest {
    private static final String BOX_OF_28 = "XC08CAA013A001010200001";

    @Test
    void a_prescription_in_order_has_no_findings() {
        assertThat(new Draft().findings()).isEmpty();
    }

    @Nested
    class Validity {
        @Test
        void lasts_three_days_and_not_a_second_more() {
            Instant most = Draft.NOW.plus(Duration.ofDays(3));
            assertThat(new Draft().validUntil(most).refused()).isEmpty();
            assertThat(new Draft().validUntil(most.plusSeconds(1)).refused())
                    .containsOnly("RX-2114");
        }

        @Test
        void is_over_at_its_end_and_not_a_second_before() {
            Draft draft = new Draft().validUntil(Draft.NOW.plusSeconds(3600));
            draft.now = Draft.NOW.plusSeconds(3599);
            assertThat(draft.refused()).isEmpty();
            draft.now = Draft.NOW.plusSeconds(3600);
            assertThat(draft.refused()).containsOnly("RX-2114");
        }

        @Test
        void ends_after_it_begins() {
            assertThat(new Draft().validUntil(Draft.NOW).refused()).containsOnly("RX-2114");
        }

        @Test
        void is_the_same_for_all_lines() {
            Draft draft = new Draft();
            ((ObjectNode) draft.line(1).at("/dispenseRequest/validityPeriod"))
                    .put("end", Draft.stamp(Draft.NOW.plusSeconds(86_400)));
            assertThat(draft.refused()).containsExactly("RX-2114");
        }

        @Test
        void ends_with_the_third_further_midnight_where_a_region_counts_calendar_days() {
            // Issued on 20 November: the last instant is the end of 22 November in Shanghai.
            Draft draft = new Draft().validUntil(Instant.parse("2026-11-22T16:00:00Z"));
            PrescribingLimits usual = PrescribingLimits.NATIONAL;
            draft.settings =
                    new PrescribingLimits(
                            usual.linesMost(),
                            usual.supplyDays(),
                            usual.emergencyDays(),
                            usual.validityDays(),
                            true,
                            usual.longDays(),
                            usual.longDaysMost(),
                            usual.coldChainCirculates(),
                            usual.coldChainLong());
            assertThat(draft.refused()).isEmpty();
            draft.validUntil(Instant.parse("2026-11-22T16:00:01Z"));
            assertThat(draft.refused()).containsOnly("RX-2114");
        }

        @Test
        void counts_from_the_writing_to_the_end_of_that_day_where_nothing_is_noted() {
            // Written on 20 November at 09:30 in Shanghai.
            Draft draft = unnoted(new Draft());
            assertThat(draft.refused()).isEmpty();
            draft.now = Instant.parse("2026-11-20T15:59:59Z");
            assertThat(draft.refused()).isEmpty();
            draft.now = Instant.parse("2026-11-20T16:00:00Z");
            assertThat(draft.refused()).containsOnly("RX-2114");
        }

        @Test
        void is_judged_by_its_end_alone_where_no_start_is_noted() {
            Draft draft = new Draft().validUntil(Draft.NOW.plus(Duration.ofDays(3)));
            for (int i = 0; i < 2; i++) {
                ((ObjectNode) draft.supply(i).get("validityPeriod")).remove("start");
            }
            assertThat(draft.refused()).isEmpty();
            draft.validUntil(Draft.NOW.plus(Duration.ofDays(3)).plusSeconds(1));
            assertThat(draft.refused()).containsOnly("RX-2114");
        }

        @Test
        void begins_when_it_is_written_and_at_most_three_days_later() {
            assertThat(starting(Duration.ofMinutes(-5)).refused()).isEmpty();
            assertThat(starting(Duration.ofMinutes(-5).minusSeconds(1)).refused())
                    .containsOnly("RX-2114");
            assertThat(starting(Duration.ofDays(3)).refused()).isEmpty();
            assertThat(starting(Duration.ofDays(3).plusSeconds(1)).refused())
                    .containsOnly("RX-2114");
        }

        private static Draft starting(Duration after) {
            Draft draft = new Draft();
            for (int i = 0; i < 2; i++) {
                draft.supply(i)
                        .putObject("validityPeriod")
                        .put("start", Draft.stamp(Draft.NOW.plus(after)))
                        .put("end", Draft.stamp(Draft.NOW.plus(after).plusSeconds(3600)));
            }
            draft.now = after.isNegative() ? Draft.NOW : Draft.NOW.plusSeconds(1);
            return draft;
        }

        private static Draft unnoted(Draft draft) {
            for (int i = 0; i < draft.lines(); i++) {
                draft.supply(i).remove("validityPeriod");
            }
            return draft;
        }

        @Test
        void a_line_is_not_written_in_the_future_nor_long_ago() {
            assertThat(written(Draft.NOW.plusSeconds(300)).refused()).isEmpty();
            assertThat(written(Draft.NOW.plusSeconds(301)).refused()).containsOnly("RX-2124");
            assertThat(written(Instant.parse("2026-11-19T16:00:00Z")).refused()).isEmpty();
            assertThat(written(Instant.parse("2026-11-19T15:59:59Z")).refused())
                    .containsOnly("RX-2114");
        }

        private static Draft written(Instant at) {
            Draft draft = unnoted(new Draft());
            for (int i = 0; i < 2; i++) {
                draft.line(i).put("authoredOn", Draft.stamp(at));
            }
            return draft;
        }

        @Test
        void days_are_those_of_shanghai_and_end_with_their_last_instant() {
            Draft draft = new Draft();
            for (int i = 0; i < 2; i++) {
                draft.line(i).put("authoredOn", "2026-11-20");
                draft.supply(i)
                        .putObject("validityPeriod")
                        .put("start", "2026-11-20")
                        .put("end", "2026-11-22");
            }
            assertThat(draft.refused()).isEmpty();
            draft.now = Instant.parse("2026-11-22T16:00:00Z");
            assertThat(draft.refused()).containsOnly("RX-2114");
        }

        @Test
        void a_document_from_the_future_is_refused_beyond_five_minutes() {
            Draft draft = new Draft();
            draft.document.put("timestamp", Draft.stamp(Draft.NOW.plusSeconds(300)));
            assertThat(draft.refused()).isEmpty();
            draft.document.put("timestamp", Draft.stamp(Draft.NOW.plusSeconds(301)));
            assertThat(draft.refused()).containsExactly("RX-2124");
        }
    }

    @Nested
    class Supply {
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
            assertThat(new Draft().continuous(1).days(85).extended().refused())
                    .containsOnly("RX-2123");
        }

        @Test
        void the_limits_are_for_all_fills_together() {
            assertThat(new Draft().continuous(2).days(14).refused()).isEmpty();
            assertThat(new Draft().continuous(2).days(15).refused()).containsOnly("RX-2123");
            assertThat(new Draft().continuous(3).days(28).extended().refused()).isEmpty();
            assertThat(new Draft().continuous(4).days(28).extended().refused())
                    .containsOnly("RX-2123");
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

    @Nested
    class Review {
        @Test
        void counts_when_a_pharmacist_attests_it() {
            assertThat(new Draft().reviewed()).isFalse();
            for (String number : List.of("Y421281000301", "YS421281000011")) {
                Draft draft = new Draft().attested(number);
                assertThat(draft.findings()).isEmpty();
                assertThat(draft.reviewed()).isTrue();
            }
        }

        @Test
        void counts_when_a_hospital_names_its_pharmacist_without_a_number() {
            Draft draft = new Draft();
            var attester =
                    draft.composition()
                            .withArray("attester")
                            .addObject()
                            .put("mode", "professional");
            assertThat(draft.reviewed()).isFalse();
            assertThat(draft.refused()).containsExactly("RX-2129");
            attester.putObject("party").put("display", "李药师");
            assertThat(draft.findings()).isEmpty();
            assertThat(draft.reviewed()).isTrue();
            var identifier = attester.withObject("/party").putObject("identifier");
            identifier.put("system", "https://yifang.org/fhir/sid/nhsa-staff");
            identifier.put("value", "D421281000102");
            assertThat(draft.refused()).containsExactly("RX-2129");
            identifier.put("value", "Y421281000301");
            assertThat(draft.findings()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"D421281000102", "N421281000001", "Y42128", "pharmacist"})
        void is_attested_by_nobody_else(String number) {
            Draft draft = new Draft().attested(number);
            assertThat(draft.refused()).containsExactly("RX-2129");
            assertThat(draft.findings().getFirst().expression())
                    .isEqualTo("Bundle.entry[0].resource.attester[1]");
            assertThat(draft.reviewed()).isFalse();
        }

        @Test
        void is_not_the_prescribers_own() {
            Draft self = new Draft();
            self.composition()
                    .withArray("attester")
                    .addObject()
                    .put("mode", "professional")
                    .putObject("party")
                    .put("reference", "urn:uuid:00000000-0000-4000-8000-000000000003");
            assertThat(self.refused()).containsExactly("RX-2129");
            // The same person once more, with a pharmacist's number.
            Draft twice = new Draft().attested("Y421281000301");
            for (ObjectNode person : List.of(twice.practitioner(), twice.entry(8))) {
                person.withArray("identifier")
                        .addObject()
                        .put("system", "urn:oid:2.16.156.10011.1.3")
                        .put("value", "421281196503120032");
            }
            assertThat(twice.refused()).containsExactly("RX-2129");
        }

        @ParameterizedTest
        @EnumSource(names = {"NARCOTIC", "PSYCHO1", "TOXIC"})
        void of_these_is_by_two_different_pharmacists(DrugClass one) {
            Draft draft = Draft.single().inHouse().days(1).made(one).attested("Y421281000301");
            assertThat(draft.refused()).isEmpty();
            assertThat(draft.reviewed()).isFalse();
            // The same once more is still one.
            assertThat(draft.attested("Y421281000301").reviewed()).isFalse();
            assertThat(draft.attested("Y421281000302").reviewed()).isTrue();
            assertThat(draft.refused()).isEmpty();
        }
    }

    @Nested
    class Lines {
        @Test
        void are_five_at_most() {
            Draft draft = new Draft();
            Draft.TABLETS.subList(0, 3).forEach(draft::also);
            assertThat(draft.lines()).isEqualTo(5);
            assertThat(draft.refused()).isEmpty();
            draft.also(Draft.TABLETS.get(3));
            assertThat(draft.refused()).containsExactly("RX-2110");
        }

        @Test
        void of_herbal_pieces_are_not_counted_but_stand_apart() {
            Draft apart = Draft.single().made(DrugKind.HERBAL);
            assertThat(apart.refused()).isEmpty();
            Draft mixed = new Draft().made(DrugKind.HERBAL);
            assertThat(mixed.refused()).containsExactly("RX-2115");
        }

        @Test
        void prescribe_a_generic_name_form_and_strength_once() {
            Draft draft = new Draft().also(Draft.FIRST);
            assertThat(draft.refused()).containsExactly("RX-2111");
        }

        @Test
        void name_the_generic_name_that_belongs_to_the_code() {
            Draft draft = Draft.single();
            ObjectNode drug = (ObjectNode) draft.line(0).get("medicationCodeableConcept");
            drug.put("text", "苯磺酸氨氯地平片");
            assertThat(draft.refused()).isEmpty();
            drug.put("text", "络活喜");
            assertThat(draft.refused()).containsExactly("RX-2121");
            drug.put("text", "阿托伐他汀钙片 20mg×7片");
            assertThat(draft.refused()).containsExactly("RX-2121");
        }

        @Test
        void name_a_product_of_the_catalogue() {
            Draft draft = Draft.single();
            draft.drugs.remove(Draft.FIRST);
            assertThat(draft.refused()).containsExactly("RX-2105");
        }

        @Test
        void forbid_other_makers_only_with_a_reason() {
            Draft draft = Draft.single();
            ObjectNode substitution = (ObjectNode) draft.line(0).get("substitution");
            ((ObjectNode) substitution.at("/allowedCodeableConcept/coding/0")).put("code", "N");
            assertThat(draft.refused()).containsExactly("RX-2128");
            substitution.putObject("reason").put("text", "换厂家后血压波动");
            assertThat(draft.refused()).isEmpty();
        }
    }

    @Nested
    class Identity {
        @Test
        void an_identity_card_has_the_right_check_character() {
            Draft draft = new Draft();
            ObjectNode identifier = (ObjectNode) draft.patient().at("/identifier/0");
            identifier.put("value", "421281195809210021");
            assertThat(draft.refused()).containsExactly("RX-2101");
        }

        @Test
        void the_birth_date_is_the_cards() {
            Draft draft = new Draft();
            draft.patient().put("birthDate", "1958-09-22");
            assertThat(draft.refused()).containsExactly("RX-2101");
        }

        @Test
        void another_gender_than_the_cards_is_a_warning() {
            Draft draft = new Draft();
            draft.patient().put("gender", "male");
            assertThat(draft.refused()).isEmpty();
            assertThat(draft.warned()).containsExactly("RX-2206");
        }

        @Test
        void the_credit_code_has_the_right_check_character() {
            Draft draft = new Draft();
            ((ObjectNode) draft.entry(3).at("/identifier/1")).put("value", "12421281MB0000019X");
            assertThat(draft.refused()).containsExactly("RX-2102");
        }

        @Test
        void the_organizations_number_has_its_form_and_is_the_callers() {
            Draft draft = new Draft();
            ObjectNode identifier = (ObjectNode) draft.entry(3).at("/identifier/0");
            identifier.put("value", "H42128100002");
            assertThat(draft.refused()).containsExactly("RX-2103");
            identifier.put("value", "H4212810001");
            assertThat(draft.refused()).containsExactly("RX-2102", "RX-2103");
        }

        @Test
        void a_prescriber_has_a_staff_number() {
            Draft draft = new Draft();
            ObjectNode identifier = (ObjectNode) draft.practitioner().at("/identifier/0");
            identifier.put("value", "D42128100010");
            assertThat(draft.refused()).containsExactly("RX-2104");
        }

        @Test
        void a_prescriber_is_a_doctor() {
            Draft draft = new Draft();
            ObjectNode identifier = (ObjectNode) draft.practitioner().at("/identifier/0");
            identifier.put("value", "YS421281000011");
            assertThat(draft.refused()).containsExactly("RX-2104");
        }

        @Test
        void there_is_one_number() {
            Draft draft = new Draft();
            ((ObjectNode) draft.line(1).get("groupIdentifier")).put("value", "another");
            assertThat(draft.refused()).containsExactly("RX-2109");
        }

        @Test
        void there_is_one_patient() {
            Draft draft = new Draft();
            ((ObjectNode) draft.line(1).get("subject")).put("reference", "urn:uuid:another");
            assertThat(draft.refused()).containsExactly("RX-2107");
        }

        @Test
        void there_is_one_author() {
            Draft draft = new Draft();
            ((ObjectNode) draft.line(1).get("requester")).put("reference", "urn:uuid:another");
            assertThat(draft.refused()).containsExactly("RX-2108");
        }

        @Test
        void there_is_a_diagnosis() {
            Draft draft = new Draft();
            ((ObjectNode) draft.condition().get("code")).remove("coding");
            assertThat(draft.refused()).containsExactly("RX-2106");
        }
    }

    @Test
    void all_findings_come_together() {
        Draft draft = new Draft().days(8).validUntil(Draft.NOW.plus(Duration.ofDays(4)));
        ((ObjectNode) draft.patient().at("/identifier/0")).put("value", "421281195809210021");
        ((ObjectNode) draft.practitioner().at("/identifier/0")).put("value", "x");
        ((ObjectNode) draft.line(1).at("/medicationCodeableConcept")).put("text", "维生素C片");
        ((ArrayNode) draft.condition().at("/code/coding")).removeAll();
        assertThat(draft.refused())
                .containsExactlyInAnyOrder(
                        "RX-2101", "RX-2104", "RX-2106", "RX-2113", "RX-2113", "RX-2114", "RX-2114",
                        "RX-2121");
        assertThat(draft.findings()).allSatisfy(one -> assertThat(one.expression()).isNotBlank());
    }
}
