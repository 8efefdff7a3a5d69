package org.yifang.prescription.life;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.junit.jupiter.api.Test;
import org.yifang.prescription.paper.DocumentParts;

import java.io.IOException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

class ReasonTest {
    private static final String OWN = "https://yifang.org/fhir/CodeSystem/";

    /// The codes stand in two places; this holds them together.
    @Test
    void our_codes_are_those_of_the_published_systems() throws IOException {
        for (var system : Reason.OWN.entrySet()) {
            String path = "/fhir-profiles/terminology/CodeSystem-" + system.getKey() + ".json";
            Set<String> published = new HashSet<>();
            try (var in = Objects.requireNonNull(getClass().getResourceAsStream(path), path)) {
                DocumentParts.MAPPER
                        .readTree(in)
                        .path("concept")
                        .forEach(one -> published.add(one.path("code").asText()));
            }
            assertThat(system.getValue()).as(system.getKey()).isEqualTo(published);
        }
    }

    @Test
    void a_code_of_ours_is_preferred_to_another() {
        CodeableConcept both =
                new CodeableConcept()
                        .addCoding(new Coding("urn:his", "R17", null))
                        .addCoding(new Coding(OWN + "cancel-reason", "duplicate", null))
                        .setText("twice");
        assertThat(Reason.of(both, "cancel-reason"))
                .isEqualTo(new Reason(OWN + "cancel-reason", "duplicate", "twice"));
        assertThat(Reason.of(both, "take-back-reason"))
                .isEqualTo(new Reason("urn:his", "R17", "twice"));
    }

    @Test
    void a_code_that_ours_does_not_have_is_text() {
        CodeableConcept bare = new CodeableConcept().addCoding(new Coding(null, "R17", null));
        assertThat(Reason.of(bare, "take-back-reason")).isEqualTo(new Reason(null, null, "R17"));
        bare.setText("wrong pack");
        assertThat(Reason.of(bare, "take-back-reason"))
                .isEqualTo(new Reason(null, null, "wrong pack (R17)"));
    }

    @Test
    void nothing_said_is_no_reason() {
        assertThat(Reason.of(null, "cancel-reason").isEmpty()).isTrue();
        assertThat(Reason.of(new CodeableConcept().setText(" "), "cancel-reason").isEmpty())
                .isTrue();
    }
}
