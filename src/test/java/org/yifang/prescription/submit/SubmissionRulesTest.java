package org.yifang.prescription.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.catalogue.DrugClass;
import org.yifang.catalogue.DrugKind;

import java.time.Duration;
import java.util.List;

/// The rules for every prescription, each on both sides of its border.
class SubmissionRulesTest {
    @Test
    void a_prescription_in_order_has_no_findings() {
        assertThat(new Draft().findings()).isEmpty();
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
