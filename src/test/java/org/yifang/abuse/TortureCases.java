package org.yifang.abuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;

/// Documents that are no prescriptions, or are ones in an odd dress: text that is no JSON, JSON
/// that is no FHIR, FHIR that is not ours.
final class TortureCases {
    /// @param name what it is
    /// @param body as it is sent
    /// @param good whether it is a prescription all the same
    record Case(String name, byte[] body, boolean good) {}

    private final Supplier<ObjectNode> document;
    private final List<Case> cases = new ArrayList<>();

    private TortureCases(Supplier<ObjectNode> document) {
        this.document = document;
    }

    /// @param document a good one, another number each time
    static List<Case> json(Supplier<ObjectNode> document) {
        TortureCases made = new TortureCases(document);
        made.cut();
        made.wrapped();
        made.lexical();
        made.bytes();
        made.duplicated();
        made.kinds();
        made.foreign();
        made.dressed();
        return made.cases;
    }

    private String text() {
        return document.get().toString();
    }

    private void bad(String name, String body) {
        bad(name, body.getBytes(StandardCharsets.UTF_8));
    }

    private void bad(String name, byte[] body) {
        cases.add(new Case(name, body, false));
    }

    private void good(String name, String body) {
        cases.add(new Case(name, body.getBytes(StandardCharsets.UTF_8), true));
    }

    /// Ended in the middle, at forty places.
    private void cut() {
        String text = text();
        for (int i = 0; i < 40; i++) {
            bad("cut at " + i + "/40", text.substring(0, (int) ((long) text.length() * i / 40)));
        }
    }

    private void wrapped() {
        String text = text();
        Map<String, String> around =
                Map.ofEntries(
                        Map.entry("a list", "[" + text + "]"),
                        Map.entry("a string", '"' + text.replace("\"", "\\\"") + '"'),
                        Map.entry("twice", text + text),
                        Map.entry("something behind", text + "x"),
                        Map.entry("a comma behind", text + ","),
                        Map.entry("a brace behind", text + "}"),
                        Map.entry("something before", "x" + text),
                        Map.entry("a brace before", "{" + text),
                        Map.entry("within another", "{\"resource\":" + text + "}"),
                        Map.entry("null", "null"),
                        Map.entry("true", "true"),
                        Map.entry("a number", "7"),
                        Map.entry("an empty object", "{}"),
                        Map.entry("an empty list", "[]"),
                        Map.entry("a zero byte", "\u0000"),
                        Map.entry("lines of JSON", text.replace("},{", "}\n{")),
                        Map.entry("deep lists", "[".repeat(20_000) + "]".repeat(20_000)),
                        Map.entry("deep objects", "{\"a\":".repeat(20_000)),
                        Map.entry(
                                "deep extensions",
                                "{\"resourceType\":\"Bundle\",\"extension\":["
                                        + "{\"url\":\"a\",\"extension\":[".repeat(2_000)));
        around.forEach(this::bad);
    }

    /// What other readers of JSON take, and the standard does not.
    private void lexical() {
        Map<String, Function<String, String>> changes =
                Map.ofEntries(
                        Map.entry("single quotes", text -> text.replace('"', '\'')),
                        Map.entry("no quotes", text -> text.replace("\"type\":", "type:")),
                        Map.entry("a comment", text -> "/* one */" + text),
                        Map.entry("a line comment", text -> "// one\n" + text),
                        Map.entry("a comma too many", text -> text.replaceFirst("\\}$", ",}")),
                        Map.entry("a comma in a list", text -> text.replaceFirst("\\]", ",]")),
                        Map.entry("no colon", text -> text.replaceFirst(":", " ")),
                        Map.entry("a tab in a text", text -> text.replaceFirst("每次", "\t")),
                        Map.entry("a break in a text", text -> text.replaceFirst("每次", "\n")),
                        Map.entry("a bell in a text", text -> text.replaceFirst("每次", "\u0007")),
                        Map.entry("an unknown escape", text -> text.replaceFirst("每次", "\\\\q")),
                        Map.entry("half an escape", text -> text.replaceFirst("每次", "\\\\u4e")),
                        Map.entry("half a pair", text -> text.replaceFirst("每次", "\\\\ud83d")),
                        Map.entry("the other half", text -> text.replaceFirst("每次", "\\\\ude00")),
                        Map.entry("an escaped zero", text -> text.replaceFirst("每次", "\\\\u0000")),
                        Map.entry("a noncharacter", text -> text.replaceFirst("每次", "\\\\ufffe")));
        changes.forEach((name, change) -> bad(name, change.apply(text())));
        for (String number :
                List.of(
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "01",
                        "+1",
                        ".5",
                        "1.",
                        "0x10",
                        "1e",
                        "1,5",
                        "1_000",
                        "--1",
                        "1e999999999",
                        "9".repeat(2_000),
                        "1e-999999999",
                        "- 1",
                        "1 000",
                        "１",
                        "true",
                        "\"1\"",
                        "null")) {
            String text = text();
            bad(
                    "the number " + (number.length() > 20 ? "of 2,000 digits" : number),
                    text.replaceFirst(
                            "\"quantity\":\\{\"value\":[0-9.]+",
                            "\"quantity\":{\"value\":" + Matcher.quoteReplacement(number)));
        }
    }

