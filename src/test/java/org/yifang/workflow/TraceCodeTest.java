package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// 药品追溯码 over the whole platform: what is reported when one is sold again, and what a region that
/// demands them gets.
class TraceCodeTest {
    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Client auditor = new Client(service, "auditor-1");

    private static String code() {
        return "8123456" + System.nanoTime();
    }

    private Reply sell(Client by, String... codes) {
        Rx rx = story.prescribed();
        String token = story.claimed(by, rx);
        String line = rx.lines().getFirst();
        List<String> dispenses = new ArrayList<>();
        for (String one : codes) {
            dispenses.add(story.dispense(line, 0, "7", one));
        }
        return story.dispense(by, rx, token, false, dispenses.toArray(String[]::new));
    }

    /// The reports that name a pack.
    private List<JsonNode> reports(String code) {
        List<JsonNode> found = new ArrayList<>();
        JsonNode all = auditor.get("/fhir/AuditEvent?subtype=resale-suspicion&_count=200").body();
        for (JsonNode entry : all.path("entry")) {
            if (change(entry.path("resource")).startsWith("trace-code " + code + " ")) {
                found.add(entry.path("resource"));
            }
        }
        return found;
    }

    private static String change(JsonNode event) {
        for (JsonNode entity : event.path("entity")) {
            for (JsonNode detail : entity.path("detail")) {
                if (detail.path("type").asText().equals("change")) {
                    return detail.path("valueString").asText();
                }
            }
        }
        return "";
    }

    private static List<String> entities(JsonNode event) {
        List<String> references = new ArrayList<>();
        event.path("entity").forEach(one -> references.add(one.at("/what/reference").asText()));
        return references;
    }

    @Test
    void a_second_sale_is_reported_with_both_pharmacies_and_no_patient() {
        String pack = code();
        Reply first = sell(story.pharmacy, pack);
        assertThat(first.status()).as(first.raw().body()).isEqualTo(200);
        assertThat(reports(pack)).isEmpty();
        Reply second = sell(story.otherPharmacy, pack);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.codes()).containsExactly("RX-2010");

        JsonNode report = reports(pack).getFirst();
        assertThat(change(report)).contains("refused to P42128100002", "sold by P42128100001 at ");
        assertThat(report.path("outcome").asText()).isEqualTo("0");
        assertThat(report.at("/agent/0/altId").asText()).isEqualTo("pharmacy-2");
        String dispense = first.parameter("dispense").at("/resource/id").asText();
        assertThat(entities(report))
                .contains(
                        "Organization/" + story.organization("P42128100001"),
                        "Organization/" + story.organization("P42128100002"),
                        "MedicationDispense/" + dispense)
                .noneMatch(one -> one.startsWith("Patient/") || one.startsWith("Task/"));
        // The refused call stands beside it, under the same request id.
        String request = second.raw().headers().firstValue("X-Request-Id").orElseThrow();
        assertThat(report.toString()).contains(request);

        // Every attempt is a report of its own, a third one too.
        sell(new Client(service, "pharmacy-3"), pack);
        assertThat(reports(pack)).hasSize(2);
        JsonNode trail = story.patient().get("/fhir/AuditEvent?subtype=resale-suspicion").body();
        assertThat(trail.path("resourceType").asText()).isEqualTo("Bundle");
        assertThat(trail.path("entry")).isEmpty();
    }

    @Test
    void a_pack_that_stands_twice_in_one_call_is_reported_too() {
        String pack = code();
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String line = rx.lines().getFirst();
        Reply twice =
                story.dispense(
                        story.pharmacy,
                        rx,
                        token,
                        false,
                        story.dispense(line, 0, "3.5", pack),
                        story.dispense(line, 0, "3.5", pack));
        assertThat(twice.status()).as("a split pack").isEqualTo(200);
        String other = code();
        Rx next = story.prescribed();
        String held = story.claimed(story.pharmacy, next);
        Reply refused =
                story.dispense(
                        story.pharmacy,
                        next,
                        held,
                        false,
                        story.dispense(next.lines().getFirst(), 0, "7", other),
                        story.dispense(next.lines().get(1), 1, "7", other));
        assertThat(refused.codes()).contains("RX-2010");
        assertThat(change(reports(other).getFirst())).contains("in one call with its first sale");
    }

    @Test
    void what_came_back_to_the_counter_is_no_suspicion() {
        String pack = code();
        Reply first = sell(story.pharmacy, pack);
        String dispense = first.parameter("dispense").at("/resource/id").asText();
        assertThat(story.takeBack(story.pharmacy, dispense, "7", "never-left-counter").status())
                .isEqualTo(200);
        assertThat(sell(story.otherPharmacy, pack).status()).isEqualTo(200);
        assertThat(reports(pack)).isEmpty();
    }

    @Test
    void trace_codes_are_optional_where_the_region_does_not_demand_them() {
        assertThat(sell(story.pharmacy, new String[0]).status()).isEqualTo(400);
        Rx rx = story.prescribed();
        assertThat(story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx)))
                .matches(reply -> reply.status() == 200);
    }

    @Test
    void a_region_that_demands_them_gets_them_from_the_day_on() {
        try (TestService strict =
                TestService.own(Map.of("YIFANG_TRACE_CODES_FROM", "2026-01-01"))) {
            Story there = new Story(strict);
            Rx rx = there.prescribed();
            String token = there.claimed(there.pharmacy, rx);
            Reply without = there.dispenseAll(there.pharmacy, rx, token);
            assertThat(without.status()).isEqualTo(422);
            assertThat(without.codes()).containsExactly("RX-2308", "RX-2308");
            assertThat(without.body().at("/issue/0/expression/0").asText())
                    .isEqualTo("Parameters.parameter.where(name='dispense')[0].resource.extension");
            Reply with =
                    there.dispense(
                            there.pharmacy,
                            rx,
                            token,
                            false,
                            there.dispense(rx.lines().get(0), 0, "7", code()),
                            there.dispense(rx.lines().get(1), 1, "7", code()));
            assertThat(with.status()).as(with.raw().body()).isEqualTo(200);
        }
        try (TestService later = TestService.own(Map.of("YIFANG_TRACE_CODES_FROM", "2999-01-01"))) {
            Story there = new Story(later);
            Rx rx = there.prescribed();
            String token = there.claimed(there.pharmacy, rx);
            assertThat(there.dispenseAll(there.pharmacy, rx, token).status()).isEqualTo(200);
        }
    }
}
