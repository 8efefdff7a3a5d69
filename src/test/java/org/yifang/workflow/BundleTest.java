package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Bundles posted to the base: batches of anything, and transactions of what is created.
class BundleTest {
    private static final AtomicInteger NUMBER = new AtomicInteger(30_000);

    private static TestService service;
    private static Story story;
    private static Client bureau;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        story = new Story(service);
        bureau = new Client(service, "bureau-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String bundle(String type, String... entries) {
        return "{\"resourceType\":\"Bundle\",\"type\":\""
                + type
                + "\",\"entry\":["
                + String.join(",", entries)
                + "]}";
    }

    private static String get(String url) {
        return "{\"request\":{\"method\":\"GET\",\"url\":\"" + url + "\"}}";
    }

    private static String post(String url, String resource, String fullUrl, String... request) {
        return "{\"fullUrl\":\""
                + fullUrl
                + "\",\"resource\":"
                + resource
                + ",\"request\":{\"method\":\"POST\",\"url\":\""
                + url
                + "\""
                + String.join("", request)
                + "}}";
    }

    private static String number() {
        return "P421281" + String.format("%05d", NUMBER.incrementAndGet());
    }

    private static String place(String organization, double latitude) {
        return """
        {"resourceType":"Location","name":"柜台","address":{"text":"试验路1号"},
         "position":{"latitude":%s,"longitude":113.9},
         "managingOrganization":{"reference":"%s"}}\
        """
                .formatted(latitude, organization);
    }

    private static List<String> statuses(Reply reply) {
        return reply.body().findValues("response").stream()
                .map(one -> one.path("status").asText())
                .toList();
    }