    private void bytes() {
        byte[] text = text().getBytes(StandardCharsets.UTF_8);
        int[][] wrong = {
            {0xC3, 0x28},
            {0xC0, 0xAF},
            {0xE2, 0x82},
            {0xF5, 0x80, 0x80, 0x80},
            {0xFF},
            {0x80},
            {0xED, 0xA0, 0x80},
            {0xFE, 0xFF}
        };
        for (int[] some : wrong) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int at = indexOf(text, "每次".getBytes(StandardCharsets.UTF_8));
            body.write(text, 0, at);
            for (int one : some) {
                body.write(one);
            }
            body.write(text, at, text.length - at);
            bad("the byte " + Integer.toHexString(some[0]), body.toByteArray());
        }
        for (Charset charset :
                List.of(
                        StandardCharsets.UTF_16,
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16BE,
                        Charset.forName("GB18030"),
                        Charset.forName("UTF-32"))) {
            bad("in " + charset, text().getBytes(charset));
        }
        bad("a mark before it", "\ufeff" + text());
    }

    private static int indexOf(byte[] text, byte[] wanted) {
        for (int i = 0; i < text.length - wanted.length; i++) {
            if (java.util.Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not in it");
    }

    /// The same name twice, at every depth, the other value or the same.
    private void duplicated() {
        for (String name :
                List.of(
                        "resourceType",
                        "type",
                        "timestamp",
                        "identifier",
                        "entry",
                        "status",
                        "birthDate",
                        "gender",
                        "groupIdentifier",
                        "authoredOn",
                        "dosageInstruction",
                        "dispenseRequest",
                        "subject",
                        "coding",
                        "value",
                        "system")) {
            String text = text();
            bad(
                    "twice " + name,
                    text.replaceFirst('"' + name + "\":", '"' + name + "\":7,\"" + name + "\":"));
        }
    }

    /// Each element by a value of every other kind.
    private void kinds() {
        JsonNodeFactory make = JsonNodeFactory.instance;
        List<JsonNode> values =
                List.of(
                        make.nullNode(),
                        make.numberNode(7),
                        make.booleanNode(true),
                        make.textNode(""),
                        make.textNode("x"),
                        make.arrayNode(),
                        make.objectNode(),
                        make.arrayNode().add(make.arrayNode()));
        for (String path :
                List.of(
                        "/resourceType",
                        "/type",
                        "/timestamp",
                        "/entry",
                        "/entry/0",
                        "/entry/0/resource",
                        "Composition/status",
                        "Composition/date",
                        "Composition/author",
                        "Composition/section",
                        "Composition/type",
                        "Patient/identifier",
                        "Patient/birthDate",
                        "Patient/gender",
                        "MedicationRequest/status",
                        "MedicationRequest/intent",
                        "MedicationRequest/medicationCodeableConcept",
                        "MedicationRequest/groupIdentifier",
                        "MedicationRequest/authoredOn",
                        "MedicationRequest/dispenseRequest",
                        "MedicationRequest/subject",
                        "Encounter/status",
                        "Encounter/class")) {
            for (JsonNode value : values) {
                ObjectNode changed = document.get();
                put(changed, path, value);
                bad(path + " is " + value, changed.toString());
            }
        }
    }

    private static void put(ObjectNode document, String path, JsonNode value) {
        int slash = path.indexOf('/');
        ObjectNode root = slash == 0 ? document : resource(document, path.substring(0, slash));
        String pointer = path.substring(slash);
        int last = pointer.lastIndexOf('/');
        JsonNode parent = root.at(pointer.substring(0, last));
        String name = pointer.substring(last + 1);
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(name), value);
        } else {
            ((ObjectNode) parent).set(name, value);
        }
    }

    private static ObjectNode resource(ObjectNode document, String type) {
        for (JsonNode entry : document.path("entry")) {
            if (entry.at("/resource/resourceType").asText().equals(type)) {
                return (ObjectNode) entry.path("resource");
            }
        }
        throw new IllegalArgumentException(type);
    }

    /// Well-formed, and no prescription of ours.
    private void foreign() {
        for (String type :
                List.of(
                        "Patient",
                        "Parameters",
                        "Binary",
                        "Nonsense",
                        "bundle",
                        "StructureDefinition")) {
            bad("a " + type, "{\"resourceType\":\"" + type + "\"}");
        }
        for (String name :
                List.of(
                        "unknown",
                        "__proto__",
                        "constructor",
                        "_unknown",
                        "entry2",
                        "Type",
                        "extensions",
                        "$ref")) {
            bad(
                    "the member " + name,
                    text().replaceFirst(
                                    "\"type\":",
                                    Matcher.quoteReplacement('"' + name + "\":{},\"type\":")));
        }
        for (String type :
                List.of("collection", "searchset", "transaction", "message", "Document")) {
            bad(
                    "a Bundle of type " + type,
                    text().replaceFirst("\"type\":\"document\"", "\"type\":\"" + type + '"'));
        }
    }

    /// A prescription all the same.
    private void dressed() {
        good("as it is", text());
        good("on many lines", document.get().toPrettyString());
        good("a break before and behind", "\r\n\t " + text() + "\n\n");
        good("blanks between", text().replace("\",\"", "\" , \""));
        StringBuilder escaped = new StringBuilder();
        for (char c : text().toCharArray()) {
            escaped.append(c < 128 ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        good("every character escaped", escaped.toString());
        ObjectNode reversed = document.get();
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(reversed.properties());
        ObjectNode turned = JsonNodeFactory.instance.objectNode();
        members.reversed().forEach(one -> turned.set(one.getKey(), one.getValue()));
        good("the other way round", turned.toString());
        good("a slash escaped", text().replace("/", "\\/"));
        ObjectNode pictured = document.get();
        resource(pictured, "Composition").put("title", "处方 😀 \u2028 \\ \"quoted\"");
        good("a pair of surrogates", pictured.toString());
    }
}
