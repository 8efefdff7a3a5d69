package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// AuditEvents of real calls against what the profiles of IHE BALP 1.1 demand of a Read, a Query, a
/// Create, and of their agents and entities.
final class BalpTest {
    private static final String SOURCE = "110153";
    private static final String DESTINATION = "110152";

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client auditor = new Client(service, "auditor-1");
    private final Client doctor =
            new Client(
                    service,
                    "hospital-1",
                    Map.of(
                            "subject_id", "D42128100BALP",
                            "subject_name", "赵医生",
                            "subject_role", "physician",
                            "purpose_of_use", "TREAT"));

    private JsonNode newest(String query) {
        Reply reply = auditor.get("/fhir/AuditEvent?_sort=-date&_count=1&" + query);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        JsonNode event = reply.body().at("/entry/0/resource");
        assertThat(event.isMissingNode()).as(query).isFalse();
        return event;
    }

    private static List<String> codes(JsonNode list, String pointer) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.at(pointer).asText())
                .toList();
    }

    private static long count(JsonNode event, String type, String role) {
        return StreamSupport.stream(event.path("entity").spliterator(), false)
                .filter(one -> one.at("/type/code").asText().equals(type))
                .filter(one -> one.at("/role/code").asText().equals(role))
                .count();
    }

    /// What every profile has: both ends, each with who and network; a person without a network.
    private static void hasAgents(JsonNode event, String client, String service, String person) {
        JsonNode agents = event.path("agent");
        assertThat(codes(agents, "/type/coding/0/code")).containsExactly(client, service, person);
        for (int end = 0; end < 2; end++) {
            JsonNode agent = agents.get(end);
            assertThat(agent.path("who").isObject()).isTrue();
            assertThat(agent.at("/network/address").asText()).isNotEmpty();
            assertThat(agent.path("requestor").asBoolean()).isFalse();
        }
        JsonNode human = agents.get(2);
        assertThat(human.path("requestor").asBoolean()).isTrue();
        assertThat(human.path("network").isMissingNode()).isTrue();
        assertThat(human.at("/who/identifier/value").asText()).isEqualTo("D42128100BALP");
        assertThat(human.path("name").asText()).isEqualTo("赵医生");
        assertThat(human.at("/role/0/text").asText()).isEqualTo("physician");
        assertThat(human.at("/purposeOfUse/0/coding/0/code").asText()).isEqualTo("TREAT");
        assertThat(event.at("/source/observer/display").asText()).isNotEmpty();
        assertThat(codes(event.path("entity"), "/type/code")).contains("XrequestId");
    }

    @Test
    void a_read_has_one_resource_and_its_patient() {
        Story.Rx rx = story.prescribed();
        String line = "/fhir/MedicationRequest/" + rx.lines().getFirst();
        assertThat(doctor.get(line).status()).isEqualTo(200);
        JsonNode event = newest("subtype=read&entity=MedicationRequest/" + rx.lines().getFirst());
        assertThat(event.path("action").asText()).isEqualTo("R");
        assertThat(codes(event.path("subtype"), "/code")).contains("read");
        hasAgents(event, DESTINATION, SOURCE, "IRCP");
        assertThat(count(event, "1", "1")).isEqualTo(1);
        assertThat(count(event, "2", "4")).as("the resource that was read").isEqualTo(1);
        assertThat(count(event, "Task", "4")).isEqualTo(1);
    }

    @Test
    void a_query_has_the_question_and_no_other_system_object() {
        story.prescribed();
        assertThat(doctor.get("/fhir/Task?status=ready&_count=2").status()).isEqualTo(200);
        JsonNode event = newest("subtype=search-type&agent=D42128100BALP");
        assertThat(event.path("action").asText()).isEqualTo("E");
        hasAgents(event, SOURCE, DESTINATION, "IRCP");
        assertThat(count(event, "2", "24")).isEqualTo(1);
        assertThat(codes(event.path("entity"), "/type/code"))
                .filteredOn("2"::equals)
                .as("slices are told by type alone")
                .hasSize(1);
        assertThat(count(event, "1", "1")).isPositive();
        assertThat(count(event, "Task", "4")).isPositive();
    }

    @Test
    void a_create_has_an_author() {
        Reply made =
                doctor.post(
                        "/fhir/Encounter",
                        """
                        {"resourceType":"Encounter","status":"arrived","class":{"code":"AMB"},
                         "identifier":[{"system":"https://yifang.org/fhir/sid/visit",\
                         "value":"BALP-%d"}],
                         "period":{"start":"2026-01-05T09:00:00+08:00"}}
                        """
                                .formatted(System.nanoTime()));
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        JsonNode event =
                newest("subtype=create&entity=Encounter/" + made.body().path("id").asText());
        assertThat(event.path("action").asText()).isEqualTo("C");
        hasAgents(event, SOURCE, DESTINATION, "AUT");
        assertThat(count(event, "2", "4")).isEqualTo(1);
    }

    @Test
    void a_patch_has_an_author_too() {
        String organization = "Organization/" + UUID.randomUUID();
        Reply refused =
                Client.send(
                        doctor.request("/fhir/" + organization)
                                .header("Content-Type", "application/json-patch+json")
                                .method("PATCH", BodyPublishers.ofString("[]")));
        assertThat(refused.status()).isEqualTo(403);
        JsonNode event = newest("subtype=patch&entity=" + organization);
        hasAgents(event, SOURCE, DESTINATION, "AUT");
    }

    @Test
    void a_refusal_tells_by_whom_what_and_why() {
        Story.Rx rx = story.prescribed();
        story.claimed(story.pharmacy, rx);
        Reply refused = doctor.post(rx.path() + "/$cancel", "{\"resourceType\":\"Parameters\"}");
        assertThat(refused.status()).isGreaterThanOrEqualTo(400);
        JsonNode event = newest("subtype=cancel&entity=Task/" + rx.id());
        assertThat(event.path("outcome").asText()).isEqualTo("4");
        assertThat(event.path("outcomeDesc").asText()).isEqualTo(refused.code());
        hasAgents(event, SOURCE, DESTINATION, "IRCP");
        assertThat(count(event, "2", "4")).isEqualTo(1);
    }
}
