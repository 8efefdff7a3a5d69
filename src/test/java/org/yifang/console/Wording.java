package org.yifang.console;

import com.microsoft.playwright.Page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Tells the language that a page's words are in from the one that they should be in.
final class Wording {
    /// `p.t("中文", "English")` as templates and pages write it, `say(…)` as scripts do.
    private static final Pattern BOTH =
            Pattern.compile(
                    "\\b(?:t|say|two)\\(\\s*(?:\"[\\w-]+\",\\s*)?"
                            + "[\"']([^\"'\\n]*\\p{IsHan}[^\"'\\n]*)[\"']"
                            + "\\s*,\\s*[\"']([^\"'\\n]*)[\"']");

    private static final Pattern ENGLISH = Pattern.compile("[a-z]{2,}(?: [a-z]{2,}){2,}");

    /// Chinese words that stay so in English: the name of the check that the law gives.
    private static final String KEPT = "四查十对";

    private static final int TELLING = 3;

    /// What is seen and what is read out, but for code and what people have typed.
    private static final String READ =
            """
            () => {
              const found = [];
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                const over = node.parentElement;
                if (over && !over.closest('script,noscript,pre,code,kbd,.code,[lang]:not(html)')) {
                  found.push(node.textContent.trim().replace(/\\s+/g, ' '));
                }
              }
              document.querySelectorAll('[aria-label],[placeholder],[title],[alt]').forEach(one =>
                ['aria-label', 'placeholder', 'title', 'alt'].forEach(name =>
                  found.push(one.getAttribute(name) || '')));
              return found.filter(text => text);
            }
            """;

    private static final Set<String> CHINESE = chinese();

    /// The texts that stand in the other language.
    static List<String> strangers(Page page) {
        boolean english = "en".equals(page.getAttribute("html", "lang"));
        List<String> strangers = new ArrayList<>();
        for (Object each : (List<?>) page.evaluate(READ)) {
            String text = String.valueOf(each);
            boolean strange =
                    english
                            ? CHINESE.stream().anyMatch(text::contains)
                            : ENGLISH.matcher(text).find();
            if (strange) {
                strangers.add(text);
            }
        }
        return strangers;
    }

    /// All pairs of texts in a source, the Chinese first.
    static Stream<String[]> pairs(String source) {
        return BOTH.matcher(source)
                .results()
                .map(found -> new String[] {found.group(1), found.group(2)});
    }

    /// The sources that hold texts for people.
    static List<Path> sources() {
        List<Path> all = new ArrayList<>();
        for (String root :
                List.of("src/main/jte", "src/main/java/org/yifang", "src/main/resources/pages")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().matches(".*\\.(jte|java|js)"))
                        .forEach(all::add);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return all;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Set<String> chinese() {
        Set<String> all = new HashSet<>();
        for (Path file : sources()) {
            pairs(read(file))
                    .map(pair -> pair[0].strip())
                    .filter(text ->
                            text.codePoints().filter(Character::isIdeographic).count() >= TELLING)
                    .filter(text -> !text.contains(KEPT))
                    .forEach(all::add);
        }
        read(Path.of("src/main/resources/texts/advice.zh-CN.properties"))
                .lines()
                .filter(line -> line.startsWith("RX-"))
                .forEach(line -> all.add(line.replaceFirst("^\\S+ = ", "")));
        return all;
    }

    private Wording() {}
}
