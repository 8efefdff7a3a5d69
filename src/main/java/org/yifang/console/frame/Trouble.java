package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/// What a call was refused for, as a page shows it.
///
/// @param code `RX-2002`
/// @param text a sentence for people
/// @param right what would be right, empty when the text says it
public record Trouble(String code, String text, String right, boolean warning) {
    /// Everything that an OperationOutcome says.
    public static List<Trouble> of(JsonNode outcome) {
        List<Trouble> all = new ArrayList<>();
        for (JsonNode issue : outcome.path("issue")) {
            String severity = issue.path("severity").asText();
            String code = issue.at("/details/coding/0/code").asText();
            String text = issue.at("/details/text").asText();
            // A detail that could not be told in Chinese stands in English behind the sentence.
            boolean english = text.isEmpty() || !Character.isIdeographic(text.codePointAt(0));
            all.add(
                    new Trouble(
                            code,
                            quoted(text, english),
                            quoted(
                                    right(code, issue.path("diagnostics").asText(), english),
                                    english),
                            severity.equals("warning") || severity.equals("information")));
        }
        return all;
    }

    /// Values as people quote them, not as programs do.
    private static String quoted(String text, boolean english) {
        return english
                ? text.replaceAll("`([^`]*)`", "“$1”")
                : text.replaceAll(" ?`([^`]*)` ?", "「$1」");
    }

    /// Where the whole finding is told in Chinese, its values stand in the text already.
    private static String right(String code, String said, boolean english) {
        boolean told = !english && !said.isEmpty() && Character.isIdeographic(said.codePointAt(0));
        String right = Advice.of(code, told ? "" : said, english);
        return right.isEmpty() ? said : right;
    }

    /// What the rules warn of beside an answer: the sentence of the code, its ground, its source.
    public static List<Trouble> warnings(JsonNode outcome, boolean english) {
        List<Trouble> all = new ArrayList<>();
        for (JsonNode issue : outcome.path("issue")) {
            String code = issue.at("/details/coding/0/code").asText();
            String sentence = Codes.text("problem", code, english);
            String text = issue.at("/details/text").asText();
            // The sentence is shown apart: here only what it was found in.
            String found =
                    text.startsWith(sentence)
                            ? text.substring(sentence.length()).replaceFirst("^[.。]\\s*", "")
                            : text;
            String ground = found + " " + issue.path("diagnostics").asText();
            String said =
                    Advice.of(code, ground.strip(), english) + " " + Advice.source(code, english);
            all.add(new Trouble(code, sentence, quoted(said.strip(), english), true));
        }
        return all;
    }
}
