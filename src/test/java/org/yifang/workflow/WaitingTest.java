package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Waiting as everybody outside sees it: tickets by events, by visits and by the platform's own
/// moments, live, reported and evaluated.
class WaitingTest {
    private final TestService service = TestService.byDay();
    private final Story story = new Story(service);
    private final Client hospital = new Client(service, "hospital-2");
    private final Client bureau = new Client(service, "bureau-1");
    private final String queue = "window-" + ThreadLocalRandom.current().nextLong(1_000_000_000);

    private String event(String ticket, int seq, String code, Instant at) {
        return """
        {"name":"event","part":[{"name":"ticket","valueString":"%s"},
        {"name":"queue","valueString":"%s"},{"name":"seq","valueInteger":%d},
        {"name":"stage","valueCode":"consultation"},{"name":"code","valueCode":"%s"},
        {"name":"at","valueInstant":"%s"},{"name":"department","valueString":"内科"}]}\
        """
                .formatted(ticket, queue, seq, code, Story.stamp(at));
    }

    private Reply send(String... events) {
        return hospital.call("/fhir/$queue-events", events);
    }

    private static List<String> ids(JsonNode bundle) {
        List<String> ids = new ArrayList<>();
        bundle.path("entry").forEach(entry -> ids.add(entry.at("/resource/id").asText()));
        return ids;
    }

    @Test
    void a_ticket_is_a_task_that_its_queue_finds() {
        Instant now = service.clock().instant();
        Reply reply =
                send(
                        event("A1", 1, "joined", now.minusSeconds(600)),
                        event("A2", 1, "joined", now.minusSeconds(900)),
                        event("A3", 1, "joined", now.minusSeconds(900)),
                        event("A3", 2, "service-start", now.minusSeconds(60)));
        assertThat(reply.status()).isEqualTo(200);
        String search = "/fhir/Task?queue=" + queue;
        JsonNode waiting =
                hospital.get(search + "&business-status=waiting&_sort=authored-on").body();
        assertThat(waiting.path("total").asInt()).isEqualTo(2);
        assertThat(waiting.at("/entry/0/resource/identifier/0/value").asText()).isEqualTo("A2");
        assertThat(waiting.at("/entry/0/resource/code/coding/1/code").asText())
                .isEqualTo("consultation");
        String id = waiting.at("/entry/0/resource/id").asText();
        assertThat(hospital.get("/fhir/Task/" + id).body().path("status").asText())
                .isEqualTo("requested");
        assertThat(hospital.get("/fhir/Task/" + id + "/_history").body().path("total").asInt())
                .isEqualTo(1);
        assertThat(hospital.get(search + "&code=prescription").body().path("total").asInt())
                .isZero();
        assertThat(hospital.get(search + "&code=dispensing").body().path("total").asInt()).isZero();
        // Whose it is not, does not see it.
        assertThat(story.hospital.get("/fhir/Task/" + id).status()).isEqualTo(404);
        assertThat(story.hospital.get(search).body().path("total").asInt()).isZero();
        assertThat(bureau.get("/fhir/Task/" + id).status()).isEqualTo(403);
    }

