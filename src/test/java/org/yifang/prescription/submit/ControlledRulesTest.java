package org.yifang.prescription.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.DrugClass;
import org.yifang.catalogue.ReleaseForm;
import org.yifang.platform.PrescribingLimits;

/// The rules for drugs that the law watches, each on both sides of its border.
class ControlledRulesTest {
    @Nested
    class Circulation {
        @ParameterizedTest
        @EnumSource(
                names = {
                    "NARCOTIC",
                    "PSYCHO1",
                    "PSYCHO2",
                    "TOXIC",
                    "PAEDIATRIC",
                    "VACCINE",
                    "BLOOD",
                    "RADIO",
                    "PRECURSOR",
                    "HOSP_PREP"
                })
        void of_these_stays_in_the_house(DrugClass one) {
            assertThat(Draft.single().days(1).made(one).refused()).containsExactly("RX-2116");
            assertThat(Draft.single().days(1).made(one).inHouse().refused()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(names = {"COLD_CHAIN", "EPHEDRINE", "BIOLOGIC", "INHALER"})
        void of_these_is_open(DrugClass one) {
            assertThat(Draft.single().days(1).made(one).refused()).isEmpty();
        }

        @Test
        void of_the_cold_chain_is_what_a_region_says() {
            Draft draft = Draft.single().made(DrugClass.COLD_CHAIN);
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
                            false,
                            false);
            assertThat(draft.refused()).containsExactly("RX-2116");
        }

        @Test
        void of_a_childs_prescription_ends_at_its_fourteenth_birthday() {
            assertThat(new Draft().born("2012-11-21").refused()).containsExactly("RX-2116");
            assertThat(new Draft().born("2012-11-20").refused()).isEmpty();
            assertThat(new Draft().born("2012-11-21").inHouse().refused()).isEmpty();
        }

        @Test
        void names_every_reason() {
            Draft draft = Draft.single().days(1).made(DrugClass.NARCOTIC, DrugClass.TOXIC);
            assertThat(draft.findings().getFirst().detail()).contains("NARCOTIC, TOXIC");
        }
    }

    @Nested
    class Limits {
        @ParameterizedTest
        @CsvSource({
            "NARCOTIC, MODIFIED_RELEASE, I10, 7",
            "NARCOTIC, OTHER, I10, 3",
            "NARCOTIC, INJECTION, C34, 3",
            "NARCOTIC, MODIFIED_RELEASE, C34, 15",
            "NARCOTIC, OTHER, R52, 7",
            "PSYCHO1, MODIFIED_RELEASE, I10, 7",
            "PSYCHO1, OTHER, I10, 3",
            "PSYCHO1, INJECTION, C34, 3",
            "PSYCHO1, MODIFIED_RELEASE, R52, 15",
            "PSYCHO1, OTHER, C34, 7",
            "TOXIC, OTHER, I10, 2",
            "TOXIC, INJECTION, C34, 2",
            "ADHD, OTHER, F90, 15"
        })
        void are_these_days(DrugClass one, ReleaseForm form, String diagnosis, int most) {
            DrugClass[] classes =
                    one == DrugClass.ADHD
                            ? new DrugClass[] {DrugClass.ADHD, DrugClass.PSYCHO1}
                            : new DrugClass[] {one};
            Draft draft =
                    Draft.single().inHouse().extended().made(form, classes).diagnosis(diagnosis);
            assertThat(draft.days(most).refused()).isEmpty();
            assertThat(draft.days(most + 1).refused()).containsExactly("RX-2117");
            // What is declared does not hide what is handed out.
            assertThat(draft.days(most, most + 1).refused()).containsExactly("RX-2117");
        }

        @Test
        void of_the_second_psychotropic_class_are_seven_days_or_a_reason() {
            Draft draft = Draft.single().inHouse().made(DrugClass.PSYCHO2);
            assertThat(draft.days(7).refused()).isEmpty();
            assertThat(draft.days(8).refused()).containsExactly("RX-2113", "RX-2117");
            assertThat(draft.extended().refused()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"NARCOTIC", "PSYCHO1"})
        void of_an_injection_are_one_dose(DrugClass one) {
            Draft draft = Draft.single().inHouse().made(ReleaseForm.INJECTION, one);
            assertThat(draft.days(1, 1).refused()).isEmpty();
            assertThat(draft.days(1, 2).refused()).containsExactly("RX-2117");
        }

