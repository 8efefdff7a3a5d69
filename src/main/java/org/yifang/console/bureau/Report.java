package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.Read;

import java.util.ArrayList;
import java.util.List;

/// A MeasureReport as a page shows it: the verdict first, then its rule line by line.
///
/// @param verdict code, `not-shown` when the report says none
/// @param sentence in words
/// @param rule its lines
/// @param facts method, question and its hash, data cut-off
/// @param groups what was measured
public record Report(
        String verdict, String sentence, List<Line> rule, List<Fact> facts, List<Group> groups) {

    /// One line of the rule.
    public record Line(String name, boolean holds, String value) {}

    /// One fact about the report.
    public record Fact(String name, String value) {}

    /// One group with its figures.
    public record Group(String name, String verdict, List<Line> rule, List<Fact> figures) {}

    private static final int DEPTH_MOST = 3;
    private static final int FIGURES_MOST = 400;

    static Report of(JsonNode json, boolean english) {
        List<Group> groups = new ArrayList<>();
        for (JsonNode group : json.path("group")) {
            groups.add(group(group, english));
        }
        String verdict = verdict(json);
        List<Line> rule = rule(json);
        if (verdict.isEmpty() && !groups.isEmpty()) {
            verdict = groups.getFirst().verdict();
        }
        if (rule.isEmpty() && !groups.isEmpty()) {
            rule = groups.getFirst().rule();
        }
        String sentence = sentence(json, english);
        if (sentence.isEmpty()) {
            for (JsonNode group : json.path("group")) {
                sentence = sentence.isEmpty() ? sentence(group, english) : sentence;
            }
        }
        List<Fact> facts = new ArrayList<>();
        for (JsonNode extension : json.path("extension")) {
            String name = name(extension);
            if (!name.startsWith("verdict")) {
                facts(extension, name, facts, 0);
            }
        }
        return new Report(verdict.isEmpty() ? "not-shown" : verdict, sentence, rule, facts, groups);
    }

    private static Group group(JsonNode group, boolean english) {
        List<Fact> figures = new ArrayList<>();
        JsonNode score = group.at("/measureScore/value");
        if (!score.isMissingNode()) {
            figures.add(new Fact("score", Read.number(score)));
        }
        for (JsonNode population : group.path("population")) {
            figures.add(
                    new Fact(
                            population
                                    .at("/code/coding/0/code")
                                    .asText(population.at("/code/text").asText()),
                            population.path("count").asText()));
        }
        for (JsonNode extension : group.path("extension")) {
            String name = name(extension);
            if (!name.startsWith("verdict")) {
                facts(extension, name, figures, 0);
            }
        }
        String title =
                group.at("/code/text")
                        .asText(
                                group.at("/code/coding/0/display")
                                        .asText(group.at("/code/coding/0/code").asText()));
        return new Group(title, verdict(group), rule(group), figures);
    }

    private static String verdict(JsonNode element) {
        String plain = Read.extension(element, "verdict").path("valueCode").asText();
        return plain.isEmpty()
                ? Read.extension(Read.extension(element, "price-claim"), "result")
                        .path("valueCode")
                        .asText()
                : plain;
    }

    /// In the reader's language, where the report tells it in both.
    private static String sentence(JsonNode element, boolean english) {
        List<String> all = new ArrayList<>();
        for (JsonNode one : element.path("extension")) {
            if (name(one).equals("verdict-text")) {
                all.add(one.path("valueString").asText());
            }
        }
        String whole = String.join(" ", all);
        int cut = border(whole);
        return cut < 0
                ? whole
                : english
                        ? whole.substring(cut).strip()
                        : whole.substring(0, cut).replaceAll("[\\s/]+$", "");
    }

    /// Where the Chinese sentence ends and the English one begins; -1 when there is one only.
    private static int border(String both) {
        int last = -1;
        for (int i = 0; i < both.length(); i++) {
            if (both.charAt(i) >= '\u3000') {
                last = i;
            }
        }
        boolean more = last >= 0 && last + 2 < both.length();
        return more && both.substring(last + 1).matches("(?s).*[A-Za-z]{3}.*") ? last + 1 : -1;
    }

    private static List<Line> rule(JsonNode element) {
        List<Line> rule = new ArrayList<>();
        for (JsonNode one : element.path("extension")) {
            if (name(one).equals("verdict-line")) {
                rule.add(
                        new Line(
                                Read.extension(one, "line")
                                        .path("valueCode")
                                        .asText(
                                                Read.extension(one, "line")
                                                        .path("valueString")
                                                        .asText()),
                                Read.extension(one, "holds").path("valueBoolean").asBoolean(),
                                Read.extension(one, "value").path("valueString").asText()));
            }
        }
        return rule;
    }

    private static String name(JsonNode extension) {
        String url = extension.path("url").asText();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static void facts(JsonNode extension, String name, List<Fact> into, int depth) {
        if (into.size() >= FIGURES_MOST) {
            return;
        }
        String value = value(extension);
        if (!value.isEmpty()) {
            into.add(new Fact(name, value));
        }
        if (depth < DEPTH_MOST) {
            for (JsonNode inner : extension.path("extension")) {
                facts(inner, name + " · " + name(inner), into, depth + 1);
            }
        }
    }

    private static String value(JsonNode extension) {
        var fields = extension.properties().iterator();
        while (fields.hasNext()) {
            var field = fields.next();
            if (!field.getKey().startsWith("value")) {
                continue;
            }
            JsonNode value = field.getValue();
            if (value.isValueNode()) {
                return value.asText();
            }
            if (value.has("start")) {
                return value.path("start").asText() + " – " + value.path("end").asText();
            }
            if (value.has("low")) {
                return Read.number(value.at("/low/value"))
                        + " – "
                        + Read.number(value.at("/high/value"))
                        + " "
                        + value.at("/low/unit").asText();
            }
            if (value.has("value")) {
                return Read.number(value.path("value"))
                        + " "
                        + value.path("unit").asText(value.path("currency").asText());
            }
            return value.path("reference").asText(value.path("text").asText());
        }
        return "";
    }
}
