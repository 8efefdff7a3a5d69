package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.googlejavaformat.java.FormatterException;

import org.junit.jupiter.api.Test;
import org.yifang.tools.FormatSources;
import org.yifang.tools.LongMethods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Keeps every room tidy.
class TidyTest {
    private static final int LINES_MOST = 350;
    private static final int COLUMNS_MOST = 100;
    private static final int METHOD_LINES_MOST = 70;
    private static final int FILES_MOST = 40;

    private static final int EXCEPTIONS_MOST = 6;

    /// May be longer, or hold a longer method, and why.
    private static final Map<String, String> EXCEPTIONS =
            Map.of(
                    "src/test/java/org/yifang/prescription/submit/Draft.java",
                    "every element a test may change of one document",
                    "src/test/java/org/yifang/workflow/Model.java",
                    "one model of all states, read beside the contract's picture",
                    "src/test/java/org/yifang/workflow/Story.java",
                    "the words in which the tests tell of a day",
                    "src/test/java/org/yifang/audit/verify/ManipulationTest.java",
                    "a table of manipulations on one filled log",
                    "src/test/java/org/yifang/console/WorkBrowserTest.java",
                    "one day of work in one browser");

    private static final Pattern BANNED =
            Pattern.compile(
                    "\\bTO"
                            + "DO\\b|FIX"
                            + "ME|\\bXX"
                            + "X\\b|@author|System\\.currentTimeMillis"
                            + "|\\.printStackTrace");

    private static final Pattern BANNED_NAME =
            Pattern.compile(
                    ".*(Manager|Helper|Utils?|Impl|DTO|Entity|Abstract[A-Z].*|Base)\\.java");

    /// With what stands behind it on its line.
    private static final Pattern SUPPRESSION =
            Pattern.compile("@SuppressWarnings\\(([^)]*)\\)([^\\n]*)");

    /// A line of its own; what a method is for is no reason to suppress something in it.
    private static final Pattern COMMENT_ABOVE = Pattern.compile("(^|\\n) *// [^\\n]*\\n *$");

    private static final Pattern OFF = Pattern.compile("-Xep:(\\w+):OFF");
    private static final Pattern XML_COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);

    /// Other machines do not have the places that these name.
    private static final Pattern PLACES = Pattern.compile("\\.\\./shared|/work/|/root/");

    @Test
    void every_source_is_formatted() throws IOException, FormatterException {
        List<String> wrong = new ArrayList<>();
        for (Path file : FormatSources.sources()) {
            String text = Files.readString(file);
            if (!FormatSources.formatted(text).equals(text)) {
                wrong.add(file.toString());
            }
        }
        assertThat(wrong).as("run: mvn test-compile exec:exec@format").isEmpty();
    }

    @Test
    void files_are_small_and_about_one_thing() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : FormatSources.sources()) {
            if (file.endsWith("TidyTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > LINES_MOST && !isException(file)) {
                wrong.add(file + " has " + lines.size() + " lines");
            }
            for (String line : lines) {
                if (line.length() > COLUMNS_MOST) {
                    wrong.add(file + " has a line of " + line.length() + " columns");
                }
                if (BANNED.matcher(line).find()) {
                    wrong.add(file + ": " + line.strip());
                }
            }
            if (BANNED_NAME.matcher(file.getFileName().toString()).matches()) {
                wrong.add(file + " has a name that says nothing");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void methods_fit_on_a_screen() throws IOException {
        assertThat(LongMethods.longerThan(METHOD_LINES_MOST, FormatSources.sources()))
                .filteredOn(one -> !isException(one.file()))
                .isEmpty();
    }

    private static boolean isException(Path file) {
        return EXCEPTIONS.containsKey(relative(file));
    }

    private static String relative(Path file) {
        return Path.of("").toAbsolutePath().relativize(file.toAbsolutePath()).toString();
    }

    @Test
    void exceptions_are_few_and_each_is_needed() throws IOException {
        Set<String> longer = new HashSet<>();
        for (Path file : FormatSources.sources()) {
            if (Files.readAllLines(file).size() > LINES_MOST) {
                longer.add(relative(file));
            }
        }
        LongMethods.longerThan(METHOD_LINES_MOST, FormatSources.sources())
                .forEach(one -> longer.add(relative(one.file())));
        assertThat(EXCEPTIONS).hasSizeLessThanOrEqualTo(EXCEPTIONS_MOST);
        assertThat(EXCEPTIONS.keySet()).containsExactlyInAnyOrderElementsOf(longer);
    }

    @Test
    void what_is_suppressed_has_its_reason_beside_it() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : FormatSources.sources()) {
            String text = Files.readString(file);
            Matcher found = SUPPRESSION.matcher(text);
            while (found.find()) {
                if (!found.group(2).contains("// ")
                        && !COMMENT_ABOVE.matcher(text.substring(0, found.start())).find()) {
                    wrong.add(file + ": " + found.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /// In the order of `pom.xml`: of the sources, then of the tests.
    @Test
    void what_is_off_has_its_reason_and_is_not_suppressed_again() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String reasons =
                XML_COMMENT
                        .matcher(pom)
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.joining());
        List<Set<String>> off =
                pom.lines()
                        .filter(line -> line.contains("-Xplugin:ErrorProne"))
                        .map(TidyTest::off)
                        .toList();
        assertThat(off)
                .hasSize(2)
                .allSatisfy(names -> assertThat(names).isNotEmpty().allMatch(reasons::contains));
        for (Path file : FormatSources.sources()) {
            Set<String> checks = off.get(file.startsWith("src/main") ? 0 : 1);
            assertThat(SUPPRESSION.matcher(Files.readString(file)).results())
                    .as(file.toString())
                    .noneMatch(found -> checks.stream().anyMatch(found.group(1)::contains));
        }
    }

    private static Set<String> off(String line) {
        return OFF.matcher(line).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    @Test
    void every_package_says_what_it_is_for() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src/main/java/org/yifang"))) {
            assertThat(
                            folders.filter(Files::isDirectory)
                                    .filter(folder -> !folder.endsWith("yifang"))
                                    .filter(folder ->
                                            !Files.exists(folder.resolve("package-info.java"))))
                    .isEmpty();
        }
    }

    @Test
    void no_package_is_several_in_one() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String root : List.of("src/main/java/org/yifang", "src/main/jte")) {
            try (Stream<Path> folders = Files.walk(Path.of(root))) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    try (Stream<Path> files = Files.list(folder)) {
                        long count = files.filter(Files::isRegularFile).count();
                        if (count > FILES_MOST) {
                            wrong.add(folder + " has " + count + " files");
                        }
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void nothing_names_a_place_that_only_this_machine_has() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String root : List.of("src", "sql", "docs", "deploy", "fhir-profiles", "README.md")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.endsWith("TidyTest.java")
                            && PLACES.matcher(Files.readString(file, ISO_8859_1)).find()) {
                        wrong.add(file.toString());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
