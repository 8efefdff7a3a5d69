package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Fhir.Format;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.problem.Problem.Finding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// What the simulated hospitals send, and what the README sends, meets the published profiles.
class DocumentsAreValidTest {
    private static Validation validation;

    @BeforeAll
    static void start() {
        validation = Validation.start(Conformance.load());
    }

    @AfterAll
    static void stop() {
        validation.close();
    }

    @Test
    void every_document_of_the_county_meets_the_profile() {
        List<Visit> visits =
                DayPlan.of(1, 40, LocalDate.of(2026, 11, 21), Casebook.of(Products.shelf()));
        Instant now = Instant.parse("2026-11-21T01:02:03Z");
        for (Visit visit : visits) {
            String text = RxDocument.of(visit, "H42128100001-1", now, now).encode();
            assertThat(findings(text)).as(text).isEmpty();
        }
    }

    @Test
    void the_prescription_of_the_readme_meets_the_profile() throws IOException {
        String text =
                Files.readString(Path.of("docs/examples/prescription.json"))
                        .replace("@NUMBER@", "H42128100001-1")
                        .replace("@NOW@", "2026-11-21T01:02:03Z")
                        .replace("@END@", "2026-11-21T23:59:59Z");
        assertThat(findings(text)).isEmpty();
    }

    private static List<Finding> findings(String text) {
        return validation.validate(
                text.getBytes(UTF_8), Format.JSON, Validation.PRESCRIPTION_DOCUMENT);
    }
}
