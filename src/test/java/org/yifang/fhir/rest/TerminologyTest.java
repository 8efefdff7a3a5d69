package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.fhir.HapiValidator;
import org.yifang.workflow.Client;
import org.yifang.workflow.Client.Reply;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// FHIR's terminology operations over what the platform publishes.
final class TerminologyTest {
    private static final String SYSTEM = "https://yifang.org/fhir/CodeSystem/";
    private static final String VALUE_SET = "https://yifang.org/fhir/ValueSet/";

    private final Client client = new Client(TestService.shared(), "pharmacy-3");

    private static List<String> codes(Reply expanded) {
        List<String> codes = new ArrayList<>();
        expanded.body()
                .at("/expansion/contains")
                .forEach(one -> codes.add(one.path("code").asText()));
        return codes;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void a_value_set_is_expanded_whole_filtered_and_in_pages() {
        Reply whole = client.get("/fhir/ValueSet/$expand?url=" + VALUE_SET + "route");
        assertThat(whole.status()).as(whole.raw().body()).isEqualTo(200);
        assertThat(codes(whole)).contains("oral", "other").hasSize(20);
        assertThat(whole.body().at("/expansion/total").asInt()).isEqualTo(20);
        assertThat(whole.body().at("/expansion/contains/0/display").asText()).isEqualTo("口服");
        assertThat(new HapiValidator().errors(whole.body().toString())).isEmpty();

        Reply page =
                client.get("/fhir/ValueSet/$expand?url=" + VALUE_SET + "route&count=3&offset=18");
        assertThat(codes(page)).isEqualTo(codes(whole).subList(18, 20));
        assertThat(page.body().at("/expansion/total").asInt()).isEqualTo(20);

        Reply words = client.get("/fhir/ValueSet/route/$expand?filter=" + encoded("静脉"));
        assertThat(codes(words)).containsExactly("intravenous-injection", "intravenous-infusion");
        Reply english = client.get("/fhir/ValueSet/route/$expand?filter=ORAL&displayLanguage=en");
        assertThat(english.body().at("/expansion/contains/0/display").asText()).isEqualTo("Oral");
    }

    @Test
    void a_value_set_of_fhirs_codes_is_expanded_as_it_lists_them() {
        Reply reply = client.get("/fhir/ValueSet/substitution-allowed/$expand");
        assertThat(codes(reply)).containsExactly("G", "N");
    }

    @Test
    void what_cannot_be_expanded_is_refused() {
        assertThat(client.get("/fhir/ValueSet/$expand?url=http://nowhere/x").status())
                .isEqualTo(404);
        assertThat(client.get("/fhir/ValueSet/$expand").code()).isEqualTo("RX-1406");
        Reply many = client.get("/fhir/ValueSet/route/$expand?count=1001&offset=-1");
        assertThat(many.codes()).containsExactly("RX-1403", "RX-1403");
    }

    @Test
    void a_code_is_looked_up_with_its_properties() {
        Reply reply =
                client.get("/fhir/CodeSystem/$lookup?system=" + SYSTEM + "problem&code=RX-2004");
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.parameter("display").path("valueString").asText()).startsWith("您的领取已到期");
        assertThat(reply.raw().body()).contains("cause-en", "remedy-zh", "http-status");
        Reply one =
                client.post(
                        "/fhir/CodeSystem/$lookup",
                        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"coding\","
                                + "\"valueCoding\":{\"system\":\""
                                + SYSTEM
                                + "route\",\"code\":\"oral\"}},{\"name\":\"displayLanguage\","
                                + "\"valueCode\":\"en\"}]}");
        assertThat(one.parameter("display").path("valueString").asText()).isEqualTo("Oral");
        assertThat(
                        client.get("/fhir/CodeSystem/$lookup?system=" + SYSTEM + "route&code=no")
                                .status())
                .isEqualTo(404);
        assertThat(client.get("/fhir/CodeSystem/$lookup?system=http://loinc.org&code=1").status())
                .isEqualTo(404);
    }

