package org.yifang.console.frame;

import java.util.Map;

/// The same said in both languages.
public record Bilingual(String chinese, String english) {
    /// A code with its words, for a table of them.
    public static Map.Entry<String, Bilingual> two(String code, String chinese, String english) {
        return Map.entry(code, new Bilingual(chinese, english));
    }

    public String in(boolean en) {
        return en ? english : chinese;
    }

    public String in(Page page) {
        return in(page.en());
    }
}