    @Test
    void pages_go_through_tickets_and_prescriptions_in_one_order() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            expected.add(story.prescribed().id());
            Rx unreviewed = story.prescribed(story.unreviewed());
            expected.add(unreviewed.id());
        }
        List<String> seen = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        String next = "/fhir/Task?_sort=-_lastUpdated&_count=3";
        for (int page = 0; page < 4; page++) {
            JsonNode bundle = story.hospital.get(next).body();
            seen.addAll(ids(bundle));
            bundle.path("entry")
                    .forEach(entry -> kinds.add(entry.at("/resource/code/coding/0/code").asText()));
            for (JsonNode link : bundle.path("link")) {
                if (link.path("relation").asText().equals("next")) {
                    String url = link.path("url").asText();
                    next = url.substring(url.indexOf("/fhir/"));
                }
            }
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(expected);
        // Each prescription that awaits review has a ticket of its own.
        assertThat(kinds).contains("prescription", "queue-ticket");
        JsonNode counted = story.hospital.get("/fhir/Task?_summary=count").body();
        JsonNode tickets = story.hospital.get("/fhir/Task?code=queue-ticket&_summary=count").body();
        JsonNode others = story.hospital.get("/fhir/Task?code=prescription&_summary=count").body();
        assertThat(counted.path("total").asInt())
                .isGreaterThanOrEqualTo(
                        tickets.path("total").asInt() + others.path("total").asInt());
    }

    @Test
    void the_life_of_a_prescription_is_waited_for_at_three_queues() {
        Rx rx = story.prescribed(story.unreviewed());
        assertThat(story.review(story.reviewer("YS421281000001"), rx, "approve").status())
                .isEqualTo(200);
        Reply claim = story.claim(story.pharmacy, rx);
        String arrived =
                "{\"name\":\"moment\",\"valueCode\":\"arrived\"},"
                        + "{\"name\":\"at\",\"valueInstant\":\""
                        + Story.stamp(service.clock().instant())
                        + "\"}";
        assertThat(story.pharmacy.call(rx.path() + "/$progress", arrived).status()).isEqualTo(200);
        String token = claim.parameter("claim-token").path("valueString").asText();
        assertThat(story.dispenseAll(story.pharmacy, rx, token).status()).isEqualTo(200);
        JsonNode tickets =
                story.patient()
                        .get("/fhir/Task?part-of=Task/" + rx.id() + "&_include=Task:part-of")
                        .body();
        List<String> told = new ArrayList<>();
        for (JsonNode entry : tickets.path("entry")) {
            JsonNode task = entry.path("resource");
            if (entry.at("/search/mode").asText().equals("match")) {
                told.add(
                        task.at("/code/coding/1/code").asText()
                                + " "
                                + task.at("/businessStatus/coding/0/code").asText());
            } else {
                assertThat(task.path("id").asText()).isEqualTo(rx.id());
            }
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "review served", "dispensing served", "hand-over served");
        assertThat(tickets.path("entry")).hasSize(4);
    }

    @Test
    void a_ticket_names_a_prescription_only_of_its_own_organization() {
        Rx rx = story.prescribed();
        String named =
                event("N1", 1, "joined", service.clock().instant())
                        .replace(
                                "{\"name\":\"ticket\"",
                                "{\"name\":\"prescription\",\"valueReference\":"
                                        + "{\"reference\":\"Task/"
                                        + rx.id()
                                        + "\"}},{\"name\":\"ticket\"");
        assertThat(send(named).raw().body()).contains("refused").contains("issued");
        assertThat(story.hospital.call("/fhir/$queue-events", named).raw().body())
                .contains("accepted");
        JsonNode tickets = story.patient().get("/fhir/Task?part-of=Task/" + rx.id()).body();
        assertThat(tickets.path("total").asInt()).isEqualTo(1);
    }

    @Test
    void who_gives_a_prescription_back_serves_nobody() {
        Rx rx = story.prescribed();
        Reply claim = story.claim(story.pharmacy, rx);
        String token = claim.parameter("claim-token").path("valueString").asText();
        story.pharmacy.call(
                rx.path() + "/$release",
                Story.string("claim-token", token),
                Story.reason("closing"));
        JsonNode tickets = story.patient().get("/fhir/Task?part-of=Task/" + rx.id()).body();
        assertThat(tickets.path("total").asInt()).isEqualTo(1);
        assertThat(tickets.at("/entry/0/resource/businessStatus/coding/0/code").asText())
                .isEqualTo("transferred");
    }

    @Test
    void a_visit_tells_its_wait_by_its_statuses() {
        String number = "V" + ThreadLocalRandom.current().nextLong(1_000_000_000);
        Instant now = service.clock().instant();
        Instant arrived = now.minusSeconds(1800);
        Instant begun = now.minusSeconds(600);
        Reply first = hospital.post("/fhir/Encounter", visit(number, "arrived", arrived, null));
        assertThat(first.status()).isEqualTo(201);
        String id = first.body().path("id").asText();
        assertThat(first.body().has("subject")).isFalse();
        Reply again = hospital.post("/fhir/Encounter", visit(number, "arrived", arrived, null));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        Reply served =
                hospital.post("/fhir/Encounter", visit(number, "in-progress", arrived, begun));
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.body().at("/meta/versionId").asText()).isEqualTo("2");
        assertThat(hospital.get("/fhir/Encounter/" + id).body().path("status").asText())
                .isEqualTo("in-progress");
        assertThat(story.hospital.get("/fhir/Encounter/" + id).status()).isEqualTo(404);
        JsonNode ticket =
                hospital.get("/fhir/Task?queue=visits&identifier=" + number)
                        .body()
                        .at("/entry/0/resource");
        assertThat(ticket.at("/businessStatus/coding/0/code").asText()).isEqualTo("in-service");
        assertThat(Instant.parse(instant(ticket.path("authoredOn").asText())))
                .isEqualTo(arrived.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        Reply changed =
                hospital.post(
                        "/fhir/Encounter",
                        visit(number, "in-progress", arrived.minusSeconds(60), begun));
        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.code()).isEqualTo("RX-1409");
        assertThat(hospital.post("/fhir/Encounter", "{\"resourceType\":\"Encounter\"}").status())
                .isEqualTo(400);
    }

    private static String instant(String shanghai) {
        return java.time.OffsetDateTime.parse(shanghai).toInstant().toString();
    }

    private static String visit(
            String number,
            String status,
            Instant arrived,
            @org.jspecify.annotations.Nullable Instant begun) {
        String history =
                begun == null
                        ? ""
                        : "\"statusHistory\":[{\"status\":\"arrived\",\"period\":{\"start\":\""
                                + Story.stamp(arrived)
                                + "\",\"end\":\""
                                + Story.stamp(begun)
                                + "\"}}],";
        return "{\"resourceType\":\"Encounter\",\"identifier\":[{\"system\":"
                + "\"https://yifang.org/fhir/sid/visit\",\"value\":\""
                + number
                + "\"}],\"status\":\""
                + status
                + "\","
                + history
                + "\"class\":{\"system\":"
                + "\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"AMB\"},"
                + "\"subject\":{\"display\":\"张三\"},\"period\":{\"start\":\""
                + Story.stamp(arrived)
                + "\"}}";
    }

    @Test
    void each_source_is_told_how_well_it_reports() {
        Instant now = service.clock().instant();
        String late = event("Q1", 1, "joined", now.minusSeconds(7200));
        send(late);
        send(late, event("Q2", 1, "joined", now.plusSeconds(3600)));
        LocalDate today = LocalDate.ofInstant(now, java.time.ZoneId.of("Asia/Shanghai"));
        String period = "?periodStart=" + today.minusDays(1) + "&periodEnd=" + today;
        Reply own = hospital.get("/fhir/$queue-quality" + period);
        assertThat(own.status()).isEqualTo(200);
        JsonNode source = own.parameter("source");
        assertThat(part(source, "source").path("valueString").asText()).isEqualTo("hospital-2");
        assertThat(part(source, "late").path("valueInteger").asInt()).isPositive();
        assertThat(part(source, "repeated").path("valueInteger").asInt()).isPositive();
        assertThat(part(source, "quarantined").path("valueInteger").asInt()).isPositive();
        assertThat(part(source, "little-alarm").path("valueBoolean").asBoolean(true)).isFalse();
        String foreign = "&organization=H42128100001";
        assertThat(hospital.get("/fhir/$queue-quality" + period + foreign).status()).isEqualTo(400);
        assertThat(bureau.get("/fhir/$queue-quality" + period + foreign).status()).isEqualTo(200);
        assertThat(story.patient().get("/fhir/$queue-quality" + period).status()).isEqualTo(403);
    }

    @Test
    void the_alarm_of_littles_law_rings_for_the_day_that_a_wait_reaches_out_of() {
        // Days of their own, so that nothing else of this hospital stands beside.
        Instant ten = Instant.parse("2026-02-03T02:00:00Z");
        send(event("S1", 1, "joined", ten), event("S1", 2, "service-start", ten.plusSeconds(1200)));
        Instant evening = Instant.parse("2026-02-05T15:00:00Z");
        String late = event("S2", 2, "service-start", evening.plusSeconds(7200));
        String ofItsDay =
                late.substring(0, late.length() - "]}".length())
                        + ",{\"name\":\"day\",\"valueDate\":\"2026-02-05\"}]}";
        assertThat(send(event("S2", 1, "joined", evening), ofItsDay).raw().body())
                .doesNotContain("refused");
        assertThat(alarm("2026-02-03")).isEqualTo("0.0 false");
        assertThat(alarm("2026-02-05")).isEqualTo("0.5 true");
    }

    private String alarm(String day) {
        String period = "?periodStart=" + day + "&periodEnd=" + day;
        JsonNode source = hospital.get("/fhir/$queue-quality" + period).parameter("source");
        assertThat(part(source, "little-day").path("valueDate").asText()).isEqualTo(day);
        return part(source, "little-gap").path("valueDecimal").asDouble()
                + " "
                + part(source, "little-alarm").path("valueBoolean").asText();
    }

    @Test
    void an_evaluation_is_asked_for_now_and_fetched_later() throws InterruptedException {
        String measure = "/fhir/Measure/queue-time-reduction/$evaluat";
        String question =
                "?baselineStart=2026-01-05&baselineEnd=2026-03-01&periodStart=2026-03-09"
                        + "&periodEnd=2026-05-03&organization=H42128100002&department=%E5%86%85";
        Reply asked = later(measure + "e-measure" + question);
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
        URI url = URI.create(asked.raw().headers().firstValue("Content-Location").orElseThrow());
        String status = url.getPath() + '?' + url.getRawQuery();
        assertThat(status).startsWith(measure + "ion-status?").contains("asOf=");
        Reply reply = bureau.get(status);
        while (reply.status() == 202) {
            assertThat(reply.raw().headers().firstValue("X-Progress")).isPresent();
            assertThat(reply.raw().headers().firstValue("Retry-After")).isPresent();
            Thread.sleep(100);
            reply = bureau.get(status);
        }
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.body().path("resourceType").asText()).isEqualTo("MeasureReport");
        // The same question as of the same moment, without waiting for it later.
        String asOf = status.substring(status.indexOf("asOf="));
        Reply now = bureau.get(measure + "e-measure" + question + '&' + asOf);
        assertThat(now.body()).isEqualTo(reply.body());
        assertThat(bureau.get(status.replace("2026-03-09", "2026-03-10")).status()).isEqualTo(404);
        assertThat(bureau.get(status.substring(0, status.indexOf("&asOf"))).status())
                .isEqualTo(400);
        assertThat(hospital.get(status).status()).isEqualTo(403);
        assertThat(later(measure + "e-measure?periodStart=x").status()).isEqualTo(400);
    }

    private Reply later(String path) {
        return Client.send(bureau.request(path).header("Prefer", "respond-async").GET());
    }

    private static JsonNode part(JsonNode parameter, String name) {
        for (JsonNode one : parameter.path("part")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
