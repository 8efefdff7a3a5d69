package org.yifang.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.fhir.Texts;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the codes of CodeSystem `problem` and the page `docs/problems.md` from [ProblemCode] and
/// its texts.
public final class ProblemsPage {
    public static final Path FILE = Path.of("fhir-profiles/terminology/CodeSystem-problem.json");
    public static final Path PAGE = Path.of("docs/problems.md");

    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] none) throws IOException {
        Files.writeString(FILE, text());
        Files.writeString(PAGE, page());
    }

    /// The whole file: its head as it stands, its properties and codes from the code.
    public static String text() throws IOException {
        String before = Files.readString(FILE);
        String head = before.substring(0, before.indexOf("  \"count\":"));
        ProblemCode[] codes = ProblemCode.values();
        return head
                + "  \"count\": "
                + codes.length
                + ",\n  \"property\": [\n"
                + PROPERTIES.stream().map(ProblemsPage::property).collect(Collectors.joining(",\n"))
                + "\n  ],\n  \"concept\": [\n"
                + Arrays.stream(codes).map(ProblemsPage::concept).collect(Collectors.joining(",\n"))
                + "\n  ]\n}\n";
    }

    /// Code, type and meaning of each property of a concept.
    private static final List<String[]> PROPERTIES =
            List.of(
                    new String[] {"http-status", "integer", "The HTTP status of the answer"},
                    new String[] {"issue-type", "code", "OperationOutcome.issue.code"},
                    new String[] {"cause-en", "string", "What leads to it"},
                    new String[] {"cause-zh", "string", "原因"},
                    new String[] {"remedy-en", "string", "What would be right"},
                    new String[] {"remedy-zh", "string", "怎样才对"});

    private static String property(String[] one) {
        ObjectNode property = JSON.createObjectNode();
        property.put("code", one[0]).put("description", one[2]).put("type", one[1]);
        return "    " + property;
    }

    private static String concept(ProblemCode code) {
        ObjectNode concept = JSON.createObjectNode();
        concept.put("code", code.code()).put("display", label(Texts.of(code, "zh-CN")));
        concept.put("definition", Texts.cause(code, "zh-CN") + Texts.remedy(code, "zh-CN"));
        concept.putObject("_definition")
                .putArray("extension")
                .addObject()
                .put("url", "http://hl7.org/fhir/StructureDefinition/translation")
                .putArray("extension")
                .add(JSON.createObjectNode().put("url", "lang").put("valueCode", "en"))
                .add(
                        JSON.createObjectNode()
                                .put("url", "content")
                                .put(
                                        "valueString",
                                        Texts.cause(code, "en") + ' ' + Texts.remedy(code, "en")));
        concept.putArray("designation")
                .addObject()
                .put("language", "en")
                .put("value", label(Texts.of(code, "en")));
        List<ObjectNode> values = new ArrayList<>();
        values.add(value("http-status").put("valueInteger", code.status()));
        values.add(value("issue-type").put("valueCode", code.issueType()));
        values.add(value("cause-en").put("valueString", Texts.cause(code, "en")));
        values.add(value("cause-zh").put("valueString", Texts.cause(code, "zh-CN")));
        values.add(value("remedy-en").put("valueString", Texts.remedy(code, "en")));
        values.add(value("remedy-zh").put("valueString", Texts.remedy(code, "zh-CN")));
        concept.putArray("property").addAll(values);
        try {
            return JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(concept)
                    .replace("\" : ", "\": ")
                    .indent(4)
                    .stripTrailing();
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static ObjectNode value(String property) {
        return JSON.createObjectNode().put("code", property);
    }

    /// A sentence as a label: without its full stop.
    private static String label(String sentence) {
        return sentence.replaceAll("[。.]$", "");
    }

    /// The page: each code with its status, what it means, what leads to it and what would be
    /// right, in both languages.
    public static String page() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # All problem codes · 全部问题代码

                        Written from the code by `mvn test-compile exec:exec@pages`; a test keeps \
                        both equal.
                        Every error is an `OperationOutcome`; `details.coding` holds the code, \
                        `details.text` says what is wrong,
                        `diagnostics` what would be right, `expression` where. \
                        `Accept-Language: en` or `zh-CN` (default).
                        The same list for machines: `GET /fhir/CodeSystem/problem`, or \
                        `GET /fhir/CodeSystem/$lookup?system=https://yifang.org/fhir/CodeSystem/\
                        problem&code=RX-2004`.
                        A warning has severity `warning` and stops nothing (22xx).

                        | code | HTTP | what it means | what leads to it | what would be right |
                        |---|---|---|---|---|
                        """);
        for (ProblemCode code : ProblemCode.values()) {
            page.append("| <a id=\"")
                    .append(code.code().toLowerCase(java.util.Locale.ROOT))
                    .append("\"></a>`")
                    .append(code.code())
                    .append("` | ")
                    .append(code.issueType().equals("informational") ? "–" : code.status())
                    .append(" | ")
                    .append(both(Texts.of(code, "en"), Texts.of(code, "zh-CN")))
                    .append(" | ")
                    .append(both(Texts.cause(code, "en"), Texts.cause(code, "zh-CN")))
                    .append(" | ")
                    .append(both(Texts.remedy(code, "en"), Texts.remedy(code, "zh-CN")))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String both(String english, String chinese) {
        return (english + "<br>" + chinese).replace("|", "\\|");
    }

    private ProblemsPage() {}
}
