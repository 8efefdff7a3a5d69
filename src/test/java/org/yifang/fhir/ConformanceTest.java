package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.yifang.fhir.Fhir.Format;
import org.yifang.fhir.validate.Checkers;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What is published in `fhir-profiles` is whole, found, and the same as the code.
final class ConformanceTest {
    private static final Path FOLDER = Path.of("fhir-profiles");

    private final Conformance conformance = Conformance.load();

    @Test
    void the_index_names_every_file() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            List<String> names =
                    files.filter(Files::isRegularFile)
                            .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
                            .filter(name -> !name.startsWith("examples/"))
                            .filter(name -> !name.startsWith("snapshots/"))
                            .filter(name -> name.endsWith(".json"))
                            .sorted()
                            .toList();
            assertThat(Files.readAllLines(FOLDER.resolve("index.txt"))).isEqualTo(names);
        }
    }

    @Test
    void every_resource_is_found_by_id_and_by_url_with_and_without_version() {
        assertThat(conformance.all())
                .allSatisfy(entry -> {
                    assertThat(conformance.byId(entry.type(), entry.id())).isSameAs(entry);
                    assertThat(conformance.byUrl(entry.type(), entry.url())).isSameAs(entry);
                    assertThat(conformance.byUrl(entry.type(), entry.url() + '|' + entry.version()))
                            .isSameAs(entry);
                    assertThat(conformance.byUrl(entry.type(), entry.url() + "|0.0.0")).isNull();
                });
    }

    @Test
    void every_resource_is_active_described_in_both_languages_and_lies_under_the_root()
            throws IOException {
        for (Conformance.Entry entry : conformance.all()) {
            JsonNode tree = new ObjectMapper().readTree(entry.json());
            boolean topic = entry.type().equals("Basic");
            assertThat(Conformance.text(tree, "status")).as(entry.url()).isEqualTo("active");
            assertThat(Conformance.text(tree, "description")).as(entry.url()).isNotBlank();
            assertThat((topic ? tree : tree.path("_description")).toString())
                    .as(entry.url())
                    .contains("zh-CN");
            if (!entry.type().equals("NamingSystem")) {
                assertThat(entry.version()).as(entry.url()).isNotBlank();
                assertThat(entry.url())
                        .isEqualTo(
                                Conformance.ROOT
                                        + (topic ? "/SubscriptionTopic/" : '/' + entry.type() + '/')
                                        + entry.id());
            }
        }
    }

    @Test
    void every_resource_is_valid_fhir_r4() {
        Checkers checkers = new Checkers(conformance);
        for (Conformance.Entry entry : conformance.all()) {
            if (entry.type().equals("StructureDefinition")) {
                continue; // Shown by the examples: a wrong one has no snapshot.
            }
            assertThat(checkers.check(entry.json(), Format.JSON, null))
                    .as(entry.url())
                    .filteredOn(finding -> !finding.warning())
                    .isEmpty();
        }
    }

    @Test
    void the_problem_codes_are_those_of_the_code() throws IOException {
        Conformance.Entry entry = Objects.requireNonNull(conformance.byId("CodeSystem", "problem"));
        JsonNode tree = new ObjectMapper().readTree(entry.json());
        List<String> published = new ArrayList<>();
        for (JsonNode concept : tree.path("concept")) {
            published.add(concept.path("code").asText());
            assertThat(concept.path("display").asText()).isNotBlank();
            assertThat(concept.path("designation").path(0).path("value").asText()).isNotBlank();
        }
        assertThat(published)
                .containsExactlyElementsOf(
                        Arrays.stream(ProblemCode.values()).map(ProblemCode::code).toList());
    }
}
