package org.yifang.tools;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.fhir.FindingTexts;
import org.yifang.fhir.Texts;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Whoever reads Chinese is told everything in Chinese.
class FindingTextsTest {
    private static final String HAN = "\\p{IsHan}";

    @Test
    void every_sentence_of_a_finding_is_known_in_chinese() throws IOException {
        Set<String> sentences = FindingSentences.all();
        assertThat(sentences).hasSizeGreaterThan(300);
        List<String> unknown = new ArrayList<>();
        for (String sentence : sentences) {
            String said = Texts.chinese(sentence.replace("{}", "5"));
            if (said == null || !said.endsWith("。")) {
                unknown.add(sentence);
            }
        }
        assertThat(unknown).isEmpty();
    }

    /// A short sentence with a value must not swallow a longer one that has none in Chinese.
    @Test
    void nothing_of_a_sentence_stays_english() throws IOException {
        List<String> half = new ArrayList<>();
        for (String sentence : FindingSentences.all()) {
            String said = String.valueOf(Texts.chinese(sentence.replace("{}", "5")));
            if (said.replaceAll("`[^`]*`|\\S+://\\S+|C2SP tlog-tiles", "")
                    .matches("(?s).*[A-Za-z]{2,} [a-z]{2,}.*")) {
                half.add(sentence + " -> " + said);
            }
        }
        assertThat(half).isEmpty();
    }

    @Test
    void a_finding_is_told_whole_in_the_readers_language() {
        Finding finding =
                new Finding(
                        ProblemCode.QUANTITY,
                        "The unit `瓶` does not fit this drug.",
                        "Prescribe in `片` or `盒`.");
        assertThat(FindingTexts.told(finding, "zh-CN")).isEqualTo("数量与剂量须大于零且单位可知。单位 `瓶` 不适用于该药。");
        assertThat(FindingTexts.right(finding, "zh-CN")).isEqualTo("请以 `片` 或 `盒` 开具。");
        assertThat(FindingTexts.told(finding, "en"))
                .isEqualTo(
                        "Quantity and dose must be above zero, in a unit of the drug. The unit `瓶`"
                                + " does not fit this drug.");
        assertThat(FindingTexts.right(finding, "en")).isEqualTo("Prescribe in `片` or `盒`.");
    }

    @Test
    void a_finding_without_a_remedy_gets_that_of_its_code() {
        Finding finding = new Finding(ProblemCode.NOT_FOUND, "There is nothing at this path.");
        assertThat(FindingTexts.right(finding, "zh-CN")).containsPattern(HAN);
        assertThat(FindingTexts.right(finding, "en")).startsWith("Check the path");
    }

    @Test
    void what_is_not_known_in_chinese_is_told_as_it_stands() {
        Finding finding = new Finding(ProblemCode.PROFILE_BROKEN, "Something odd was said.");
        assertThat(FindingTexts.told(finding, "zh-CN")).isEqualTo("内容不符合其规范的规则。");
        assertThat(FindingTexts.right(finding, "zh-CN"))
                .startsWith("Something odd was said. ")
                .containsPattern(HAN);
    }

    @Test
    void values_keep_their_places_when_the_order_of_words_differs() {
        assertThat(Texts.chinese("The search parameter `colour` of `Task` is not supported."))
                .isEqualTo("不支持 `Task` 的检索参数 `colour`。");
    }

    @Test
    void every_code_has_meaning_cause_and_remedy_in_both_languages() {
        for (ProblemCode code : ProblemCode.values()) {
            for (String language : List.of("zh-CN", "en")) {
                for (String text :
                        List.of(
                                Texts.of(code, language),
                                Texts.cause(code, language),
                                Texts.remedy(code, language))) {
                    assertThat(text).as(code.code()).isNotEqualTo(code.code());
                    assertThat(text.matches("(?s).*" + HAN + ".*"))
                            .as(text)
                            .isEqualTo(!language.equals("en"));
                }
            }
        }
    }
}
