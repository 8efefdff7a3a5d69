package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whatever the service or its definitions name is defined somewhere: by us and served, or by FHIR.
final class PublishedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAMED =
            Pattern.compile("https://yifang\\.org/fhir/(?!sid/)[A-Z][A-Za-z]+/[a-z][a-z0-9-]*");
    private static final Pattern WRITTEN =
            Pattern.compile("(?:SYSTEMS \\+ |\\.extension\\()" + "\\s*\"([a-z-]+)\"");

    private final Conformance conformance = Conformance.load();

    private Set<String> served() {
        Set<String> served = new HashSet<>();
        conformance.all().forEach(entry -> served.add(entry.url()));
        return served;
    }

    @Test
    void every_definition_that_ours_refer_to_is_served() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Conformance.Entry entry : conformance.all()) {
            values(JSON.readTree(entry.json()), missing);
        }
        missing.removeAll(served());
        assertThat(missing).isEmpty();
    }

    private static void values(JsonNode node, Set<String> named) {
        if (node.isTextual()) {
            Matcher found = NAMED.matcher(node.asText());
            while (found.find()) {
                named.add(found.group());
            }
        }
        node.forEach(one -> values(one, named));
    }

    /// A system or an extension that is written into answers, as the sources name it.
    @Test
    void every_code_system_and_extension_that_the_code_writes_is_served() throws IOException {
        Set<String> served = served();
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                Matcher named = WRITTEN.matcher(Files.readString(file));
                while (named.find()) {
                    String what = named.group();
                    String name = named.group(1);
                    boolean system = what.startsWith("SYSTEMS");
                    boolean extension = what.contains(".extension(");
                    String url =
                            Conformance.ROOT
                                    + (system ? "/CodeSystem/" : "/StructureDefinition/")
                                    + name;
                    boolean isSid = Files.exists(named(name));
                    if ((system && !isSid || extension) && !served.contains(url)) {
                        missing.add(file.getFileName() + " " + url);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static Path named(String sid) {
        return Path.of("fhir-profiles/terminology/NamingSystem-" + sid + ".json");
    }

    @Test
    void every_structure_definition_is_served_with_its_snapshot() throws IOException {
        for (Conformance.Entry entry : conformance.ofType("StructureDefinition").toList()) {
            JsonNode sent = JSON.readTree(entry.sent());
            assertThat(sent.at("/snapshot/element")).as(entry.id()).isNotEmpty();
            assertThat(sent.at("/differential/element")).as(entry.id()).isNotEmpty();
        }
    }

    /// What the CapabilityStatement names of FHIR itself stands in FHIR R4, with the same kind.
    @Test
    void every_definition_that_the_statement_names_exists() throws IOException {
        JsonNode statement =
                new Client(TestService.shared(), "hospital-1").get("/fhir/metadata").body();
        Map<String, String> fhir = searchParametersOfR4();
        Set<String> served = served();
        List<String> wrong = new ArrayList<>();
        for (JsonNode resource : statement.at("/rest/0/resource")) {
            String type = resource.path("type").asText();
            for (JsonNode parameter : resource.path("searchParam")) {
                String url = parameter.path("definition").asText();
                String name = parameter.path("name").asText();
                String kind = fhir.get(url + ' ' + (name.startsWith("_") ? "Resource" : type));
                if (!served.contains(url) && !parameter.path("type").asText().equals(kind)) {
                    wrong.add(type + ' ' + name + ' ' + url);
                }
            }
            for (JsonNode operation : resource.path("operation")) {
                operation(operation.path("definition").asText(), served, wrong);
            }
        }
        for (JsonNode operation : statement.at("/rest/0/operation")) {
            operation(operation.path("definition").asText(), served, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private static void operation(String url, Set<String> served, List<String> wrong) {
        Set<String> known =
                Set.of(
                        "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure",
                        "http://hl7.org/fhir/OperationDefinition/Resource-validate",
                        "http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup",
                        "http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code",
                        "http://hl7.org/fhir/OperationDefinition/ValueSet-expand",
                        "http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code",
                        "http://hl7.org/fhir/OperationDefinition/ConceptMap-translate",
                        "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export");
        if (!served.contains(url) && !known.contains(url)) {
            wrong.add(url);
        }
    }

    /// The kind of each parameter, by its url and each of its types.
    private static Map<String, String> searchParametersOfR4() throws IOException {
        Map<String, String> kinds = new HashMap<>();
        try (InputStream file =
                PublishedTest.class.getResourceAsStream(
                        "/org/hl7/fhir/r4/model/sp/search-parameters.json")) {
            for (JsonNode entry : JSON.readTree(Objects.requireNonNull(file)).path("entry")) {
                JsonNode parameter = entry.path("resource");
                for (JsonNode base : parameter.path("base")) {
                    kinds.put(
                            parameter.path("url").asText() + ' ' + base.asText(),
                            parameter.path("type").asText());
                }
            }
        }
        return kinds;
    }

    @Test
    void what_refers_to_a_type_is_told_for_revinclude() {
        JsonNode statement =
                new Client(TestService.shared(), "hospital-1").get("/fhir/metadata").body();
        List<String> told = new ArrayList<>();
        for (JsonNode resource : statement.at("/rest/0/resource")) {
            if (resource.path("type").asText().equals("Patient")) {
                resource.path("searchRevInclude").forEach(one -> told.add(one.asText()));
            }
        }
        assertThat(told).contains("MedicationRequest:patient", "Task:patient");
    }
}
