package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.console.frame.Codes;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every text that people read is there in Chinese and in English.
class TextsTest {
    private static final String DETAILS = "src/main/resources/pages/details.js";
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");

    /// Chinese that stays so in English: the check that the law names, units of the catalogue, and
    /// what one types.
    private static final Pattern KEPT = Pattern.compile("四查十对|\\d片|一方|中文");

    @Test
    void both_halves_of_each_text_are_in_their_language() {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Path source : Wording.sources()) {
            for (String[] pair : Wording.pairs(Wording.read(source)).toList()) {
                count++;
                String english = KEPT.matcher(pair[1]).replaceAll("");
                if (HAN.matcher(english).find()) {
                    wrong.add(source + ": " + pair[0] + " | " + pair[1]);
                }
            }
        }
        assertThat(count).isGreaterThan(700);
        assertThat(wrong).isEmpty();
    }

    @Test
    void templates_hold_no_words_outside_of_texts() {
        List<String> wrong = new ArrayList<>();
        for (Path source : Wording.sources()) {
            if (!source.toString().endsWith(".jte")) {
                continue;
            }
            String bare =
                    Wording.read(source)
                            .replaceAll("(?s)\\$\\{(?:[^{}]|\\{[^{}]*\\})*\\}", "")
                            .replaceAll("(?m)^@.*$|!\\{[^{}]*\\}", "")
                            .replaceAll("@template\\.\\w+(?:\\.\\w+)*\\([^\\n]*", "")
                            .replaceAll("(?s)<[^>]*>", " ");
            for (String line : bare.split("\n", -1)) {
                if (HAN.matcher(KEPT.matcher(line).replaceAll("")).find()) {
                    wrong.add(source + ": " + line.strip());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void each_problem_has_its_sentence_in_both_languages_and_advice_in_chinese()
            throws IOException {
        Properties chinese = texts("problems.zh-CN");
        Properties english = texts("problems.en");
        Properties advice = texts("advice.zh-CN");
        assertThat(chinese.stringPropertyNames())
                .isEqualTo(english.stringPropertyNames())
                .isEqualTo(advice.stringPropertyNames());
        for (String code : chinese.stringPropertyNames()) {
            assertThat(chinese.getProperty(code))
                    .as(code)
                    .matches(text -> HAN.matcher(text).find());
            assertThat(advice.getProperty(code)).as(code).matches(text -> HAN.matcher(text).find());
            assertThat(english.getProperty(code)).as(code).doesNotContainPattern(HAN);
        }
    }

    @Test
    void each_code_that_pages_offer_is_named_in_both_languages() {
        for (String system :
                List.of(
                        "cancel-reason",
                        "suspend-reason",
                        "release-reason",
                        "take-back-reason",
                        "take-back-disposition",
                        "suitability-review",
                        "review-reason",
                        "route",
                        "queue-stage",
                        "prescription-status")) {
            for (Codes.Code code : Codes.of(system)) {
                assertThat(code.zh()).as(system + " " + code.code()).containsPattern(HAN);
                assertThat(code.en()).as(system + " " + code.code()).doesNotContainPattern(HAN);
            }
        }
    }

    /// Where rows of files are refused: what is wrong with each is shown to people.
    private static final List<String> REFUSING =
            List.of(
                    "queue/history/HistoryRow",
                    "queue/history/HistoryDesk",
                    "queue/history/PastDayStore",
                    "admin/ImportedRows",
                    "registry/OpeningHours",
                    "registry/NhsaOrganization",
                    "registry/NhsaStaff",
                    "registry/Uscc");

    private static final Pattern SAID =
            Pattern.compile(
                    "(?s)(?:Unreadable|unfit|Fault|tally.refuse|Optional.of"
                            + "|IllegalArgumentException)"
                            + "\\(((?:[^;\"]|\"[^\"]*\")*?\"[^\"]*[.]\"[^;]*);");

    @Test
    void what_is_wrong_with_a_row_of_a_file_is_told_in_chinese_too() throws IOException {
        List<Pattern> known =
                Pattern.compile("(?m)^ *\\[/(.*)/, '.*[一-龥].*'\\]")
                        .matcher(Files.readString(Path.of(DETAILS)))
                        .results()
                        .map(one -> Pattern.compile(one.group(1)))
                        .toList();
        assertThat(known).hasSizeGreaterThan(30);
        List<String> untold = new ArrayList<>();
        int count = 0;
        for (String source : REFUSING) {
            String text = Files.readString(Path.of("src/main/java/org/yifang/" + source + ".java"));
            for (var said : SAID.matcher(text).results().toList()) {
                String sentence = sentence(said.group(1));
                count++;
                if (known.stream().noneMatch(one -> one.matcher(sentence).matches())) {
                    untold.add(source + ": " + sentence);
                }
            }
        }
        assertThat(count).isGreaterThan(20);
        assertThat(untold).isEmpty();
    }

    /// What a call with literals and values between them says, with `x` for each value.
    private static String sentence(String arguments) {
        StringBuilder sentence = new StringBuilder();
        int end = -1;
        Matcher literal = Pattern.compile("\"([^\"]*)\"").matcher(arguments);
        while (literal.find()) {
            String between = end < 0 ? "" : arguments.substring(end, literal.start());
            if (between.contains(",")) {
                sentence.setLength(0);
            } else if (!between.replaceAll("[\\s+]", "").isEmpty()) {
                sentence.append('x');
            }
            sentence.append(literal.group(1));
            end = literal.end();
            boolean goesOn = arguments.substring(end).stripLeading().startsWith("+");
            if (literal.group(1).endsWith(".") && !goesOn) {
                break;
            }
        }
        return sentence.toString().replace("%s", "x").replace("%d", "1");
    }

    @Test
    void no_page_shows_what_the_interface_says_in_english_as_it_stands() throws IOException {
        for (Path source : Wording.sources()) {
            String text = Wording.read(source);
            if (source.toString().endsWith(".js")) {
                assertThat(
                                text.replaceAll("detailOf\\([^)]*\\.diagnostics\\)", "")
                                        .replaceAll("detail\\([^)]*\\.diagnostics\\)", ""))
                        .as(source.toString())
                        .doesNotContain("diagnostics");
            }
        }
    }

    private static Properties texts(String name) throws IOException {
        Properties texts = new Properties();
        try (var in =
                new InputStreamReader(
                        Objects.requireNonNull(
                                TextsTest.class.getResourceAsStream(
                                        "/texts/" + name + ".properties")),
                        StandardCharsets.UTF_8)) {
            texts.load(in);
        }
        return texts;
    }
}
