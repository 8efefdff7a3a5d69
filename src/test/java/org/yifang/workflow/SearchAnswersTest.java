package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/// What a search answers beside its matches, what it chains to, and what of a resource is shown.
class SearchAnswersTest {
    private static TestService service;
    private static Story story;
    private static String task;
    private static String encounter;
    private static String requester;

    @BeforeAll
    static void open() {
        service = TestService.own(java.util.Map.of());
        story = new Story(service);
        ObjectNode document = story.document();
        Story.resource(document, "Patient")
                .putArray("telecom")
                .addObject()
                .put("system", "phone")
                .put("value", "+86 139-0715-2222");
        Reply made = story.submit(document);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        task = made.body().path("id").asText();
        JsonNode line = get("/fhir/MedicationRequest?_count=1").at("/entry/0/resource");
        encounter = line.at("/encounter/reference").asText();
        requester = line.at("/requester/reference").asText();
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static JsonNode get(String path) {
        Reply reply = story.hospital.get(path);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body();
    }

    private static int matches(String path) {
        int found = 0;
        for (JsonNode entry : get(path).path("entry")) {
            found += entry.at("/search/mode").asText().equals("match") ? 1 : 0;
        }
        return found;
    }

    private static List<String> included(String path) {
        List<String> types = new ArrayList<>();
        for (JsonNode entry : get(path).path("entry")) {
            if (entry.at("/search/mode").asText().equals("include")) {
                types.add(entry.at("/resource/resourceType").asText());
            }
        }
        return types;
    }

    private static JsonNode form(Client who, String type, String form) {
        Reply reply =
                Client.send(
                        who.request("/fhir/" + type + "/_search")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form)));
        return reply.body();
    }

    @Test
    void a_line_is_found_by_its_visit_and_its_prescriber_and_brings_them_along() {
        assertThat(matches("/fhir/MedicationRequest?encounter=" + encounter)).isEqualTo(2);
        assertThat(matches("/fhir/MedicationRequest?requester=" + requester)).isPositive();
        assertThat(matches("/fhir/MedicationRequest?requester=" + encounter)).isZero();
        assertThat(matches("/fhir/MedicationRequest?category=western&encounter=" + encounter))
                .isEqualTo(2);
        assertThat(
                        included(
                                "/fhir/MedicationRequest?encounter="
                                        + encounter
                                        + "&_include=MedicationRequest:encounter"
                                        + "&_include=MedicationRequest:requester"))
                .containsExactlyInAnyOrder("Encounter", "Practitioner");
        String id = encounter.substring(encounter.indexOf('/') + 1);
        assertThat(
                        included(
                                "/fhir/Encounter?_id="
                                        + id
                                        + "&_revinclude=MedicationRequest:encounter"))
                .containsExactly("MedicationRequest", "MedicationRequest");
        assertThat(matches("/fhir/MedicationRequest?encounter.status=in-progress")).isPositive();
        assertThat(matches("/fhir/MedicationRequest?encounter.status=planned")).isZero();
        assertThat(matches("/fhir/Condition?encounter=" + encounter)).isPositive();
        assertThat(matches("/fhir/Composition?encounter=" + encounter + "&date=ge2020"))
                .isEqualTo(1);
    }

    @Test
    void what_refers_to_a_resource_finds_it() {
        String number = get("/fhir/Task/" + task).at("/groupIdentifier/value").asText();
        String has = "/fhir/Encounter?_has:MedicationRequest:encounter:group-identifier=";
        assertThat(matches(has + number)).isEqualTo(1);
        assertThat(matches(has + "no-such-number")).isZero();
        assertThat(
                        matches(
                                "/fhir/Practitioner?_has:MedicationRequest:requester:status=active"
                                        + "&_id="
                                        + requester.substring(requester.indexOf('/') + 1)))
                .isEqualTo(1);
        // Another hospital's documents are not there for this one, in chains neither.
        Client other = new Client(service, "hospital-2");
        assertThat(other.get(has + number).body().path("entry")).isEmpty();
        Reply twice =
                story.hospital.get(
                        "/fhir/Patient?_has:Task:patient:_has:Provenance:target:agent=x");
        assertThat(twice.status()).isEqualTo(200);
        assertThat(twice.raw().body()).contains("RX-1404");
    }

    @Test
    void codes_of_a_value_set_are_asked_for_by_its_name() {
        String in = "/fhir/Task?business-status:in=https://yifang.org/fhir/ValueSet/";
        assertThat(matches(in + "prescription-status")).isPositive();
        assertThat(matches(in + "cancel-reason")).isZero();
        assertThat(story.hospital.get(in + "no-such").status()).isEqualTo(400);
    }

    @Test
    void includes_of_includes_are_refused() {
        Reply reply =
                story.hospital.get("/fhir/Task?_include:iterate=Task:patient&_include=Task:focus");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.raw().body()).contains("RX-1404", "只能走一步");
    }

    @Test
    void a_patient_is_found_by_birth_date_gender_and_telephone_in_a_form_alone() {
        String id = get("/fhir/Task/" + task).at("/for/reference").asText().substring(8);
        JsonNode patient = get("/fhir/Patient/" + id);
        String born = patient.path("birthDate").asText();
        assertThat(patient.at("/telecom/0/value").asText()).isEqualTo("+86 139-0715-2222");
        for (String form :
                List.of(
                        "birthdate=" + born,
                        "birthdate=eq" + born + "&gender=" + patient.path("gender").asText(),
                        "phone=13907152222",
                        "gender:not=unknown&_id=" + id)) {
            JsonNode found = form(story.hospital, "Patient", form);
            assertThat(found.at("/entry/0/resource/id").asText()).as(form).isEqualTo(id);
        }
        assertThat(form(story.hospital, "Patient", "birthdate=1901-01-01").path("total").asInt())
                .isZero();
        for (String query : List.of("birthdate=" + born, "phone=13907152222")) {
            assertThat(story.hospital.get("/fhir/Patient?" + query).status()).isEqualTo(400);
        }
        assertThat(form(story.hospital, "Patient", "birthdate=ge1900").toString())
                .contains("RX-1403", "完整日期");
        // What is masked is not to be found out by asking.
        Client auditor = new Client(service, "auditor-1");
        assertThat(form(auditor, "Patient", "birthdate=" + born + "&_id=" + id).toString())
                .contains("RX-1403");
    }

    @Test
    void a_hospital_finds_a_person_by_the_name_in_its_own_documents_and_by_no_other() {
        ObjectNode document = story.document();
        String own = "罗小满";
        ObjectNode patient = Story.resource(document, "Patient");
        patient.withArray("name").removeAll().addObject().put("text", own);
        patient.withArray("identifier")
                .removeAll()
                .addObject()
                .put("system", "urn:oid:2.16.156.10011.1.3")
                .put("value", "421281198703120020");
        patient.put("birthDate", "1987-03-12").put("gender", "female");
        Reply made = story.submit(document);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        assertThat(form(story.hospital, "Patient", "name=" + own).path("total").asInt())
                .isEqualTo(1);
        Client other = new Client(service, "hospital-2");
        assertThat(form(other, "Patient", "name=" + own).path("total").asInt()).isZero();
        JsonNode part = form(story.hospital, "Patient", "name=罗");
        assertThat(part.path("total").asInt()).isZero();
        assertThat(part.toString()).contains("RX-1404");
    }

    @Test
    void elements_keep_what_is_mandatory_and_never_reach_into_a_document() {
        JsonNode line =
                get("/fhir/MedicationRequest?encounter=" + encounter + "&_elements=authoredOn")
                        .at("/entry/0/resource");
        assertThat(line.fieldNames())
                .toIterable()
                .contains(
                        "id",
                        "meta",
                        "status",
                        "intent",
                        "subject",
                        "medicationCodeableConcept",
                        "authoredOn")
                .doesNotContain("dosageInstruction", "groupIdentifier", "encounter");
        assertThat(line.at("/meta/tag/0/code").asText()).isEqualTo("SUBSETTED");
        String bundle = get("/fhir/Task/" + task).at("/focus/reference").asText();
        JsonNode whole = get("/fhir/" + bundle);
        JsonNode part = get("/fhir/" + bundle + "?_elements=identifier,entry");
        assertThat(part.path("entry")).isEqualTo(whole.path("entry"));
        assertThat(part.path("type").asText()).isEqualTo("document");
        assertThat(part.has("timestamp")).isFalse();
        JsonNode summary = get("/fhir/Composition?_summary=true").at("/entry/0/resource");
        assertThat(summary.has("author")).isTrue();
        assertThat(summary.has("section")).isFalse();
        JsonNode text = get("/fhir/Composition?_summary=text").at("/entry/0/resource");
        assertThat(text.has("type")).isTrue();
        assertThat(text.has("custodian")).isFalse();
        Reply xml = story.hospital.get("/fhir/Task/" + task + "?_elements=owner&_format=xml");
        assertThat(xml.raw().body()).contains("SUBSETTED", "<status").doesNotContain("<authoredOn");
    }

    @Test
    void polling_ends() {
        JsonNode newest = get("/fhir/Task?_sort=-_lastUpdated&_count=1").at("/entry/0/resource");
        String last = newest.at("/meta/lastUpdated").asText().replace("+", "%2B");
        assertThat(matches("/fhir/Task?_lastUpdated=gt" + last + "&_sort=_lastUpdated")).isZero();
        assertThat(matches("/fhir/Task?_lastUpdated=ge" + last)).isPositive();
        assertThat(matches("/fhir/Task?_lastUpdated=" + last)).isPositive();
    }

    /// Without its milliseconds a stamp means a whole second to R4, and one of a whole minute would
    /// be no instant at all.
    @Test
    void stamps_are_told_to_the_millisecond_by_every_type() {
        for (String type :
                List.of("Medication", "Organization", "Location", "Practitioner", "Patient")) {
            JsonNode found = story.hospital.get("/fhir/" + type + "?_count=200").body();
            assertThat(found.path("entry")).as(type).isNotEmpty();
            assertThat(found.path("entry"))
                    .allSatisfy(entry ->
                            assertThat(entry.at("/resource/meta/lastUpdated").asText())
                                    .as(type)
                                    .matches(".*T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+08:00"));
        }
    }
}
