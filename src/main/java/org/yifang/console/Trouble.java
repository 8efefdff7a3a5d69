package org.yifang.console;

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
    static List<Trouble> of(JsonNode outcome) {
        List<Trouble> all = new ArrayList<>();
        for (JsonNode issue : outcome.path("issue")) {
            String severity = issue.path("severity").asText();
            all.add(
                    new Trouble(
                            issue.at("/details/coding/0/code").asText(),
                            issue.at("/details/text").asText(),
                            issue.path("diagnostics").asText(),
                            severity.equals("warning") || severity.equals("information")));
        }
        return all;
    }

    /// What the rules warn of beside an answer: the sentence of the code, then its ground.
    public static List<Trouble> warnings(JsonNode outcome, boolean english) {
        List<Trouble> all = new ArrayList<>();
        for (JsonNode issue : outcome.path("issue")) {
            String code = issue.at("/details/coding/0/code").asText();
            String ground =
                    issue.at("/details/text").asText() + " " + issue.path("diagnostics").asText();
            all.add(new Trouble(code, Codes.text("problem", code, english), ground.strip(), true));
        }
        return all;
    }
}