    @Test
    void a_code_is_validated_in_its_system_and_in_a_value_set() {
        String where = "?url=" + SYSTEM + "route&code=";
        assertThat(result("/fhir/CodeSystem/$validate-code" + where + "oral")).isTrue();
        assertThat(result("/fhir/CodeSystem/$validate-code" + where + "orally")).isFalse();
        assertThat(result("/fhir/CodeSystem/route/$validate-code?code=oral&display=Oral")).isTrue();
        assertThat(result("/fhir/CodeSystem/route/$validate-code?code=oral&display=Nasal"))
                .isFalse();
        String set = "/fhir/ValueSet/$validate-code?url=" + VALUE_SET + "route&code=oral";
        assertThat(result(set)).isTrue();
        assertThat(result(set + "&system=" + SYSTEM + "route")).isTrue();
        assertThat(result(set + "&system=http://loinc.org")).isFalse();
    }

    private boolean result(String path) {
        Reply reply = client.get(path);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.parameter("result").path("valueBoolean").asBoolean();
    }

    @Test
    void a_word_of_a_hospital_system_is_translated() {
        Reply reply = client.get("/fhir/ConceptMap/his-route/$translate?code=" + encoded("静滴"));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        JsonNode concept = reply.parameter("match").path("part").path(1).path("valueCoding");
        assertThat(concept.path("code").asText()).isEqualTo("intravenous-infusion");
        assertThat(concept.path("system").asText()).isEqualTo(SYSTEM + "route");
        assertThat(result("/fhir/ConceptMap/his-route/$translate?code=PO")).isTrue();
        assertThat(result("/fhir/ConceptMap/his-route/$translate?code=nothing")).isFalse();
        assertThat(
                        result(
                                "/fhir/ConceptMap/$translate?url="
                                        + "https://yifang.org/fhir/ConceptMap/"
                                        + "his-dosage-form&system="
                                        + SYSTEM
                                        + "his-word&code="
                                        + encoded("胶囊")))
                .isTrue();
    }

    @Test
    void a_hospital_may_send_its_own_map_along() {
        String map =
                """
                {"resourceType": "Parameters", "parameter": [
                  {"name": "code", "valueCode": "W07"},
                  {"name": "system", "valueUri": "https://his.example/route"},
                  {"name": "conceptMap", "resource": {
                    "resourceType": "ConceptMap", "url": "https://his.example/map",
                    "status": "active", "group": [{
                      "source": "https://his.example/route",
                      "target": "https://yifang.org/fhir/CodeSystem/route",
                      "element": [{"code": "W07",
                        "target": [{"code": "oral", "equivalence": "equal"}]}]}]}}]}
                """;
        Reply reply = client.post("/fhir/ConceptMap/$translate", map);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.parameter("match").at("/part/1/valueCoding/code").asText())
                .isEqualTo("oral");
        assertThat(new HapiValidator().errors(reply.body().toString())).isEmpty();

        Reply other =
                client.post(
                        "/fhir/ConceptMap/$translate", map.replaceFirst("his.example/route", "x"));
        assertThat(other.parameter("result").path("valueBoolean").asBoolean()).isFalse();
        Reply none = client.post("/fhir/ConceptMap/$translate", map.replace("conceptMap", "map"));
        assertThat(none.status()).isEqualTo(400);
    }

    /// Every code that a map leads to exists.
    @Test
    void every_target_of_a_map_is_a_code() {
        Reply maps = client.get("/fhir/ConceptMap");
        assertThat(maps.body().path("entry")).isNotEmpty();
        for (JsonNode entry : maps.body().path("entry")) {
            for (JsonNode element : entry.at("/resource/group/0/element")) {
                String code = element.at("/target/0/code").asText();
                String system = entry.at("/resource/group/0/target").asText();
                assertThat(
                                result(
                                        "/fhir/CodeSystem/$validate-code?url="
                                                + system
                                                + "&code="
                                                + code))
                        .as(code)
                        .isTrue();
            }
        }
    }
}
