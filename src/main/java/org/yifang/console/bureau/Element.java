package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Read;

import java.util.ArrayList;
import java.util.List;

/// Reads the parts of a MeasureReport that charts and verdicts are made of.
final class Element {
    /// The code or text that names a group or a stratum.
    static String name(JsonNode concept) {
        return concept.path("text").asText(concept.at("/coding/0/code").asText());
    }

    /// The last part of an extension's address.
    static String tail(JsonNode extension) {
        String url = extension.path("url").asText();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /// All extensions of that name.
    static List<JsonNode> all(JsonNode element, String name) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode one : element.path("extension")) {
            if (tail(one).equals(name)) {
                all.add(one);
            }
        }
        return all;
    }

    /// The value of an extension within an element, as text: a number, a code, an interval.
    static String value(JsonNode element, String name) {
        for (JsonNode one : element.path("extension")) {
            if (tail(one).equals(name)) {
                return value(one);
            }
        }
        return "";
    }

    /// The value of an extension, without its unit.
    static String value(JsonNode extension) {
        for (var field : extension.properties()) {
            if (!field.getKey().startsWith("value")) {
                continue;
            }
            JsonNode value = field.getValue();
            if (value.isNumber()) {
                return Read.number(value);
            }
            if (value.isValueNode()) {
                return value.asText();
            }
            if (value.has("low")) {
                return Read.number(value.at("/low/value"))
                        + " – "
                        + Read.number(value.at("/high/value"));
            }
            if (value.has("start")) {
                return value.path("start").asText() + " – " + value.path("end").asText();
            }
            if (value.has("value")) {
                return Read.number(value.path("value"));
            }
            return value.path("reference").asText(value.path("text").asText());
        }
        return "";
    }

    /// The strata of a stratifier, none when the report has it not.
    static List<JsonNode> strata(JsonNode group, String stratifier) {
        List<JsonNode> strata = new ArrayList<>();
        for (JsonNode one : group.path("stratifier")) {
            if (name(one.at("/code/0")).equals(stratifier)) {
                one.path("stratum").forEach(strata::add);
            }
        }
        return strata;
    }

    static String score(JsonNode element) {
        JsonNode value = element.at("/measureScore/value");
        return value.isMissingNode() ? "" : Read.number(value);
    }

    static String count(JsonNode element) {
        return element.at("/population/0/count").asText();
    }

    private Element() {}
}
