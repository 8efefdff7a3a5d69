package org.yifang.console.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.console.RecordedCodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Nobody reads a raw code where a page tells of the audit log.
class DeedWordsTest {
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");

    @Test
    void everything_that_the_audit_log_names_has_words_in_both_languages() {
        Set<String> codes = RecordedCodes.all();
        assertThat(codes)
                .hasSizeGreaterThan(100)
                .contains("time", "review-overdue", "Consent", "patch", "sign-in", "changes");
        List<String> wrong = new ArrayList<>();
        for (String code : codes) {
            Bilingual words = DeedWords.of(code);
            if (words == null
                    || !HAN.matcher(words.chinese()).find()
                    || words.english().isBlank()
                    || HAN.matcher(words.english()).find()) {
                wrong.add(code);
            }
        }
        assertThat(wrong).isEmpty();
    }
}
