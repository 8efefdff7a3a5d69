package org.yifang.fhir.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Validation on the pool: what it finds in both formats, under load, and when it is full.
@Alone
final class ValidationTest {
    private static Conformance conformance;
    private static Validation validation;
    private static byte[] prescription;

    @BeforeAll
    static void start() throws IOException {
        conformance = Conformance.load();
        validation = Validation.start(conformance);
        prescription =
                Files.readAllBytes(Path.of("fhir-profiles/examples/valid/prescription.json"));
    }

    @AfterAll
    static void stop() {
        validation.close();
    }

    private static List<Finding> asPrescription(String text, Format format) {
        return validation.validate(
                text.getBytes(StandardCharsets.UTF_8), format, Validation.PRESCRIPTION_DOCUMENT);
    }

    private static String prescriptionWith(String old, String other) {
        String text = new String(prescription, StandardCharsets.UTF_8);
        assertThat(text).contains(old);
        return text.replace(old, other);
    }

    @Test
    void a_prescription_in_xml_is_judged_as_in_json() {
        byte[] xml = Fhir.convert(prescription, Format.JSON, Format.XML);

        assertThat(validation.validate(xml, Format.XML, Validation.PRESCRIPTION_DOCUMENT))
                .isEmpty();
        assertThat(
                        asPrescription(
                                new String(xml, StandardCharsets.UTF_8)
                                        .replace("<birthDate value=\"1958-09-21\"/>", ""),
                                Format.XML))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(ProblemCode.PROFILE_BROKEN);
                    assertThat(finding.expression()).isEqualTo("Bundle.entry[1].resource");
                    assertThat(finding.detail()).contains("birthDate");
                    assertThat(finding.warning()).isFalse();
                });
    }

    @Test
    void warming_up_ends_and_leaves_the_workers_free() {
        validation.warmUp().await();

        assertThat(asPrescription(prescriptionWith("陈秀英", "陈秀兰"), Format.JSON)).isEmpty();
    }

    @Test
    void all_faults_are_told_at_once() {
        String text =
                prescriptionWith("\"gender\": \"female\"", "\"gender\": \"frau\"")
                        .replace("\"intent\": \"order\"", "\"intent\": \"plan\"");

        assertThat(asPrescription(text, Format.JSON))
                .extracting(Finding::expression)
                .contains(
                        "Bundle.entry[1].resource.gender",
                        "Bundle.entry[6].resource.intent",
                        "Bundle.entry[7].resource.intent");
    }

    @Test
    void codes_of_systems_that_are_not_loaded_make_no_noise() {
        String text = prescriptionWith("I10.x00x002", "Z99.x99x999").replace("57833-6", "1-1");

        assertThat(asPrescription(text, Format.JSON)).isEmpty();
    }

    @Test
    void what_is_no_json_or_no_resource_is_told_as_such() {
        assertThat(asPrescription("{\"resourceType\": \"Bund", Format.JSON))
                .isNotEmpty()
                .allMatch(finding -> finding.code() == ProblemCode.NOT_FHIR);
        assertThat(asPrescription("{\"resourceType\": \"Rezept\"}", Format.JSON))
                .isNotEmpty()
                .allMatch(finding -> finding.code() == ProblemCode.NOT_FHIR);
        assertThat(asPrescription("<Bundle xmlns=\"http://hl7.org/fhir\">", Format.XML))
                .isNotEmpty()
                .allMatch(finding -> finding.code() == ProblemCode.NOT_FHIR);
    }

    @Test
    void an_external_entity_of_xml_is_not_read() {
        String text =
                """
                <?xml version="1.0"?>
                <!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
                <Patient xmlns="http://hl7.org/fhir"><gender value="&secret;"/></Patient>
                """;

        assertThat(validation.validate(text.getBytes(StandardCharsets.UTF_8), Format.XML, null))
                .isNotEmpty()
                .allMatch(finding -> finding.code() == ProblemCode.NOT_FHIR);
    }

    @Test
    void any_other_type_is_held_against_plain_r4() {
        String slot = "{\"resourceType\":\"Slot\",\"status\":\"free\"}";

        assertThat(validation.validate(slot.getBytes(StandardCharsets.UTF_8), Format.JSON, null))
                .extracting(Finding::detail)
                .anyMatch(detail -> detail.contains("Slot.schedule"))
                .anyMatch(detail -> detail.contains("Slot.start"));
    }

    @Test
    void a_profile_that_nobody_published_is_refused() {
        assertThatThrownBy(() ->
                        validation.validate(prescription, Format.JSON, "https://example.org/none"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.code())
                                        .isEqualTo(ProblemCode.PARAMETER_UNREADABLE));
    }

    @Test
    void many_at_once_are_judged_alike() {
        byte[] wrong =
                prescriptionWith("\"gender\": \"female\"", "\"gender\": \"frau\"")
                        .getBytes(StandardCharsets.UTF_8);
        Checkers checkers = new Checkers(conformance);
        List<Finding> expected =
                checkers.check(wrong, Format.JSON, Validation.PRESCRIPTION_DOCUMENT);
        List<Future<List<Finding>>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] body = i % 2 == 0 ? prescription : wrong;
            answers.add(
                    validation.submit(() ->
                            checkers.check(body, Format.JSON, Validation.PRESCRIPTION_DOCUMENT)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).await()).isEqualTo(i % 2 == 0 ? List.of() : expected);
        }
    }

    @Test
    void a_full_pool_says_so_at_once_and_recovers() {
        CountDownLatch open = new CountDownLatch(1);
        List<Future<Boolean>> accepted = new ArrayList<>();
        try {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 10_000; i++) {
                                    accepted.add(validation.submit(() -> waitFor(open)));
                                }
                            })
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.BUSY));
        } finally {
            open.countDown();
        }
        assertThat(accepted).hasSizeLessThan(1_000).allMatch(one -> one.await());
        assertThat(asPrescription(prescriptionWith("陈秀英", "陈秀兰"), Format.JSON)).isEmpty();
    }

    private static boolean waitFor(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Measured alone on one thread, warm; the figure is printed, and generous for busy machines.
    @Test
    @Tag("bench")
    void a_prescription_takes_at_most_six_milliseconds() {
        Checkers checkers = new Checkers(conformance);
        for (int i = 0; i < 3_000; i++) {
            checkers.check(prescription, Format.JSON, Validation.PRESCRIPTION_DOCUMENT);
        }
        int rounds = 1_000;
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            checkers.check(prescription, Format.JSON, Validation.PRESCRIPTION_DOCUMENT);
        }
        double milliseconds = (System.nanoTime() - start) / 1e6 / rounds;
        System.out.printf("validation: %.2f ms per prescription%n", milliseconds);
        assertThat(milliseconds).isLessThan(6);
    }
}
