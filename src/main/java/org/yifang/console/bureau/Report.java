package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Read;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A MeasureReport as a page shows it: the verdict first, its rule line by line, then its charts.
///
/// @param verdict code, `not-shown` when the report says none
/// @param said sentences, the verdict's first
/// @param facts method, data cut-off, question and its hash
/// @param sections one for prices, one for each stage of queues
public record Report(
        String verdict,
        List<String> said,
        List<Line> rule,
        List<Fact> facts,
        List<Section> sections) {
    private static final Pattern DEMONSTRATION =
            Pattern.compile("demonstration sha-256 ([0-9a-f]{6})[0-9a-f]*");

    /// One line of the rule.
    public record Line(String name, boolean holds, String words) {}

    /// One fact about the report.
    public record Fact(String name, String value) {}

    /// What was measured of one stage, or of all prices.
    public record Section(String name, String verdict, List<Line> rule, List<Figure> figures) {}

    /// @param names of organizations by their numbers
    static Report of(Page page, JsonNode json, Map<String, String> names) {
        boolean prices = json.path("measure").asText().contains(Question.PRICES);
        return prices ? ofPrices(page, json) : ofQueues(page, json, names);
    }

    private static Report ofPrices(Page page, JsonNode json) {
        JsonNode claim = Read.extension(json, "price-claim");
        List<String> said = new ArrayList<>();
        for (String name : List.of("text", "same-drugs", "per-day")) {
            String sentence = Element.value(claim, page.en() ? name + "-en" : name);
            if (!sentence.isEmpty()) {
                said.add(sentence);
            }
        }
        List<Line> rule = new ArrayList<>();
        for (JsonNode line : Element.all(claim, "line")) {
            rule.add(
                    new Line(
                            Element.value(line, "line"),
                            Read.extension(line, "holds").path("valueBoolean").asBoolean(),
                            Element.value(line, page.en() ? "text-en" : "text")));
        }
        JsonNode method = Read.extension(json, "price-method");
        List<Fact> facts = new ArrayList<>();
        fact(facts, page.t("基期", "Baseline"), Element.value(method, "baseline"));
        fact(facts, page.t("报告期", "Period"), period(json));
        fact(facts, page.t("数据截至", "Data as of"), asOf(Element.value(method, "as-of")));
        fact(facts, page.t("方法", "Method"), Methods.of(page, Element.value(method, "text")));
        fact(facts, page.t("药店数", "Pharmacies"), Element.value(method, "pharmacies"));
        fact(
                facts,
                page.t("随机种子与重抽次数", "Seed and replicates"),
                Element.value(method, "seed") + " · " + Element.value(method, "replicates"));
        String question =
                "drug-price-change?plan="
                        + Element.value(method, "plan")
                        + "&baseline="
                        + Element.value(method, "baseline")
                        + "&period="
                        + period(json)
                        + "&asOf="
                        + Element.value(method, "as-of");
        question(page, facts, question);
        return new Report(
                orNotShown(Element.value(claim, "result")),
                said,
                rule,
                facts,
                List.of(new Section("", "", List.of(), PriceCharts.of(page, json))));
    }

    private static Report ofQueues(Page page, JsonNode json, Map<String, String> names) {
        List<String> said = new ArrayList<>();
        for (JsonNode text : Element.all(json, "verdict-text")) {
            said.add(worded(part(text.path("valueString").asText(), page.en()), page.en()));
        }
        List<Section> sections = new ArrayList<>();
        for (JsonNode group : json.path("group")) {
            sections.add(
                    new Section(
                            QueueCharts.stage(page, Element.name(group.path("code"))),
                            Element.value(group, "verdict"),
                            rule(group, page.en()),
                            QueueCharts.of(page, json, group, names)));
        }
        List<Line> rule = rule(json, page.en());
        JsonNode method = Read.extension(json, "evaluation-method");
        List<Fact> facts = new ArrayList<>();
        fact(facts, page.t("基期", "Baseline"), Element.value(json, "baseline"));
        fact(facts, page.t("报告期", "Period"), period(json));
        fact(facts, page.t("数据截至", "Data as of"), asOf(Element.value(json, "as-of")));
        fact(facts, page.t("目标", "Target"), Element.value(method, "target"));
        fact(facts, page.t("方法版本", "Version of the method"), Element.value(method, "version"));
        fact(facts, page.t("方法", "Method"), Methods.of(page, Element.value(method, "description")));
        fact(
                facts,
                page.t("历史文件 SHA-256", "Files of the past, SHA-256"),
                Element.value(method, "history-file-sha-256"));
        question(
                page,
                facts,
                "queue-time-reduction?"
                        + Element.value(method, "question")
                        + "&asOf="
                        + Element.value(json, "as-of"));
        return new Report(
                orNotShown(Element.value(json, "verdict")),
                said,
                rule.isEmpty() && !sections.isEmpty() ? sections.getFirst().rule() : rule,
                facts,
                sections);
    }

    private static String orNotShown(String verdict) {
        return verdict.isEmpty() ? "not-shown" : verdict;
    }

    private static String period(JsonNode json) {
        return json.at("/period/start").asText() + " – " + json.at("/period/end").asText();
    }

    private static String asOf(String instant) {
        return instant.isEmpty() ? "" : Read.whole(Read.instant(instant));
    }

    private static void fact(List<Fact> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.add(new Fact(name, value));
        }
    }

    /// The question as it was understood, and its hash: whoever asks the same gets the same.
    private static void question(Page page, List<Fact> facts, String question) {
        String moment = question.substring(question.lastIndexOf('=') + 1);
        // What is hashed is shown as it is hashed; a moment of another zone is told again in ours.
        String ours =
                moment.endsWith("Z")
                        ? page.t("（北京时间 ", " (Beijing time ") + asOf(moment) + page.t("）", ")")
                        : "";
        fact(facts, page.t("问题", "Question"), question + ours);
        fact(facts, page.t("问题的 SHA-256", "SHA-256 of the question"), sha256(question));
    }

    static String sha256(String question) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(question.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Line> rule(JsonNode element, boolean english) {
        List<Line> rule = new ArrayList<>();
        for (JsonNode one : Element.all(element, "verdict-line")) {
            String words = worded(part(Element.value(one, "words"), english), english);
            rule.add(
                    new Line(
                            Element.value(one, "line"),
                            Read.extension(one, "holds").path("valueBoolean").asBoolean(),
                            words.isEmpty() ? Element.value(one, "value") : words));
        }
        return rule;
    }

    /// Reports print both languages with ` / ` between, Chinese first; where a text has such
    /// strokes itself, the middle one parts the languages.
    static String part(String both, boolean english) {
        int strokes = both.split(" / ", -1).length - 1;
        int cut = both.indexOf(" / ");
        for (int i = 0; i < strokes / 2; i++) {
            cut = both.indexOf(" / ", cut + 3);
        }
        return cut < 0 ? both : english ? both.substring(cut + 3) : both.substring(0, cut);
    }

    /// Files are named by who imported them and how their hash begins; the demonstration's too.
    static String worded(String said, boolean english) {
        return DEMONSTRATION
                .matcher(said)
                .replaceAll(english ? "demonstration data $1…" : "演示数据 $1…");
    }

    /// The hash of the question, for the foot of each chart.
    public String hash() {
        return facts.isEmpty() ? "" : facts.getLast().value();
    }
}
