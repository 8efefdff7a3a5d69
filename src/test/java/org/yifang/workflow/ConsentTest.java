package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;

/// What a patient says of the circulation of prescriptions, and what follows at once.
class ConsentTest {
    private static TestService service;
    private static Story story;

    @BeforeAll
    static void start() {
        service = TestService.own(Map.of());
        story = new Story(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String consent(String type) {
        return "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"coding\":[{"
                + "\"system\":\"http://terminology.hl7.org/CodeSystem/consentscope\","
                + "\"code\":\"patient-privacy\"}]},\"category\":[{\"coding\":[{\"system\":"
                + "\"https://yifang.org/fhir/CodeSystem/consent\",\"code\":\"circulation\"}]}],"
                + "\"provision\":{\"type\":\""
                + type
                + "\"}}";
    }

    private static Reply put(Client by, String id, String version, String body) {
        return Client.send(
                by.request("/fhir/Consent/" + id)
                        .header("Content-Type", "application/fhir+json")
                        .header("If-Match", "W/\"" + version + "\"")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void a_denied_circulation_holds_what_nobody_has_claimed_until_it_is_permitted()
            throws Exception {
        Rx waiting = story.prescribed();
        Rx held = story.prescribed();
        String token = story.claimed(story.pharmacy, held);
        Client patient = story.patient();
        assertThat(basis(waiting)).isEqualTo("statutory-duty");

        Reply denied = patient.post("/fhir/Consent", consent("deny"));

        assertThat(denied.status()).as(denied.raw().body()).isEqualTo(201);
        assertThat(denied.raw().headers().firstValue("ETag")).hasValue("W/\"1\"");
        String id = denied.body().path("id").asText();
        assertThat(patient.post("/fhir/Consent", consent("deny")).status()).isEqualTo(200);
        assertThat(patient.post("/fhir/Consent", consent("permit")).code()).isEqualTo("RX-1409");
        assertThat(story.state(waiting)).isEqualTo("on-hold/suspended");
        assertThat(story.claim(story.otherPharmacy, waiting).code()).isEqualTo("RX-2007");
        assertThat(story.hospital.call(waiting.path() + "/$resume", reason("x")).code())
                .isEqualTo("RX-2007");
        // What is at a counter already is handed out.
        assertThat(story.state(held)).isEqualTo("in-progress/claimed");
        story.pharmacy.call(held.path() + "/$release", string("claim-token", token));
        assertThat(story.claim(story.pharmacy, held).code()).isEqualTo("RX-2007");
        Reply refused = story.submit(story.document());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("RX-2130");
        assertThat(story.hospital.get("/fhir/Consent/" + id).status()).isEqualTo(200);
        assertThat(story.pharmacy.get("/fhir/Consent/" + id).status()).isEqualTo(403);
        assertThat(new Client(service, "hospital-2").get("/fhir/Consent/" + id).status())
                .isEqualTo(404);

        assertThat(put(patient, id, "7", consent("permit")).status()).isEqualTo(412);
        Reply permitted = put(patient, id, "1", consent("permit"));

        assertThat(permitted.status()).as(permitted.raw().body()).isEqualTo(200);
        assertThat(story.state(waiting)).isEqualTo("ready/awaiting-claim");
        assertThat(story.claim(story.otherPharmacy, waiting).status()).isEqualTo(200);
        Rx by = story.prescribed();
        assertThat(basis(by)).isEqualTo("consent");
        assertThat(basis(waiting))
                .as("it keeps what it was shared for")
                .isEqualTo("statutory-duty");
        assertThat(
                        story.count(
                                "SELECT count(*) FROM prescription WHERE sharing_basis = 'consent'"
                                        + " AND id = ?::uuid",
                                by.id()))
                .isOne();
        assertThat(patient.get("/fhir/Consent/" + id + "/_history").body().path("total").asInt())
                .isEqualTo(2);
        assertThat(patient.get("/fhir/Consent/" + id + "/_history/1").raw().body())
                .contains("\"deny\"");
    }

    /// Which hospitals a person has spoken to is nobody's business who found a slip.
    @Test
    void who_shows_a_slip_reads_no_consent() throws Exception {
        Rx rx = story.prescribed();
        Reply made = story.patient().post("/fhir/Consent", consent("permit"));
        assertThat(made.status()).isBetween(200, 201);
        String id = made.body().path("id").asText();
        String slip = SlipTest.tokenOf(service, rx);
        assertThat(read(slip, rx.path()).status()).isEqualTo(200);
        assertThat(read(slip, "/fhir/Consent").body().path("total").asInt()).isZero();
        assertThat(read(slip, "/fhir/Consent/" + id).status()).isEqualTo(404);
        assertThat(read(slip, "/fhir/Consent/" + id + "/_history").status()).isEqualTo(404);
        assertThat(story.patient().get("/fhir/Consent/" + id).status()).isEqualTo(200);
    }

    private static Reply read(String token, String path) {
        return Client.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .GET());
    }

    /// Why a prescription is shared, as its pharmacies, its hospital and its patient read it.
    private static String basis(Rx rx) {
        Reply task = story.hospital.get(rx.path());
        for (JsonNode one : task.body().path("input")) {
            if (one.at("/type/coding/0/code").asText().equals("sharing-basis")) {
                return one.path("valueCode").asText();
            }
        }
        throw new AssertionError(task.raw().body());
    }

    @Test
    void a_permission_ended_by_its_status_is_not_taken_for_one_that_holds() {
        String ended = consent("permit").replace("\"active\"", "\"inactive\"");
        Reply refused = story.patient().post("/fhir/Consent", ended);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.raw().body()).contains("Consent.status", "deny");
    }

    @Test
    void a_hospital_reads_a_patient_as_its_own_documents_name_the_person() {
        Client second = new Client(service, "hospital-2");
        ObjectNode theirs = story.document();
        String own = Story.resource(theirs, "Patient").at("/name/0/text").asText();
        Rx rx = story.prescribed(theirs);
        String patient = rx.task().at("/for/reference").asText();
        ObjectNode other = story.document();
        ((ObjectNode) Story.resource(other, "Patient").at("/name/0")).put("text", "另名者");
        String text =
                other.toString()
                        .replace("H42128100001-", "H42128100002-")
                        .replace("\"H42128100001\"", "\"H42128100002\"");
        Reply submitted = second.post("/fhir/$submit-prescription", text);
        assertThat(submitted.status()).as(submitted.raw().body()).isEqualTo(201);

        assertThat(story.hospital.get("/fhir/" + patient).body().at("/name/0/text").asText())
                .isEqualTo(own);
        assertThat(second.get("/fhir/" + patient).body().at("/name/0/text").asText())
                .isEqualTo("另名者");
    }
}
