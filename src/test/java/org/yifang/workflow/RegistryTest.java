package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.http.HttpRequest;

class RegistryTest {
    private static final String AMLODIPINE = "XC08CAA013A001010100001";

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client bureau = new Client(service, "bureau-1");
    private final Client auditor = new Client(service, "auditor-1");

    private static JsonNode only(Reply reply) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.body().path("entry")).as(reply.raw().body()).hasSize(1);
        return reply.body().at("/entry/0/resource");
    }

    private static String extension(JsonNode resource, String name, String type) {
        for (JsonNode one : resource.path("extension")) {
            if (one.path("url").asText().endsWith("/" + name)) {
                return one.path(type).asText();
            }
        }
        return "";
    }

    @Nested
    class Everybody {
        @Test
        void finds_a_hospital_by_either_number_and_its_pharmacy_by_what_it_is_part_of() {
            JsonNode hospital = only(bureau.get("/fhir/Organization?identifier=H42128100001"));
            assertThat(hospital.path("name").asText()).isEqualTo("赤壁市人民医院");
            assertThat(
                            only(
                                    story.pharmacy.get(
                                            "/fhir/Organization?identifier=https://yifang.org/"
                                                    + "fhir/sid/uscc%7C12421281MB0000019Y")))
                    .isEqualTo(hospital);
            JsonNode inHouse =
                    only(
                            bureau.get(
                                    "/fhir/Organization?partof=Organization/"
                                            + hospital.path("id").asText()));
            assertThat(inHouse.at("/identifier/0/value").asText()).isEqualTo("P42128100011");
        }

        @Test
        void reads_where_and_when_a_pharmacy_is_open() {
            JsonNode pharmacy = only(bureau.get("/fhir/Organization?identifier=P42128100001"));
            String organization = "Organization/" + pharmacy.path("id").asText();
            JsonNode location = only(bureau.get("/fhir/Location?organization=" + organization));
            assertThat(location.at("/position/latitude").asDouble()).isBetween(29.0, 30.0);
            assertThat(location.path("hoursOfOperation")).hasSize(7);
            JsonNode service =
                    only(
                            bureau.get(
                                    "/fhir/HealthcareService?location=Location/"
                                            + location.path("id").asText()));
            assertThat(service.at("/availableTime/0/availableStartTime").asText())
                    .isEqualTo("08:00:00");
            assertThat(service.at("/providedBy/reference").asText()).isEqualTo(organization);
        }

        @Test
        void finds_a_prescriber_by_staff_number() {
            JsonNode doctor = only(bureau.get("/fhir/Practitioner?identifier=D421281000101"));
            assertThat(doctor.at("/name/0/text").asText()).isEqualTo("王建国");
        }

        @Test
        void reads_a_drug_by_its_code_and_searches_what_stands_for_it() {
            JsonNode drug = story.pharmacy.get("/fhir/Medication/" + AMLODIPINE).body();
            assertThat(drug.at("/code/text").asText()).isEqualTo("苯磺酸氨氯地平片");
            assertThat(drug.at("/amount/numerator/value").asInt()).isEqualTo(7);
            assertThat(drug.at("/amount/numerator/unit").asText()).isEqualTo("片");
            String set = extension(drug, "substitution-set", "valueString");
            Reply same =
                    story.pharmacy.get(
                            "/fhir/Medication?substitution-set="
                                    + java.net.URLEncoder.encode(
                                            set.replace("|", "\\|"),
                                            java.nio.charset.StandardCharsets.UTF_8));
            assertThat(same.body().path("entry").size()).isGreaterThan(3);
            for (JsonNode entry : same.body().path("entry")) {
                assertThat(extension(entry.path("resource"), "substitution-set", "valueString"))
                        .isEqualTo(set);
            }
            assertThat(only(story.pharmacy.get("/fhir/Medication?code=" + AMLODIPINE)))
                    .isEqualTo(drug);
            assertThat(story.pharmacy.get("/fhir/Medication/XC08CAA013A001010109999").status())
                    .isEqualTo(404);
        }
    }

    @Nested
    class A_patient {
        private Reply read(Client client, Rx rx) {
            return client.get("/fhir/" + rx.task().at("/for/reference").asText());
        }

        @Test
        void is_seen_by_the_hospital_that_prescribed_and_by_no_other() {
            Rx rx = story.prescribed();
            JsonNode patient = read(story.hospital, rx).body();
            assertThat(patient.at("/identifier/0/value").asText()).hasSize(18);
            assertThat(patient.at("/birthDate").asText()).hasSize(10);
            assertThat(read(bureau, rx).status()).isEqualTo(403);
        }

        @Test
        void is_seen_by_a_pharmacy_from_its_claim_on() {
            Rx rx = story.prescribed();
            // Nobody else's in all tests: the service and its patient are shared.
            Client pharmacy = new Client(service, "pharmacy-6");
            assertThat(read(pharmacy, rx).status()).isEqualTo(404);
            story.claimed(pharmacy, rx);
            assertThat(read(pharmacy, rx).status()).isEqualTo(200);
        }

        @Test
        void is_masked_for_an_auditor() {
            Rx rx = story.prescribed();
            JsonNode open = read(story.hospital, rx).body();
            JsonNode masked = read(auditor, rx).body();
            assertThat(masked.at("/identifier/0/value").asText())
                    .contains("*")
                    .isNotEqualTo(open.at("/identifier/0/value").asText());
            assertThat(masked.at("/name/0/text").asText()).endsWith("*");
            assertThat(masked.at("/birthDate").asText()).hasSize(4);
        }

        @Test
        void is_searched_by_identity_number_in_a_body_only() {
            Rx rx = story.prescribed();
            String number = read(story.hospital, rx).body().at("/identifier/0/value").asText();
            assertThat(story.hospital.get("/fhir/Patient?identifier=" + number).status())
                    .isEqualTo(400);
            Reply found =
                    Client.send(
                            story.hospital
                                    .request("/fhir/Patient/_search")
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "identifier=" + number)));
            assertThat("Patient/" + only(found).path("id").asText())
                    .isEqualTo(rx.task().at("/for/reference").asText());
        }
    }

    @Nested
    class Importing_the_catalogue {
        private Reply importing(Client client, String csv) {
            return Client.send(
                    client.request("/fhir/$import-catalogue")
                            .header("Content-Type", "text/csv; charset=utf-8")
                            .POST(HttpRequest.BodyPublishers.ofString(csv)));
        }

        private static final String FILE =
                """
                code,generic_name,form,strength,preparation_unit,pack_unit,pack_factor,maker,\
                approval_number,prescription_type
                XA01AAA001A001010100001,导入示例片,片剂,1mg,片,盒,10,示例甲,国药准字H20990001,western
                XA01AAA001A001010100002,导入示例片,片剂,1mg,片,盒,0,示例乙,国药准字H20990002,western
                """;

        @Test
        void takes_what_it_can_and_tells_line_column_and_reason_of_the_rest() {
            Reply reply = importing(bureau, FILE);
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            assertThat(reply.parameter("accepted").path("valueInteger").asInt()).isEqualTo(1);
            assertThat(reply.parameter("refused").path("valueInteger").asInt()).isEqualTo(1);
            JsonNode row = reply.parameter("row").path("part");
            assertThat(row.at("/0/valueInteger").asInt()).isEqualTo(3);
            assertThat(row.at("/2/valueString").asText()).isEqualTo("pack_factor");
            assertThat(bureau.get("/fhir/Medication/XA01AAA001A001010100001").status())
                    .isEqualTo(200);
            assertThat(importing(bureau, FILE).parameter("changed").path("valueInteger").asInt(-1))
                    .isZero();
        }

        @Test
        void is_the_bureaus_alone() {
            assertThat(importing(story.pharmacy, FILE).status()).isEqualTo(403);
        }

        @Test
        void refuses_a_file_that_is_none() {
            Reply reply = importing(bureau, "colour\nred\n");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("RX-1400");
        }
    }
}
