package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reading and writing resources with the one context.
final class FhirTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_document_survives_the_way_through_xml_and_back() throws IOException {
        byte[] json = Files.readAllBytes(Path.of("fhir-profiles/examples/valid/prescription.json"));

        byte[] back =
                Fhir.convert(Fhir.convert(json, Format.JSON, Format.XML), Format.XML, Format.JSON);

        Bundle before = Fhir.parse(Bundle.class, json, Format.JSON);
        Bundle after = Fhir.parse(Bundle.class, back, Format.JSON);
        assertThat(after.equalsDeep(before)).isTrue();
        // An id made of the fullUrl would be a change of what was signed.
        assertThat(new String(back, StandardCharsets.UTF_8)).doesNotContain("\"id\"");
    }

    @Test
    void nothing_is_converted_from_a_format_to_itself() {
        byte[] body = bytes("{ \"resourceType\" : \"Patient\" }");

        assertThat(Fhir.convert(body, Format.JSON, Format.JSON)).isSameAs(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "7", "{}", "{\"resourceType\":\"Rezept\"}", "<x/>", "{"})
    void what_is_no_resource_is_refused(String text) {
        assertThatThrownBy(() -> Fhir.parse(bytes(text), Format.JSON))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FHIR));
    }

    @Test
    void a_resource_of_another_type_is_refused_by_name() {
        assertThatThrownBy(() ->
                        Fhir.parse(
                                Patient.class, bytes("{\"resourceType\":\"Slot\"}"), Format.JSON))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("`Slot`");
    }
}
