package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// Bureau and operator change the registry by FHIR, each change on the version that it was made of.
class RegistryWritesTest {
    private static TestService service;
    private static Client operator;
    private static Client bureau;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        operator = new Client(service, "operator-1");
        bureau = new Client(service, "bureau-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static ObjectNode only(String search) {
        Reply found = bureau.get("/fhir/" + search);
        assertThat(found.body().path("entry")).as(found.raw().body()).hasSize(1);
        return (ObjectNode) found.body().at("/entry/0/resource");
    }

    private static Reply put(Client who, ObjectNode resource, String ifMatch) {
        return put(who, resource, resource.path("id").asText(), ifMatch);
    }

    private static Reply put(Client who, ObjectNode resource, String id, String ifMatch) {
        HttpRequest.Builder request =
                who.request("/fhir/" + resource.path("resourceType").asText() + "/" + id)
                        .header("Content-Type", "application/fhir+json")
                        .PUT(HttpRequest.BodyPublishers.ofString(resource.toString()));
        return Client.send(ifMatch.isEmpty() ? request : request.header("If-Match", ifMatch));
    }

    private static String tag(Reply reply) {
        return reply.raw().headers().firstValue("ETag").orElseThrow();
    }

    private static Reply read(ObjectNode resource) {
        return bureau.get(
                "/fhir/"
                        + resource.path("resourceType").asText()
                        + "/"
                        + resource.path("id").asText());
    }

    @Test
    void every_type_is_changed_on_the_version_that_was_read_and_on_no_other() {
        ObjectNode pharmacy = only("Organization?identifier=P42128100003");
        ObjectNode place =
                only("Location?organization=Organization/" + pharmacy.path("id").asText());
        for (ObjectNode one :
                List.of(
                        pharmacy,
                        place,
                        only("HealthcareService?location=Location/" + place.path("id").asText()),
                        only("Practitioner?identifier=D421281000101"))) {
            String type = one.path("resourceType").asText();
            String version = tag(read(one));
            assertThat(put(bureau, one, "").status()).as(type).isEqualTo(412);
            assertThat(put(bureau, one, "W/\"99\"").status()).as(type).isEqualTo(412);
            // What is as it is already stays at its version.
            Reply same = put(bureau, one, version);
            assertThat(same.status()).as(same.raw().body()).isEqualTo(200);
            assertThat(tag(same)).as(type).isEqualTo(version);
            assertThat(put(new Client(service, "pharmacy-3"), one, version).status())
                    .as(type)
                    .isEqualTo(403);
            String nobody = "00000000-0000-4000-8000-00000000dead";
            assertThat(put(bureau, one, nobody, version).status()).as(type).isEqualTo(400);
            one.remove("id");
            assertThat(put(bureau, one, nobody, version).status()).as(type).isIn(404, 412);
        }
    }

    @Test
    void an_organization_is_made_once_and_then_changed() {
        ObjectNode draft = only("Organization?identifier=P42128100004");
        draft.remove(List.of("id", "meta"));
        ((ObjectNode) draft.at("/identifier/0")).put("value", "P42128100055");
        if (draft.path("identifier").size() > 1) {
            ((com.fasterxml.jackson.databind.node.ArrayNode) draft.path("identifier")).remove(1);
        }
        draft.put("name", "新登记药房");
        Reply made = operator.post("/fhir/Organization", draft.toString());
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        assertThat(made.raw().headers().firstValue("Location").orElseThrow())
                .contains("Organization/" + made.body().path("id").asText());
        assertThat(operator.post("/fhir/Organization", draft.toString()).status()).isEqualTo(200);
        draft.put("name", "另一名称药房");
        Reply other = operator.post("/fhir/Organization", draft.toString());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("RX-1101");
        ObjectNode stored = (ObjectNode) made.body();
        stored.put("name", "改名药房");
        Reply changed = put(operator, stored, tag(made));
        assertThat(changed.status()).as(changed.raw().body()).isEqualTo(200);
        assertThat(tag(changed)).isNotEqualTo(tag(made));
        assertThat(put(operator, stored, tag(made)).status()).isEqualTo(412);
        assertThat(read(stored).body().path("name").asText()).isEqualTo("改名药房");
        Reply events =
                new Client(service, "auditor-1")
                        .get(
                                "/fhir/AuditEvent?entity=Organization/"
                                        + stored.path("id").asText());
        assertThat(events.raw().body()).contains("改名药房");
    }

    @Test
    void of_two_who_change_the_same_version_one_does() throws Exception {
        ObjectNode one = only("Organization?identifier=P42128100005");
        String version = tag(read(one));
        List<Callable<Reply>> both =
                List.of(
                        () -> put(operator, one.deepCopy().put("name", "甲药房"), version),
                        () -> put(bureau, one.deepCopy().put("name", "乙药房"), version));
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> statuses =
                    people.invokeAll(both).stream()
                            .map(each -> each.resultNow().status())
                            .sorted()
                            .toList();
            assertThat(statuses).containsExactly(200, 412);
        }
    }
}
