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
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Keeps every room tidy.
class TidyTest {
    private static final int LINES_MOST = 350;
    private static final int COLUMNS_MOST = 100;
    private static final int METHOD_LINES_MOST = 70;
    private static final int FILES_MOST = 40;

    /// May be longer, and why; at most six.
    private static final Map<String, String> EXCEPTIONS =
            Map.of(
                    "Draft.java", "every element a test may change of one document",
                    "Model.java", "one model of all states, read beside the contract's picture",
                    "Story.java", "the words in which the tests tell of a day",
                    "ManipulationTest.java", "a table of manipulations on one filled log",
                    "WorkBrowserTest.java", "one day of work in one browser");

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
            boolean may = EXCEPTIONS.containsKey(file.getFileName().toString());
            if (lines.size() > LINES_MOST && !may) {
                wrong.add(file + " has " + lines.size() + " lines");
            }
            for (String line : lines) {
                // An import cannot be broken.
                if (line.length() > COLUMNS_MOST && !line.startsWith("import ")) {
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
                .filteredOn(one -> !EXCEPTIONS.containsKey(one.file().getFileName().toString()))
                .isEmpty();
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
        try (Stream<Path> folders = Files.walk(Path.of("src/main/java/org/yifang"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    long count = files.filter(Files::isRegularFile).count();
                    if (count > FILES_MOST) {
                        wrong.add(folder + " has " + count + " files");
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
