package org.yifang.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Writes `docs/operations.md`, the list of all operations, from their OperationDefinitions.
public final class OperationsPage {
    public static final Path FILE = Path.of("docs/operations.md");

    private static final Path DEFINITIONS = Path.of("fhir-profiles/operations");

    public static void main(String[] none) throws IOException {
        Files.writeString(FILE, text());
    }

    public static String text() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # All operations

                        Written from `fhir-profiles/operations/` by `mvn test-compile \
                        exec:exec@pages`; a test
                        keeps both equal. The running service's CapabilityStatement (`GET \
                        /fhir/metadata`) names each.
                        Roles and rules: [integrators.md](integrators.md). A parameter marked * \
                        is required.

                        | call | what it does | in | out |
                        |---|---|---|---|
                        """);
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            for (Path file : files.sorted().toList()) {
                JsonNode definition = new ObjectMapper().readTree(Files.readString(file));
                page.append("| ")
                        .append(String.join("<br>", calls(definition)))
                        .append(" | ")
                        .append(cell(definition.path("description").asText()))
                        .append("<br>")
                        .append(cell(chinese(definition)))
                        .append(" | ")
                        .append(parameters(definition, "in"))
                        .append(" | ")
                        .append(parameters(definition, "out"))
                        .append(" |\n");
            }
        }
        return page.toString();
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

    private static String parameters(JsonNode definition, String use) {
        List<String> all =
                StreamSupport.stream(definition.path("parameter").spliterator(), false)
                        .filter(parameter -> use.equals(parameter.path("use").asText()))
                        .map(OperationsPage::parameter)
                        .toList();
        return all.isEmpty() ? "–" : String.join(", ", all);
    }

    private static String parameter(JsonNode parameter) {
        return "`"
                + parameter.path("name").asText()
                + "`"
                + (parameter.path("min").asInt() > 0 ? "*" : "")
                + ("*".equals(parameter.path("max").asText()) ? " ×n" : "");
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