        @Test
        void of_one_dose_need_no_frequency() {
            Draft draft =
                    Draft.single()
                            .inHouse()
                            .made(ReleaseForm.INJECTION, DrugClass.NARCOTIC)
                            .days(1, 1);
            ((ObjectNode) draft.line(0).at("/dosageInstruction/0")).remove("timing");
            assertThat(draft.refused()).isEmpty();
            assertThat(draft.days(1, 2).refused()).containsExactly("RX-2117");
        }

        @Test
        void within_the_hospital_are_one_dose_for_every_patient() {
            Draft draft =
                    Draft.single()
                            .inHouse()
                            .made(
                                    ReleaseForm.INJECTION,
                                    DrugClass.HOSPITAL_DOSE,
                                    DrugClass.NARCOTIC)
                            .diagnosis("C34");
            assertThat(draft.days(1, 1).refused()).isEmpty();
            assertThat(draft.days(1, 2).refused()).containsExactly("RX-2117");
        }

        @Test
        void of_the_strictest_class_win() {
            Draft draft = Draft.single().inHouse().made(DrugClass.NARCOTIC, DrugClass.TOXIC);
            assertThat(draft.days(2).refused()).isEmpty();
            assertThat(draft.days(3).refused()).containsExactly("RX-2117");
        }

        @ParameterizedTest
        @EnumSource(names = {"NARCOTIC", "PSYCHO1", "PSYCHO2", "TOXIC"})
        void that_cannot_be_reckoned_block(DrugClass one) {
            Draft without = Draft.single().inHouse().days(1).made(one);
            ((ObjectNode) without.line(0).at("/dosageInstruction/0")).remove("timing");
            assertThat(without.refused()).containsExactly("RX-2118");
            Draft needed = Draft.single().inHouse().days(1).made(one).extended();
            ((ObjectNode) needed.line(0).at("/dosageInstruction/0")).put("asNeededBoolean", true);
            assertThat(needed.refused()).containsExactly("RX-2118");
            Draft unit = Draft.single().inHouse().days(1).made(one);
            ((ObjectNode) unit.line(0).at("/dosageInstruction/0/doseAndRate/0/doseQuantity"))
                    .put("unit", "ml")
                    .put("code", "mL");
            assertThat(unit.refused()).containsExactly("RX-2118");
        }

        @Test
        void forbid_long_prescriptions() {
            Draft draft = Draft.single().inHouse().days(1).made(DrugClass.PSYCHO2).continuous(1);
            assertThat(draft.refused()).containsExactly("RX-2123");
        }
    }

    @Nested
    class Ephedrine {
        @Test
        void is_two_packs_at_most() {
            Draft draft = Draft.single().made(DrugClass.EPHEDRINE).extended();
            assertThat(draft.days(14).refused()).isEmpty();
            // The fifteenth tablet opens a third pack of seven.
            assertThat(draft.days(15).refused()).containsExactly("RX-2117");
            draft.supply(0).putObject("quantity").put("value", 2).put("unit", "盒");
            assertThat(draft.refused()).isEmpty();
            draft.supply(0).putObject("quantity").put("value", 3).put("unit", "盒");
            assertThat(draft.refused()).containsExactly("RX-2117");
        }

        @Test
        void of_all_lines_and_fills_counts() {
            String other = Draft.named("酚麻美敏片");
            Draft lines = Draft.single().days(7).made(DrugClass.EPHEDRINE).also(other);
            assertThat(lines.refused()).isEmpty();
            assertThat(lines.days(8).extended().refused()).containsExactly("RX-2117");
            Draft fills = Draft.single().days(7).made(DrugClass.EPHEDRINE);
            assertThat(fills.continuous(2).refused()).isEmpty();
            assertThat(fills.continuous(3).refused()).containsExactly("RX-2117");
        }
    }

