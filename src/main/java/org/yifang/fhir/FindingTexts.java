package org.yifang.fhir;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem.Finding;

/// Says a finding in a language: what is wrong, and what would be right.
public final class FindingTexts {
    /// The sentence of its code and what is wrong here.
    public static String told(Finding finding, String language) {
        String detail = shortened(finding.detail());
        String said = Texts.isEnglish(language) ? detail : Texts.chinese(detail);
        String sentence = Texts.of(finding.code(), language);
        return said == null || said.equals(sentence)
                ? sentence
                : Texts.isEnglish(language) ? sentence + ' ' + said : sentence + said;
    }

    /// What would be right here, or else for such a problem; a detail that cannot be told in the
    /// language stands before it as it is.
    public static String right(Finding finding, String language) {
        String right = finding.remedy();
        if (right == null) {
            right = Texts.remedy(finding.code(), language);
        } else if (!Texts.isEnglish(language)) {
            right = inChinese(right);
        }
        String detail = shortened(finding.detail());
        boolean untold = !Texts.isEnglish(language) && Texts.chinese(detail) == null;
        return untold ? detail + ' ' + right : right;
    }

    private static String inChinese(String remedy) {
        @Nullable String said = Texts.chinese(remedy);
        return said == null ? remedy : said;
    }

    /// A text may repeat a value as long as the body.
    public static String shortened(String text) {
        return text.length() <= Limits.REPEATED
                ? text
                : text.substring(0, Limits.REPEATED - 1) + "…";
    }

    private FindingTexts() {}
}
