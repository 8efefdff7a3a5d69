package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.utilities.npm.NpmPackage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.App;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Our definitions as a package that an outside system's validator loads.
final class GuidePackageTest {
    @TempDir Path folder;

    private static byte[] made() {
        return GuidePackage.bytes(Conformance.load(), "0.1.0");
    }

    @Test
    void made_twice_it_has_the_same_bytes() throws IOException {
        Path file = folder.resolve("package.tgz");
        App.main(new String[] {"fhir-package", "--output", file.toString()});
        assertThat(Files.readAllBytes(file)).isEqualTo(made()).isEqualTo(made());
    }

    @Test
    void it_says_what_it_is_and_holds_every_definition() throws IOException {
        NpmPackage read = NpmPackage.fromPackage(new ByteArrayInputStream(made()));
        assertThat(read.name()).isEqualTo("org.yifang.fhir");
        assertThat(read.version()).isEqualTo("0.1.0");
        assertThat(read.fhirVersion()).isEqualTo("4.0.1");
        assertThat(read.canonical()).isEqualTo("https://yifang.org/fhir");
        assertThat(read.dependencies()).containsExactly("hl7.fhir.r4.core#4.0.1");
        assertThat(read.listResources("StructureDefinition", "CodeSystem", "ValueSet"))
                .hasSizeGreaterThan(130);
        try (var file =
                read.loadByCanonical("https://yifang.org/fhir/StructureDefinition/settlement")) {
            assertThat(new ObjectMapper().readTree(file).at("/snapshot/element")).isNotEmpty();
        }
    }

    /// A validator with nothing but the package and FHIR itself.
    @Test
    void the_example_prescription_is_validated_with_it() throws Exception {
        NpmPackageValidationSupport support =
                new NpmPackageValidationSupport(FhirContext.forR4Cached());
        // It is looked for on the class path alone.
        Path classes = Path.of(GuidePackageTest.class.getResource("/").toURI());
        Path file = Files.write(classes.resolve("of-a-test.tgz"), made());
        try {
            support.loadPackageFromClasspath("classpath:of-a-test.tgz");
        } finally {
            Files.delete(file);
        }
        HapiValidator validator = new HapiValidator(support);
        String example =
                new String(Conformance.example("prescription-reviewed"), StandardCharsets.UTF_8);
        assertThat(validator.errors(example)).isEmpty();
        assertThat(example).contains("\"code\": \"western\"");
        String broken = example.replace("\"code\": \"western\"", "\"code\": \"eastern\"");
        assertThat(validator.errors(broken).toString()).contains("eastern");
    }
}
