package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Story.Rx;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Who holds the slip and knows four characters of the certificate gets in: to that prescription,
/// and nowhere else.
class SlipTest {
    /// Of the patient of [Story].
    private static final String LAST_FOUR = "0020";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);

    private static String qr(Rx rx) {
        for (JsonNode output : rx.task().path("output")) {
            if (output.at("/type/coding/0/code").asText().equals("pickup-token")) {
                return output.path("valueString").asText();
            }
        }
        throw new IllegalStateException("no pickup-token");
    }

    /// The token that whoever holds the slip of a prescription gets.
    static String tokenOf(TestService at, Rx rx) throws IOException, InterruptedException {
        return Client.JSON
                .readTree(open(at, qr(rx), LAST_FOUR).body())
                .path("access_token")
                .asText();
    }

    private static HttpResponse<String> open(TestService at, String token, String lastFour)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(at.url() + "/auth/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "grant_type=urn:yifang:pickup&pickup_token="
                                                + java.net.URLEncoder.encode(
                                                        token,
                                                        java.nio.charset.StandardCharsets.UTF_8)
                                                + "&last_four="
                                                + lastFour))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int status(String bearer, String path) throws IOException, InterruptedException {
        return call(bearer, path).statusCode();
    }

    private int compare(String bearer, Rx rx) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(
                                        URI.create(service.url() + rx.path() + "/$compare-prices"))
                                .header("Authorization", "Bearer " + bearer)
                                .header("Content-Type", "application/fhir+json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"resourceType\":\"Parameters\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private HttpResponse<String> call(String bearer, String path)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + bearer)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_slip_opens_its_prescription_and_no_other() throws Exception {
        Rx mine = story.prescribed();
        Rx other = story.prescribed();
        HttpResponse<String> opened = open(service, "https://x.example/my#" + qr(mine), LAST_FOUR);
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
        String bearer = Client.JSON.readTree(opened.body()).path("access_token").asText();
        JsonNode task = Client.JSON.readTree(call(bearer, mine.path()).body());
        assertThat(task.path("id").asText()).isEqualTo(mine.id());
        assertThat(status(bearer, other.path())).isEqualTo(404);
        assertThat(compare(bearer, other)).isEqualTo(404);
        assertThat(compare(bearer, mine)).isEqualTo(200);
        JsonNode found = Client.JSON.readTree(call(bearer, "/fhir/Task?code=prescription").body());
        assertThat(found.path("total").asInt()).isEqualTo(1);
        JsonNode lines = Client.JSON.readTree(call(bearer, "/fhir/MedicationRequest").body());
        assertThat(lines.path("total").asInt()).isEqualTo(2);
        assertThat(
                        Client.JSON
                                .readTree(call(bearer, "/fhir/AuditEvent").body())
                                .path("total")
                                .asInt())
                .isZero();
        HttpResponse<String> looked =
                call(
                        bearer,
                        task.at("/for/reference").asText().isEmpty()
                                ? "/fhir/Patient"
                                : "/fhir/" + task.at("/for/reference").asText() + "/$audit-trail");
        assertThat(looked.statusCode()).as(looked.body()).isEqualTo(200);
        assertThat(looked.body()).doesNotContain("Task/" + other.id());
    }

    @Test
    void a_slip_proves_no_event_of_another_prescription() throws Exception {
        Rx mine = story.prescribed();
        Rx other = story.prescribed();
        String bearer = tokenOf(service, mine);
        String ofMine = "/fhir/AuditEvent/" + event(mine) + "/$proof";
        // In the log a second later at the most.
        await().untilAsserted(() -> assertThat(status(bearer, ofMine)).isEqualTo(200));
        String ofOther = "/fhir/AuditEvent/" + event(other) + "/$proof";
        assertThat(story.patient().get(ofOther).status()).isEqualTo(200);
        assertThat(status(bearer, ofOther)).isEqualTo(404);
        assertThat(status(bearer, "/fhir/AuditEvent/" + event(other))).isEqualTo(404);
    }

    /// The newest event of a prescription.
    private String event(Rx rx) {
        return new Client(service, "auditor-1")
                .get("/fhir/AuditEvent?entity=Task/" + rx.id() + "&_count=1")
                .body()
                .at("/entry/0/resource/id")
                .asText();
    }

    @Test
    void five_wrong_tries_end_the_hour_and_twenty_the_slip() throws Exception {
        try (TestService own = TestService.own(java.util.Map.of())) {
            Story there = new Story(own);
            String token = qr(there.prescribed());
            assertThat(open(own, token + "x", LAST_FOUR).statusCode()).isEqualTo(400);
            for (int hour = 0; hour < 4; hour++) {
                for (int i = 0; i < 5; i++) {
                    assertThat(open(own, token, "999" + i).statusCode()).isEqualTo(400);
                }
                int then = open(own, token, LAST_FOUR).statusCode();
                assertThat(then).isEqualTo(hour < 3 ? 429 : 400);
                own.clock().forward(Duration.ofHours(1));
            }
            HttpResponse<String> over = open(own, token, LAST_FOUR);
            assertThat(over.statusCode()).isEqualTo(400);
            assertThat(over.body()).contains("invalid_grant", "prints another");
            assertThat(open(own, qr(there.prescribed()), "00x0").statusCode()).isEqualTo(400);
        }
    }
}
