package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// What a day leaves beside prescriptions, for somebody to alter.
final class Alterable {
    static void consent(Client patient) {
        String denied =
                """
                {"resourceType":"Consent","status":"active","provision":{"type":"deny"},"scope":
                {"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope",
                "code":"patient-privacy"}]},"category":[{"coding":[{"system":
                "https://yifang.org/fhir/CodeSystem/consent","code":"find-without-code"}]}]}
                """;
        Client.Reply given = patient.post("/fhir/Consent", denied);
        assertThat(given.status()).as(given.raw().body()).isEqualTo(201);
    }

    static void reportAndPlan(Client bureau, Instant now) throws IOException {
        Client.Reply told =
                bureau.get(
                        "/fhir/Measure/drug-price-change/$evaluate-measure?baselineStart=2025-01-01"
                                + "&baselineEnd=2025-01-31&periodStart=2025-02-01"
                                + "&periodEnd=2025-02-28&asOf=2025-06-01T00:00:00Z");
        assertThat(told.status()).as(told.raw().body()).isEqualTo(200);
        String plan =
                Files.readString(Path.of("docs/examples/price-plan.json"))
                        .replace("{\"name\": \"preview\", \"valueBoolean\": true},", "")
                        .replace("2026-01-01", "2024-01-01")
                        .replace("2026-12-31", "2024-12-31")
                        .replace("2027-01-01", day(now, 40))
                        .replace("2027-12-31", day(now, 140));
        Client.Reply planned = bureau.post("/fhir/Measure/drug-price-change/$register-plan", plan);
        assertThat(planned.status()).as(planned.raw().body()).isEqualTo(201);
    }

    private static String day(Instant now, int days) {
        return now.plus(Duration.ofDays(days)).toString().substring(0, 10);
    }

    private Alterable() {}
}
