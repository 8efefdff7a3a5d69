package org.yifang.prescription;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.prescription.submit.Draft;

import java.util.List;

/// What stops nothing but must be seen: allergies and skin tests, each with what is like it and is
/// not it.
class CautionRulesTest {
    private static final String AMOXICILLIN = Draft.named("阿莫西林胶囊");

    private static Draft prescribing(String generic) {
        return Draft.single().of(Draft.named(generic));
    }

    @Nested
    class AnAllergy {
        @ParameterizedTest
        @CsvSource({
            "氨氯地平过敏, 苯磺酸氨氯地平片, true",
            "阿莫西林, 阿莫西林克拉维酸钾片, true",
            "阿莫西林克拉维酸钾, 阿莫西林胶囊, true",
            "阿莫西林胶囊过敏, 阿莫西林颗粒, true",
            "青霉素类, 阿莫西林胶囊, true",
            "氨苄西林, 阿莫西林胶囊, true",
            "Penicillin, 阿莫西林胶囊, true",
            "Amoxicillin allergy, 阿莫西林克拉维酸钾片, true",
            "cephalosporins, 头孢克洛胶囊, true",
            "Cefaclor, 头孢拉定胶囊, true",
            "头孢、磺胺过敏, 复方磺胺甲噁唑片, true",
            "allergic to sulfonamides, 复方磺胺甲噁唑片, true",
            "左氧氟沙星, 盐酸莫西沙星片, true",
            "阿司匹林, 布洛芬片, true",
            "aspirin, 阿司匹林肠溶片, true",
            "青霉素, 头孢克洛胶囊, false",
            "头孢, 阿莫西林胶囊, false",
            "sulfonamide, 硫酸氢氯吡格雷片, false",
            "否认青霉素过敏史, 阿莫西林胶囊, false",
            "无药物过敏史, 阿莫西林胶囊, false",
            "No known drug allergy, 阿莫西林胶囊, false",
            "芒果, 阿莫西林胶囊, false",
            "无花果, 苯磺酸氨氯地平片, false"
        })
        void in_words_is_seen(String words, String drug, boolean seen) {
            Draft draft = prescribing(drug);
            draft.allergy(words);
            assertThat(draft.warned().contains("RX-2202")).isEqualTo(seen);
        }

        @ParameterizedTest
        @CsvSource({
            "http://www.whocc.no/atc, J01C, true",
            "http://www.whocc.no/atc, J01CA04, true",
            "http://www.whocc.no/atc, J01CE01, false",
            "http://www.whocc.no/atc, J01D, false",
            "http://www.whocc.no/atc, J, false",
            "urn:oid:2.16.156.10011.2.3.3.11, J01, false",
            "http://snomed.info/sct, J01C, false"
        })
        void by_atc_group_is_seen(String system, String code, boolean seen) {
            Draft draft = Draft.single().of(AMOXICILLIN);
            coded(draft, system, code, null);
            assertThat(draft.warned().contains("RX-2202")).isEqualTo(seen);
        }

        @Test
        void by_the_group_in_the_drugs_own_code_is_seen() {
            // Its entry of the catalogue has the group R05X alone.
            Draft draft = prescribing("酚麻美敏片");
            coded(draft, "http://www.whocc.no/atc", "R05XX", null);
            assertThat(draft.warned()).contains("RX-2202");
        }

        @Test
        void by_a_product_is_one_of_its_substance() {
            Draft draft = Draft.single().of(AMOXICILLIN);
            ObjectNode allergy =
                    coded(
                            draft,
                            "https://yifang.org/fhir/sid/nhsa-drug",
                            Draft.named("阿莫西林颗粒"),
                            null);
            assertThat(draft.warned()).contains("RX-2202");
            ((ObjectNode) allergy.at("/code/coding/0")).put("code", Draft.named("头孢克洛胶囊"));
            assertThat(draft.warned()).doesNotContain("RX-2202");
        }

        @Test
        void by_display_is_seen_beside_another_text_and_once() {
            Draft draft = Draft.single().of(AMOXICILLIN);
            coded(draft, "http://snomed.info/sct", "91936005", "对青霉素过敏");
            draft.allergy("青霉素");
            assertThat(draft.warned().stream().filter("RX-2202"::equals)).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"refuted", "entered-in-error"})
        void that_turned_out_to_be_none_is_none(String status) {
            Draft draft = Draft.single().of(AMOXICILLIN);
            draft.allergy("青霉素")
                    .putObject("verificationStatus")
                    .putArray("coding")
                    .addObject()
                    .put("code", status);
            assertThat(draft.warned()).doesNotContain("RX-2202");
        }

        private static ObjectNode coded(Draft draft, String system, String code, String display) {
            ObjectNode allergy = draft.allergy("");
            ((ObjectNode) allergy.get("code")).remove("text");
            ObjectNode coding = ((ObjectNode) allergy.get("code")).putArray("coding").addObject();
            coding.put("system", system).put("code", code);
            if (display != null) {
                coding.put("display", display);
            }
            return allergy;
        }
    }

    @Nested
    class ASkinTest {
        @Test
        void is_missed() {
            assertThat(Draft.single().of(AMOXICILLIN).warned()).containsExactly("RX-2203");
            assertThat(Draft.single().warned()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"皮试", "青霉素皮试", "阿莫西林皮肤试验", "Penicillin skin test", "皮试结果"})
        void counts_for_its_drug(String name) {
            Draft draft = Draft.single().of(AMOXICILLIN);
            assertThat(draft.skinTest(name, "阴性").findings()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"阳性", "弱阳性(+)", "Positive", "(+)", "＋"})
        void that_is_positive_has_a_warning_of_its_own(String result) {
            Draft draft = Draft.single().of(AMOXICILLIN).skinTest("青霉素皮试", result);
            assertThat(draft.refused()).isEmpty();
            assertThat(draft.warned()).containsExactly("RX-2207");
            // A negative one beside it does not make it good.
            assertThat(draft.skinTest("皮试", "阴性").warned()).containsExactly("RX-2207");
        }

        @ParameterizedTest
        @ValueSource(strings = {"阴性", "(-)", "negative", "－", "免试"})
        void that_is_not_positive_is_a_result(String result) {
            Draft draft = Draft.single().of(AMOXICILLIN).skinTest("皮试", result);
            assertThat(draft.findings()).isEmpty();
        }

        @Test
        void of_another_drug_says_nothing() {
            Draft draft = Draft.single().of(AMOXICILLIN).skinTest("破伤风抗毒素皮试", "阴性");
            assertThat(draft.warned()).containsExactly("RX-2203");
            Draft positive = Draft.single().of(AMOXICILLIN).skinTest("普鲁卡因皮试", "阳性");
            assertThat(positive.warned()).containsExactly("RX-2203");
            // Nor does any positive test concern a drug that needs none.
            assertThat(Draft.single().skinTest("皮试", "阳性").findings()).isEmpty();
        }

        @Test
        void without_a_result_is_none() {
            Draft draft = Draft.single().of(AMOXICILLIN).skinTest("青霉素皮试", null);
            assertThat(draft.warned()).containsExactly("RX-2203");
        }

        @Test
        void may_be_coded() {
            for (String code : List.of("POS", "NEG")) {
                Draft draft = Draft.single().of(AMOXICILLIN).skinTest("皮试", null);
                draft.entry(draft.document.get("entry").size() - 1)
                        .putArray("interpretation")
                        .addObject()
                        .putArray("coding")
                        .addObject()
                        .put("code", code);
                assertThat(draft.warned())
                        .isEqualTo(code.equals("POS") ? List.of("RX-2207") : List.of());
            }
        }
    }
}
