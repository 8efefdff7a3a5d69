package org.yifang.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Writes `docs/operations.md`, the reference of all operations, from their OperationDefinitions
/// and from `docs/examples/operations.json`, whose calls a test runs.
public final class OperationsPage {
    public static final Path FILE = Path.of("docs/operations.md");
    public static final Path EXAMPLES = Path.of("docs/examples/operations.json");

    private static final Path DEFINITIONS = Path.of("fhir-profiles/operations");
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] none) throws IOException {
        Files.writeString(FILE, text());
    }

    public static String text() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # All operations

                        Written from `fhir-profiles/operations/` and
                        `docs/examples/operations.json` by `mvn test-compile exec:exec@pages`;
                        a test keeps all equal, and another runs every example.
                        The running service's CapabilityStatement (`GET /fhir/metadata`) names
                        each, too. Roles and rules: [integrators.md](integrators.md); the codes
                        of errors: [problems.md](problems.md). Every operation may be answered
                        `RX-1001` to `RX-1004`, `RX-1029`, `RX-1400` to `RX-1406` and `RX-900x`
                        besides those named.

                        In an example `$yifang` is the service's address and `$token` a token of
                        the client that is named. `@TASK@` is the id of a prescription's Task,
                        `@CODE@` its pick-up code, `@TOKEN@` the claim-token of `$claim`, `@NOW@`
                        a moment with its offset, `@NUMBER@` a number of the caller's own; other
                        ids stand in the same way.

                        | call | what it does |
                        |---|---|
                        """);
        List<JsonNode> definitions = definitions();
        for (JsonNode definition : definitions) {
            String code = definition.path("code").asText();
            page.append("| [`$")
                    .append(code)
                    .append("`](#")
                    .append(code)
                    .append(") | ")
                    .append(cell(definition.path("description").asText()))
                    .append("<br>")
                    .append(cell(chinese(definition)))
                    .append(" |\n");
        }
        page.append(
                """

                FHIR's own: `$validate` on every type, `Measure/$evaluate-measure`,
                `$export` (Bulk Data 2), and over our terminology `ValueSet/$expand`,
                `CodeSystem/$lookup`, `CodeSystem/$validate-code`,
                `ValueSet/$validate-code`, `ConceptMap/$translate`
                ([integrators.md](integrators.md#codes)).
                """);
        JsonNode examples = JSON.readTree(Files.readString(EXAMPLES));
        for (JsonNode definition : definitions) {
            section(page, definition, examples);
        }
        return page.toString();
    }

    static List<JsonNode> definitions() throws IOException {
        List<JsonNode> definitions = new ArrayList<>();
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            for (Path file : files.sorted().toList()) {
                definitions.add(JSON.readTree(Files.readString(file)));
            }
        }
        return definitions;
    }

    private static void section(StringBuilder page, JsonNode definition, JsonNode examples) {
        String code = definition.path("code").asText();
        page.append("\n## ").append(code).append("\n\n");
        page.append(String.join(", ", calls(definition))).append("\n\n");
        page.append(definition.path("description").asText()).append("<br>\n");
        page.append(chinese(definition)).append("\n\n");
        if (!definition.path("parameter").isEmpty()) {
            page.append("| | parameter | times | type | what |\n|---|---|---|---|---|\n");
            for (JsonNode parameter : definition.path("parameter")) {
                parameter(page, parameter, parameter.path("use").asText(), "");
            }
            page.append('\n');
        }
        for (JsonNode example : examples) {
            if (example.path("operation").asText().equals(code)) {
                example(page, example);
            }
        }
    }

    private static void parameter(StringBuilder page, JsonNode one, String use, String within) {
        String name = within + one.path("name").asText();
        page.append("| ")
                .append(use)
                .append(" | `")
                .append(name)
                .append("` | ")
                .append(one.path("min").asText())
                .append("..")
                .append(one.path("max").asText())
                .append(" | ")
                .append(one.path("type").asText("parts"))
                .append(" | ")
                .append(cell(one.path("documentation").asText()))
                .append(bound(one))
                .append(" |\n");
        one.path("part").forEach(part -> parameter(page, part, use, name + "."));
    }

    private static String bound(JsonNode parameter) {
        String valueSet = parameter.at("/binding/valueSet").asText();
        return valueSet.isEmpty()
                ? ""
                : " (ValueSet `" + valueSet.substring(valueSet.lastIndexOf('/') + 1) + "`)";
    }

    private static void example(StringBuilder page, JsonNode example) {
        String[] call = example.path("call").asText().split(" ", 2);
        page.append("Example, by `")
                .append(example.path("client").asText())
                .append("`, answered ")
                .append(example.path("answers").asText())
                .append(":\n\n```bash\ncurl \"$yifang")
                .append(call[1].replace("$", "\\$"))
                .append("\" -H \"Authorization: Bearer $token\"");
        if (example.has("accept")) {
            page.append(" -H 'Accept: ").append(example.path("accept").asText()).append('\'');
        }
        if (call[0].equals("POST")) {
            page.append(" -H 'Content-Type: ")
                    .append(example.path("type").asText("application/fhir+json"))
                    .append("' \\\n  --data-binary ");
            page.append(
                    example.has("file")
                            ? "@" + example.path("file").asText()
                            : "'" + example.path("body") + "'");
        }
        page.append("\n```\n");
        if (!example.path("errors").isEmpty()) {
            List<String> codes = new ArrayList<>();
            example.path("errors")
                    .forEach(one ->
                            codes.add(
                                    "[`"
                                            + one.asText()
                                            + "`](problems.md#"
                                            + one.asText().toLowerCase(java.util.Locale.ROOT)
                                            + ")"));
            page.append("\nErrors: ").append(String.join(", ", codes)).append(".\n");
        }
    }

    private static List<String> calls(JsonNode definition) {
        String method = definition.path("affectsState").asBoolean(true) ? "POST" : "GET, POST";
        String code = definition.path("code").asText();
        List<String> calls = new ArrayList<>();
        if (definition.path("system").asBoolean()) {
            calls.add("`" + method + " /fhir/$" + code + "`");
        }
        for (JsonNode type : definition.path("resource")) {
            if (definition.path("type").asBoolean()) {
                calls.add("`" + method + " /fhir/" + type.asText() + "/$" + code + "`");
            }
            if (definition.path("instance").asBoolean()) {
                calls.add("`" + method + " /fhir/" + type.asText() + "/{id}/$" + code + "`");
            }
        }
        return calls;
    }

    private static String chinese(JsonNode definition) {
        return definition
                .path("_description")
                .path("extension")
                .path(0)
                .path("extension")
                .path(1)
                .path("valueString")
                .asText();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    private OperationsPage() {}
}
