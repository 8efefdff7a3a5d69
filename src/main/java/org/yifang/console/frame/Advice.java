package org.yifang.console.frame;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What would be right, in the reader's language: the interface says it in English, in detail.
final class Advice {
    private static final Properties CHINESE = read();

    /// The offending values in a detail.
    private static final Pattern VALUE = Pattern.compile("`([^`]{1,80})`");

    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    /// Codes of programs, which say nothing to people.
    private static final Pattern WORDS = Pattern.compile(".*[\\p{IsHan}\\d].*");

    /// By what a pharmacist is warned: a reviewer sees the source of each warning.
    private static final Map<String, String[]> SOURCES =
            Map.of(
                    "RX-2201", reviewed("重复给药", "duplication"),
                    "RX-2202", reviewed("其他用药不适宜", "other"),
                    "RX-2203", reviewed("皮试", "skin test"),
                    "RX-2205", reviewed("剂量、用法", "dosage"),
                    "RX-2207", reviewed("皮试", "skin test"),
                    "RX-2204",
                            new String[] {
                                "依据：《处方管理办法》，调剂时的四查十对",
                                "Source: Prescription Administration Measures, the four checks at"
                                        + " dispensing"
                            },
                    "RX-2206",
                            new String[] {
                                "依据：GB 11643 公民身份号码", "Source: GB 11643, citizen identity number"
                            });

    /// Where only the detail says which field it is: its name is a code, and told all the same.
    private static final Set<String> DETAILED =
            Set.of("RX-1102", "RX-1400", "RX-1402", "RX-1403", "RX-1406", "RX-1422", "RX-4001");

    /// By its name, not by a number of an article: the official text could not be looked up.
    private static String[] reviewed(String zh, String en) {
        return new String[] {
            "依据：《处方管理办法》，用药适宜性审核：" + zh,
            "Source: Prescription Administration Measures, review of suitability: " + en
        };
    }

    private static Properties read() {
        Properties read = new Properties();
        try (var in =
                new InputStreamReader(
                        Objects.requireNonNull(
                                Advice.class.getResourceAsStream("/texts/advice.zh-CN.properties")),
                        StandardCharsets.UTF_8)) {
            read.load(in);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return read;
    }

    /// What would be right, with the values that are wrong; the detail itself where it is in the
    /// reader's language or nothing else is known.
    static String of(String code, String detail, boolean english) {
        String chinese = CHINESE.getProperty(code);
        if (english || chinese == null) {
            return VALUE.matcher(detail).replaceAll("“$1”");
        }
        boolean detailed = DETAILED.contains(code);
        String values =
                VALUE.matcher(detail)
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .filter(value -> detailed || WORDS.matcher(value).matches())
                        .distinct()
                        .map(value ->
                                DAY.matcher(value).matches()
                                        ? "（" + value + "）"
                                        : "「" + value + "」")
                        .collect(Collectors.joining());
        return values.isEmpty() ? chinese : values + "：" + chinese;
    }

    /// The rule behind a warning, empty where the sentence says it.
    static String source(String code, boolean english) {
        String[] both = SOURCES.get(code);
        return both == null ? "" : both[english ? 1 : 0];
    }

    private Advice() {}
}
