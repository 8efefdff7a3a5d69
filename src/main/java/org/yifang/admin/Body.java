package org.yifang.admin;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.StrictJson;
import org.yifang.platform.PlainText;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Reads the JSON of one call field by field, collects every fault, and takes no field that the
/// call does not know.
final class Body {
    private final JsonObject json;
    private final List<Finding> findings = new ArrayList<>();

    private Body(JsonObject json) {
        this.json = json;
    }

    /// @param known every field that the call takes
    /// @throws Problem for what is no JSON object, names a field twice, or has one not known
    static Body of(byte[] bytes, Set<String> known) {
        StrictJson.check(bytes);
        JsonObject json;
        try {
            json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
        } catch (DecodeException | ClassCastException unreadable) {
            throw new Problem(
                    ProblemCode.UNREADABLE,
                    "The body is no JSON object.",
                    "Send an object with: " + String.join(", ", known) + ".");
        }
        List<Finding> unknown = new ArrayList<>();
        for (String name : json.fieldNames()) {
            if (!known.contains(name)) {
                unknown.add(
                        new Finding(
                                ProblemCode.PARAMETER_UNKNOWN,
                                "The field `" + shortened(name) + "` is not known here.",
                                "Known are: " + String.join(", ", known) + "."));
            }
        }
        if (!unknown.isEmpty()) {
            throw new Problem(unknown);
        }
        return new Body(json);
    }

    boolean has(String name) {
        return json.containsKey(name);
    }

    /// A text without control characters; null when absent or null.
    @Nullable String text(String name, int most) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || text.isBlank()) {
            unfit(name, "is no text", "Send a text of at most " + most + " characters.");
            return null;
        }
        if (text.length() > most || !PlainText.is(text)) {
            unfit(
                    name,
                    "is too long or holds control characters",
                    "Send at most " + most + " characters of plain text.");
            return null;
        }
        return text.strip();
    }

    /// As [#text], and it must be there.
    String required(String name, int most) {
        String value = text(name, most);
        if (value == null && !json.containsKey(name)) {
            unfit(name, "is missing", "Send it.");
        }
        return value == null ? "" : value;
    }

    @Nullable Boolean flag(String name) {
        Object value = json.getValue(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        unfit(name, "is no truth value", "Send `true` or `false`.");
        return null;
    }

    @Nullable Integer number(String name, int least, int most) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer number && number >= least && number <= most) {
            return number;
        }
        unfit(name, "is no such number", "Send one of " + least + " to " + most + ".");
        return null;
    }

    /// A list of texts, or one text with its words separated by spaces; null when absent.
    @Nullable List<String> words(String name, int most) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        if (value instanceof String text) {
            words.addAll(List.of(text.strip().split("\\s+", -1)));
        } else if (value instanceof JsonArray array) {
            for (Object one : array) {
                words.add(one instanceof String text ? text : "");
            }
        }
        boolean plain =
                words.size() <= most
                        && words.stream().noneMatch(one -> one.length() > 100 || one.isBlank())
                        && words.stream()
                                .noneMatch(
                                        one -> one.codePoints().anyMatch(Body::isControlOrSpace));
        boolean empty = value instanceof JsonArray array && array.isEmpty();
        if (!plain || (words.isEmpty() && !empty)) {
            unfit(name, "is no list of words", "Send a list of at most " + most + " words.");
            return null;
        }
        return List.copyOf(words);
    }

    /// An object as it stands; null when absent.
    @Nullable JsonObject object(String name) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        unfit(name, "is no JSON object", "Send an object.");
        return null;
    }

    void unfit(String name, String what, String remedy) {
        findings.add(
                new Finding(
                        ProblemCode.REGISTRATION_UNFIT,
                        "The field `" + name + "` " + what + ".",
                        remedy,
                        name,
                        false));
    }

    void unfit(Collection<Finding> more) {
        findings.addAll(more);
    }

    /// @throws Problem with everything that was found wrong
    void done() {
        if (!findings.isEmpty()) {
            throw new Problem(findings);
        }
    }

    private static boolean isControlOrSpace(int character) {
        return PlainText.isUnfit(character) || Character.isWhitespace(character);
    }

    private static String shortened(String name) {
        return name.length() > 40 ? name.substring(0, 40) + "…" : name;
    }
}
