package org.yifang.fhir;

import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/// The sentence for people behind each problem code, in Chinese and in English.
public final class Texts {
    private static final Properties CHINESE = read("problems.zh-CN.properties");
    private static final Properties ENGLISH = read("problems.en.properties");

    private static Properties read(String name) {
        Properties texts = new Properties();
        try (var file = Texts.class.getResourceAsStream("/texts/" + name)) {
            if (file == null) {
                throw new IllegalStateException("The resource texts/" + name + " is missing.");
            }
            texts.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return texts;
    }

    /// What kind of problem it is, in one sentence.
    ///
    /// @param language `en` or, for all else, Chinese
    public static String of(ProblemCode code, String language) {
        Properties texts = language.startsWith("en") ? ENGLISH : CHINESE;
        return texts.getProperty(code.code(), code.code());
    }

    private Texts() {}
}
