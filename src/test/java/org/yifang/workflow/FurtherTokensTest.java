package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// A hospital finds its prescriptions by the codes and numbers of its own system, which it sends
/// beside those that count here.
class FurtherTokensTest {
    private static final String SYSTEM = "https://his.example/sid/" + UUID.randomUUID();

    private static final String RX_LINE = "https://yifang.org/fhir/sid/rx-line";

    private static Story story;
    private static String group;

    @BeforeAll
    static void submit() {
        story = new Story(TestService.shared());
        ObjectNode document = story.document();
        ObjectNode line = Story.resource(document, "MedicationRequest");
        JsonNode coding = line.at("/medicationCodeableConcept/coding");
        add(coding, "code", "local-77");
        add(coding, "code", "with|bar");
        ObjectNode bare = ((ArrayNode) coding).addObject();
        bare.put("code", "bare-" + SYSTEM);
        add(line.withArray("identifier"), "value", "line-9");
        add(line.at("/category/0/coding"), "code", "x");
        add(Story.resource(document, "Encounter").withArray("identifier"), "value", "visit-9");
        Reply made = story.submit(document);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        group = made.body().at("/groupIdentifier/value").asText();
    }

    private static void add(JsonNode list, String name, String value) {
        ((ArrayNode) list).addObject().put("system", SYSTEM).put(name, value);
    }

    private static int found(String type, String name, String value) {
        String asked = URLEncoder.encode(value, StandardCharsets.UTF_8);
        String whole = "/fhir/%s?%s=%s&_total=accurate".formatted(type, name, asked);
        if (type.equals("MedicationRequest")) {
            whole += "&group-identifier=" + group;
        }
        Reply reply = story.hospital.get(whole);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body().path("total").asInt();
    }

    @Test
    void a_line_is_found_by_the_hospitals_own_code() {
        assertThat(found("MedicationRequest", "code", "local-77")).isOne();
        assertThat(found("MedicationRequest", "code", SYSTEM + "|local-77")).isOne();
        assertThat(found("MedicationRequest", "code", SYSTEM + "|")).isOne();
        assertThat(found("MedicationRequest", "code", "with\\|bar")).isOne();
        assertThat(found("MedicationRequest", "code", "|local-77")).isZero();
        assertThat(found("MedicationRequest", "code", "https://other.example|local-77")).isZero();
        assertThat(found("MedicationRequest", "code", "bare-" + SYSTEM)).isOne();
        assertThat(found("MedicationRequest", "code", "|bare-" + SYSTEM)).isOne();
        assertThat(found("MedicationRequest", "code:not", "local-77")).isOne();
        assertThat(found("MedicationRequest", "code:not", "no-such-code")).isEqualTo(2);
        assertThat(found("MedicationRequest", "category", SYSTEM + "|x")).isOne();
        assertThat(found("MedicationRequest", "category", "western")).isEqualTo(2);
    }

    @Test
    void a_line_and_a_visit_are_found_by_the_hospitals_own_numbers() {
        assertThat(found("MedicationRequest", "identifier", SYSTEM + "|line-9")).isOne();
        assertThat(found("MedicationRequest", "identifier", SYSTEM + "|visit-9")).isZero();
        assertThat(found("Encounter", "identifier", SYSTEM + "|visit-9")).isOne();
        assertThat(found("Encounter", "identifier", SYSTEM + "|line-9")).isZero();
    }

    @Test
    void a_line_that_has_only_the_hospitals_number_is_found_by_that_and_under_no_other_system() {
        ObjectNode document = story.document();
        ObjectNode line = Story.resource(document, "MedicationRequest");
        add(line.putArray("identifier"), "value", "only-1");
        Reply made = story.submit(document);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        String here = "&group-identifier=" + made.body().at("/groupIdentifier/value").asText();
        assertThat(total("identifier=only-1" + here)).isOne();
        assertThat(total("identifier=" + SYSTEM + "%7Conly-1" + here)).isOne();
        assertThat(total("identifier=" + RX_LINE + "%7Conly-1" + here)).isZero();
        assertThat(total("identifier:missing=true" + here)).isZero();
        assertThat(total("identifier:missing=false" + here)).isEqualTo(2);
        assertThat(total("code:missing=true" + here)).isZero();
    }

    private static int total(String query) {
        Reply reply = story.hospital.get("/fhir/MedicationRequest?_total=accurate&" + query);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body().path("total").asInt();
    }

    @Test
    void a_drug_is_found_by_its_atc_code() {
        JsonNode drug =
                story.hospital
                        .get("/fhir/Medication?code=http%3A%2F%2Fwww.whocc.no%2Fatc%7C&_count=1")
                        .body()
                        .at("/entry/0/resource/code/coding/1");
        assertThat(drug.path("system").asText()).isEqualTo("http://www.whocc.no/atc");
        String code = drug.path("code").asText();
        assertThat(found("Medication", "code", code)).isPositive();
        assertThat(found("Medication", "code", "http://www.whocc.no/atc|" + code)).isPositive();
        assertThat(found("Medication", "code", "|" + code)).isZero();
    }
}