    @Nested
    class Antimicrobials {
        @ParameterizedTest
        @CsvSource({
            "NON_RESTRICTED, 235,",
            "RESTRICTED, 235, RX-2119",
            "RESTRICTED, 234, RX-2119",
            "RESTRICTED, 233,",
            "RESTRICTED, 231,",
            "SPECIAL, 231, RX-2119"
        })
        void ask_for_a_title(AntimicrobialTier tier, String title, String code) {
            Draft draft = Draft.single().made(tier).title(title);
            if (code == null) {
                assertThat(draft.refused()).isEmpty();
            } else {
                assertThat(draft.refused()).containsExactly(code);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "231, 医师, RX-2119",
            ", 医师, RX-2119",
            "231, 医士, RX-2119",
            "233, 主任医师,",
            "234, 主任医师, RX-2119",
            "231, 主治医师,",
            "233, 院长,",
            "别的, 医师, RX-2119",
            ", ,"
        })
        void ask_for_the_lower_of_the_title_claimed_and_the_title_registered(
                String claimed, String known, String code) {
            Draft draft = Draft.single().made(AntimicrobialTier.RESTRICTED);
            if (claimed != null) {
                draft.title(claimed);
            }
            if (known != null) {
                draft.registered.put("D421281000101", known);
            }
            if (code == null) {
                assertThat(draft.refused()).isEmpty();
            } else {
                assertThat(draft.refused()).containsExactly(code);
            }
        }

        @ParameterizedTest
        @CsvSource({"1, true, true", "2, true, false", "1, false, false"})
        void in_an_emergency_one_days_quantity_with_a_reason(
                int days, boolean reason, boolean may) {
            Draft draft = Draft.single().emergency().days(days).made(AntimicrobialTier.SPECIAL);
            if (reason) {
                draft.extended();
            }
            assertThat(draft.refused().contains("RX-2119")).isNotEqualTo(may);
        }

        @Test
        void are_not_for_long_prescriptions() {
            Draft draft = Draft.single().made(AntimicrobialTier.NON_RESTRICTED).continuous(1);
            assertThat(draft.refused()).containsExactly("RX-2123");
        }
    }

    @Nested
    class People {
        @Test
        void an_infant_is_weighed_until_its_first_birthday() {
            assertThat(new Draft().inHouse().born("2025-11-21").refused())
                    .containsExactly("RX-2120");
            assertThat(new Draft().inHouse().born("2025-11-21").weighed().refused()).isEmpty();
            assertThat(new Draft().inHouse().born("2025-11-20").refused()).isEmpty();
        }

        @Test
        void nobody_is_prescribed_for_before_birth() {
            assertThat(new Draft().inHouse().born("2026-11-20").weighed().refused()).isEmpty();
            assertThat(new Draft().inHouse().born("2026-11-21").weighed().refused())
                    .containsExactly("RX-2120");
        }

        @ParameterizedTest
        @EnumSource(names = {"NARCOTIC", "PSYCHO1", "PSYCHO2", "TOXIC"})
        void prescribe_no_controlled_drug_for_themselves(DrugClass one) {
            Draft draft = Draft.single().inHouse().days(1).made(one);
            ((ObjectNode) draft.practitioner().at("/name/0")).put("text", "陈秀英");
            assertThat(draft.refused()).containsExactly("RX-2122");
            // The card tells namesakes apart.
            card(draft, "421281196503120032");
            assertThat(draft.refused()).isEmpty();
            card(draft, "421281195809210020");
            assertThat(draft.refused()).containsExactly("RX-2122");
        }

        private static void card(Draft draft, String number) {
            var identifiers = draft.practitioner().withArray("identifier");
            if (identifiers.size() > 1) {
                identifiers.remove(1);
            }
            identifiers
                    .addObject()
                    .put("system", "urn:oid:2.16.156.10011.1.3")
                    .put("value", number);
        }

        @Test
        void prescribe_other_drugs_for_themselves() {
            Draft draft = new Draft();
            ((ObjectNode) draft.practitioner().at("/name/0")).put("text", "陈秀英");
            assertThat(draft.refused()).isEmpty();
        }

        @Test
        void with_an_allergy_are_a_warning() {
            Draft draft = new Draft();
            draft.allergy("氨氯地平过敏");
            assertThat(draft.refused()).isEmpty();
            assertThat(draft.warned()).containsExactly("RX-2202");
        }
    }
}
