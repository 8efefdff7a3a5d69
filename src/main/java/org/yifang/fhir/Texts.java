package org.yifang.fhir;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/// What is said of each problem code, in Chinese and in English: what it means, what leads to it
/// and what would be right. Findings are written in English; [#chinese] says them in Chinese.
public final class Texts {
    private static final Both MEANINGS = Both.read("problems");
    private static final Both CAUSES = Both.read("causes");
    private static final Both REMEDIES = Both.read("remedies");
    private static final Phrases FINDINGS = Phrases.read("findings.zh-CN.tsv");

    private record Both(Properties chinese, Properties english) {
        static Both read(String name) {
            return new Both(
                    properties(name + ".zh-CN.properties"), properties(name + ".en.properties"));
        }

        String of(ProblemCode code, String language) {
            Properties texts = isEnglish(language) ? english : chinese;
            return texts.getProperty(code.code(), code.code());
        }
    }

    private static Properties properties(String name) {
        Properties texts = new Properties();
        try (InputStreamReader file = open(name)) {
            texts.load(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return texts;
    }

    static InputStreamReader open(String name) {
        var file = Texts.class.getResourceAsStream("/texts/" + name);
        if (file == null) {
            throw new IllegalStateException("The resource texts/" + name + " is missing.");
        }
        return new InputStreamReader(file, StandardCharsets.UTF_8);
    }

    /// Everything that is not English is answered in Chinese.
    public static boolean isEnglish(String language) {
        return language.startsWith("en");
    }

    /// What kind of problem it is, in one sentence.
    ///
    /// @param language `en` or, for all else, Chinese
    public static String of(ProblemCode code, String language) {
        return MEANINGS.of(code, language);
    }

    /// What leads to it.
    public static String cause(ProblemCode code, String language) {
        return CAUSES.of(code, language);
    }

    /// What would be right, in general.
    public static String remedy(ProblemCode code, String language) {
        return REMEDIES.of(code, language);
    }

    /// A finding's English sentences in Chinese, its values as they are; null when they are not
    /// known, as those of the validator that few meet.
    public static @Nullable String chinese(String english) {
        return FINDINGS.said(english);
    }

    private Texts() {}
}
