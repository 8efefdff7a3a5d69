package org.yifang.fhir.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.problem.Problem.Finding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Every example in `fhir-profiles/examples` is judged as its manifest says.
final class ProfileExamplesTest {
    private static final Path EXAMPLES = Path.of("fhir-profiles/examples");

    private static Checkers checkers;

    @BeforeAll
    static void read_the_definitions() {
        checkers = new Checkers(Conformance.load());
    }

    @TestFactory
    Stream<DynamicTest> valid_examples_have_no_finding() throws IOException {
        return manifest("valid")
                .map(example ->
                        dynamicTest(
                                example.path("file").asText(),
                                () -> assertThat(findings("valid", example)).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> invalid_examples_have_the_finding_they_name() throws IOException {
        return manifest("invalid")
                .map(example ->
                        dynamicTest(
                                example.path("file").asText(),
                                () -> has_the_finding_it_names(example)));
    }

    private static void has_the_finding_it_names(JsonNode example) throws IOException {
        List<Finding> findings = findings("invalid", example);
        JsonNode expected = example.path("finding");
        assertThat(findings)
                .as("findings of %s", example)
                .anySatisfy(finding -> {
                    assertThat(finding.warning()).isFalse();
                    assertThat(finding.code().code()).isEqualTo(expected.path("code").asText());
                    assertThat(finding.expression())
                            .isEqualTo(expected.path("expression").asText());
                    assertThat(finding.detail()).contains(expected.path("detail").asText());
                });
    }

    private static List<Finding> findings(String folder, JsonNode example) throws IOException {
        String file = example.path("file").asText();
        String profile = example.path("profile").asText();
        return checkers.check(
                Files.readAllBytes(EXAMPLES.resolve(folder).resolve(file)),
                file.endsWith(".xml") ? Format.XML : Format.JSON,
                profile.isEmpty() ? null : profile);
    }

    private static Stream<JsonNode> manifest(String folder) throws IOException {
        Path manifest = EXAMPLES.resolve(folder).resolve("manifest.json");
        JsonNode examples = new ObjectMapper().readTree(Files.readString(manifest));
        List<String> listed =
                StreamSupport.stream(examples.spliterator(), false)
                        .map(example -> example.path("file").asText())
                        .toList();
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(folder))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("files beside %s", manifest)
                    .filteredOn(name -> !name.equals("manifest.json"))
                    .hasSameElementsAs(listed);
        }
        return StreamSupport.stream(examples.spliterator(), false);
    }
}