    @Test
    void every_entry_of_a_batch_has_its_own_answer() {
        String task = story.submit(story.document()).body().path("id").asText();
        String document = story.document().toString();
        String own = service.url();
        Reply reply =
                story.hospital.post(
                        "/fhir",
                        bundle(
                                "batch",
                                get("Task/" + task),
                                get("Task?_count=1"),
                                get("Task/00000000-0000-7000-8000-00000000dead"),
                                post("$submit-prescription", document, ""),
                                get("metadata"),
                                get("Measure/queue-time-reduction/$plans"),
                                get("Task/" + task + "/$pickup-slip"),
                                "{\"request\":{\"method\":\"GET\",\"url\":\"Task/"
                                        + task
                                        + "\",\"ifNoneMatch\":\"W/\\\"1\\\"\"}}",
                                get("nowhere"),
                                "{}",
                                post("", bundle("batch"), "")));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.body().path("type").asText()).isEqualTo("batch-response");
        JsonNode entries = reply.body().path("entry");
        assertThat(statuses(reply))
                .containsExactly(
                        "200", "200", "404", "201", "200", "403", "200", "304", "404", "422",
                        "422");
        assertThat(entries.at("/0/resource/id").asText()).isEqualTo(task);
        assertThat(entries.at("/0/response/etag").asText()).isEqualTo("W/\"1\"");
        assertThat(entries.at("/1/resource/type").asText()).isEqualTo("searchset");
        assertThat(entries.at("/2/response/outcome/issue/0/details/coding/0/code").asText())
                .isEqualTo("RX-1004");
        assertThat(entries.at("/3/response/location").asText()).contains("/fhir/Task/");
        assertThat(entries.at("/6/resource/resourceType").asText()).isEqualTo("Binary");
        assertThat(entries.at("/6/resource/contentType").asText()).isEqualTo("application/pdf");
        assertThat(own).isNotEmpty();
        // Each has a record of its own.
        Reply events =
                new Client(service, "auditor-1")
                        .get("/fhir/AuditEvent?_total=accurate&entity=Task/" + task);
        assertThat(events.body().path("total").asInt()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void a_batch_may_search_for_a_person_as_a_form_may() {
        story.submit(story.document());
        Reply reply =
                story.hospital.post(
                        "/fhir",
                        bundle(
                                "batch",
                                get(
                                        "Patient?identifier=urn:oid:2.16.156.10011.1.3|"
                                                + "421281195809210020")));
        assertThat(statuses(reply)).containsExactly("200");
        assertThat(reply.body().at("/entry/0/resource/link").toString())
                .doesNotContain("421281195809210020");
    }

    @Test
    void a_patch_stands_in_a_binary() {
        Reply made = bureau.post("/fhir/Organization", WritesTest.organization(number(), "批量药房"));
        String path = "Organization/" + made.body().path("id").asText();
        String patch = "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"批量改名\"}]";
        String binary =
                "{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\","
                        + "\"data\":\""
                        + Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8))
                        + "\"}";
        Reply reply =
                bureau.post(
                        "/fhir", bundle("batch", post(path, binary, "").replace("POST", "PATCH")));
        assertThat(statuses(reply)).containsExactly("200");
        assertThat(bureau.get("/fhir/" + path).body().path("name").asText()).isEqualTo("批量改名");
    }

    @Test
    void entries_of_a_transaction_refer_to_each_other() {
        String number = number();
        String pharmacy = "urn:uuid:11111111-1111-4111-8111-111111111111";
        Reply reply =
                bureau.post(
                        "/fhir",
                        bundle(
                                "transaction",
                                post("Location", place(pharmacy, 29.7), "urn:uuid:2"),
                                post(
                                        "Organization",
                                        WritesTest.organization(number, "整体药房"),
                                        pharmacy)));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.body().path("type").asText()).isEqualTo("transaction-response");
        assertThat(statuses(reply)).containsExactly("201", "201");
        String organization = reply.body().at("/entry/1/resource/id").asText();
        assertThat(reply.body().at("/entry/0/resource/managingOrganization/reference").asText())
                .isEqualTo("Organization/" + organization);
        assertThat(bureau.get("/fhir/Organization/" + organization).status()).isEqualTo(200);
        // Whoever wrote it may use it with the very next call.
        Reply second = bureau.post("/fhir/Location", place("Organization/" + organization, 29.71));
        assertThat(second.status()).as(second.raw().body()).isIn(200, 201, 409);
    }

    @Test
    void of_a_transaction_all_is_done_or_nothing() {
        String number = number();
        String pharmacy = "urn:uuid:11111111-1111-4111-8111-111111111112";
        String body = WritesTest.organization(number, "不成药房");
        Reply reply =
                bureau.post(
                        "/fhir",
                        bundle(
                                "transaction",
                                post("Organization", body, pharmacy),
                                post("Location", place(pharmacy, 99), "urn:uuid:2")));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
        assertThat(reply.body().at("/issue/0/expression/0").asText())
                .startsWith("Bundle.entry[1].resource");
        Reply found = bureau.get("/fhir/Organization?identifier=" + number);
        assertThat(found.body().path("entry")).isEmpty();
        // Nothing of it is remembered either: a place of it is refused, and the number is free.
        assertThat(bureau.post("/fhir/Organization", body).status()).isEqualTo(201);
    }

    @Test
    void a_transaction_says_all_that_it_cannot_do() {
        Reply reply =
                bureau.post(
                        "/fhir",
                        bundle(
                                "transaction",
                                get("Organization"),
                                post("Location", place("urn:uuid:nobody", 29.7), "urn:uuid:1"),
                                post("Task", "{\"resourceType\":\"Task\"}", "urn:uuid:1")));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body().path("issue").size()).isGreaterThanOrEqualTo(4);
        assertThat(story.hospital.post("/fhir", bundle("collection")).code()).isEqualTo("RX-1425");
        String[] many = new String[101];
        java.util.Arrays.fill(many, get("metadata"));
        assertThat(bureau.post("/fhir", bundle("batch", many)).code()).isEqualTo("RX-1423");
        assertThat(bureau.post("/fhir/", bundle("batch")).status()).isEqualTo(200);
        assertThat(bureau.post("/fhir", "{\"resourceType\":\"Basic\"}").status()).isEqualTo(400);
    }

    private static String offer(String drug, String yuan) {
        return """
        {"resourceType":"ChargeItemDefinition","status":"active","url":"urn:offer",
        "extension":[
        {"url":"https://yifang.org/fhir/StructureDefinition/offer-pack-quantity",
         "valueQuantity":{"value":7,"unit":"片"}}],
        "code":{"coding":[{"system":"https://yifang.org/fhir/sid/nhsa-drug","code":"%s"}]},
        "propertyGroup":[{"priceComponent":[
        {"type":"base","amount":{"value":%s,"currency":"CNY"}}]}]}\
        """
                .formatted(drug, yuan);
    }

    private static long offersKept() throws SQLException {
        return story.count("SELECT count(*) FROM price_event WHERE source = ?", "fhir");
    }

    @Test
    void a_refusal_that_keeps_what_was_sent_does_not_say_so_of_a_transaction() throws SQLException {
        String held =
                post(
                        "ChargeItemDefinition",
                        offer("XC08CAA013A001010100001", "999.00"),
                        "urn:uuid:2");
        String fit =
                post(
                        "ChargeItemDefinition",
                        offer("XC10AAA012A001010200002", "30.01"),
                        "urn:uuid:1");
        Reply reply =
                Client.send(
                        story.pharmacy
                                .request("/fhir")
                                .header("Content-Type", "application/fhir+json")
                                .header("Accept-Language", "en")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                bundle("transaction", fit, held))));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(409);
        assertThat(reply.codes()).containsExactly("RX-4002");
        assertThat(reply.body().at("/issue/0/details/text").asText())
                .contains("Nothing of the Bundle was kept");
        assertThat(reply.body().at("/issue/0/diagnostics").asText()).contains("by itself");
        assertThat(reply.raw().body()).doesNotContain("is kept");
        assertThat(reply.body().at("/issue/0/expression/0").asText())
                .startsWith("Bundle.entry[1].resource");
        assertThat(bureau.get("/fhir/$held-prices").parameter("held").isMissingNode()).isTrue();
        assertThat(offersKept()).isZero();
        // By itself in a batch both are kept, and one waits.
        Reply batch = story.pharmacy.post("/fhir", bundle("batch", fit, held));
        assertThat(statuses(batch)).as(batch.raw().body()).containsExactly("201", "409");
        assertThat(batch.raw().body()).contains("价格已保存，待人工核实");
        assertThat(bureau.get("/fhir/$held-prices").parameter("held").isMissingNode()).isFalse();
        assertThat(offersKept()).isEqualTo(2);
    }

    @Test
    void a_conditional_create_within_a_transaction_finds_what_is_there() {
        String number = number();
        String pharmacy = "urn:uuid:11111111-1111-4111-8111-111111111113";
        Reply there = bureau.post("/fhir/Organization", WritesTest.organization(number, "已有"));
        String absent =
                ",\"ifNoneExist\":\"identifier=https://yifang.org/fhir/sid/nhsa-org|"
                        + number
                        + "\"";
        Reply reply =
                bureau.post(
                        "/fhir",
                        bundle(
                                "transaction",
                                post(
                                        "Organization",
                                        WritesTest.organization(number, "另名"),
                                        pharmacy,
                                        absent),
                                post("Location", place(pharmacy, 29.7), "urn:uuid:2")));
        assertThat(statuses(reply)).as(reply.raw().body()).containsExactly("200", "201");
        assertThat(reply.body().at("/entry/0/resource/id").asText())
                .isEqualTo(there.body().path("id").asText());
        assertThat(reply.body().at("/entry/0/resource/name").asText()).isEqualTo("已有");
    }
}
