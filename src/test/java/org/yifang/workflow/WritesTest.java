package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// What is made and changed by FHIR alone: conditional creates and patches.
class WritesTest {
    private static final String ORGANIZATIONS = "https://yifang.org/fhir/sid/nhsa-org";
    private static final String VISITS = "urn:example:visits";
    private static final AtomicInteger NUMBER = new AtomicInteger(20_000);

    private static TestService service;
    private static Client bureau;
    private static Client hospital;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        bureau = new Client(service, "bureau-1");
        hospital = new Client(service, "hospital-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static String organization(String number, String name) {
        return """
        {"resourceType":"Organization","identifier":[{"system":"%s","value":"%s"}],
         "type":[{"coding":[{"code":"pharmacy"}]}],"name":"%s"}\
        """
                .formatted(ORGANIZATIONS, number, name);
    }

    private static String number() {
        return "P421281" + String.format("%05d", NUMBER.incrementAndGet());
    }

    private static Reply create(Client who, String type, String body, String absent) {
        return Client.send(
                who.request("/fhir/" + type)
                        .header("Content-Type", "application/fhir+json")
                        .header("If-None-Exist", absent)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Reply patch(Client who, String path, String patch, String... headers) {
        HttpRequest.Builder request =
                who.request(path)
                        .header("Content-Type", "application/json-patch+json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(patch));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Client.send(request);
    }

    private static List<Reply> atOnce(int many, Callable<Reply> call)
            throws InterruptedException, ExecutionException {
        List<Reply> replies = new ArrayList<>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Reply>> calls = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                calls.add(call);
            }
            for (Future<Reply> one : people.invokeAll(calls)) {
                replies.add(one.get());
            }
        }
        return replies;
    }

    private static void oneOf(List<Reply> replies) {
        assertThat(replies).allMatch(one -> one.status() == 200 || one.status() == 201);
        assertThat(replies.stream().filter(one -> one.status() == 201)).hasSize(1);
        assertThat(replies.stream().map(one -> one.body().path("id").asText()).distinct())
                .hasSize(1);
    }

    private void identical(int many) throws Exception {
        String number = number();
        String body = organization(number, "同时登记药房");
        String absent = "identifier=" + ORGANIZATIONS + "|" + number;
        oneOf(atOnce(many, () -> create(bureau, "Organization", body, absent)));
        Reply found = bureau.get("/fhir/Organization?_total=accurate&identifier=" + number);
        assertThat(found.body().path("total").asInt()).isEqualTo(1);
        String visit =
                """
                {"resourceType":"Encounter","status":"planned","class":{"code":"AMB"},
                 "identifier":[{"system":"%s","value":"%s"}]}\
                """
                        .formatted(VISITS, number);
        String once = "identifier=" + VISITS + "|" + number;
        oneOf(atOnce(many, () -> create(hospital, "Encounter", visit, once)));
    }

    @Test
    void many_identical_conditional_creates_make_one_resource() throws Exception {
        identical(64);
    }

    @Test
    @Tag("soak")
    void a_thousand_rounds_of_identical_conditional_creates_make_one_each() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            identical(64);
        }
    }

    @Test
    void plain_creates_at_once_make_one_resource_too() throws Exception {
        String body = organization(number(), "并发登记药房");
        oneOf(atOnce(16, () -> bureau.post("/fhir/Organization", body)));
    }

    @Test
    void a_conditional_create_leaves_what_is_there_as_it_is() {
        String number = number();
        String absent = "Organization?identifier=" + ORGANIZATIONS + "|" + number;
        Reply made = create(bureau, "Organization", organization(number, "甲药房"), absent);
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        Reply again = create(bureau, "Organization", organization(number, "乙药房"), absent);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("name").asText()).isEqualTo("甲药房");
        assertThat(again.raw().headers().firstValue("ETag"))
                .isEqualTo(made.raw().headers().firstValue("ETag"));
        Reply other = create(bureau, "Organization", organization(number(), "丙药房"), absent);
        assertThat(other.code()).isEqualTo("RX-1404");
        assertThat(create(bureau, "Organization", organization(number, "甲"), "name=x").code())
                .isEqualTo("RX-1404");
        String place = "{\"resourceType\":\"Location\"}";
        assertThat(create(bureau, "Location", place, "identifier=a|b").code()).isEqualTo("RX-1404");
    }

    @Test
    void the_registry_is_patched_on_the_version_that_is_named() {
        String number = number();
        Reply made = bureau.post("/fhir/Organization", organization(number, "待改药房"));
        String path = "/fhir/Organization/" + made.body().path("id").asText();
        String rename = "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"改后药房\"}]";
        assertThat(patch(bureau, path, rename, "If-Match", "W/\"9\"").status()).isEqualTo(412);
        Reply done = patch(bureau, path, rename, "If-Match", "W/\"1\"");
        assertThat(done.status()).as(done.raw().body()).isEqualTo(200);
        assertThat(done.body().path("name").asText()).isEqualTo("改后药房");
        assertThat(done.raw().headers().firstValue("ETag")).hasValue("W/\"2\"");
        Reply tested =
                patch(
                        bureau,
                        path,
                        "[{\"op\":\"test\",\"path\":\"/name\",\"value\":\"待改药房\"},"
                                + "{\"op\":\"remove\",\"path\":\"/name\"}]");
        assertThat(tested.status()).isEqualTo(422);
        assertThat(tested.code()).isEqualTo("RX-1424");
        Reply phone =
                patch(
                        bureau,
                        path,
                        "[{\"op\":\"add\",\"path\":\"/telecom\",\"value\":"
                                + "[{\"system\":\"phone\",\"value\":\"0715-1\"}]}]");
        assertThat(phone.body().at("/telecom/0/value").asText()).isEqualTo("0715-1");
        // What may not be changed by an update may not be patched either.
        String kind =
                "[{\"op\":\"replace\",\"path\":\"/type/0/coding/0/code\",\"value\":\"hospital\"}]";
        assertThat(patch(bureau, path, kind).status()).isEqualTo(422);
        assertThat(patch(new Client(service, "pharmacy-1"), path, rename).status()).isEqualTo(403);
        Reply media =
                Client.send(
                        bureau.request(path)
                                .header("Content-Type", "application/fhir+json")
                                .method("PATCH", HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(media.status()).isEqualTo(415);
        assertThat(media.raw().headers().firstValue("Accept-Patch"))
                .hasValue("application/json-patch+json");
    }

    @Test
    void what_is_not_of_the_registry_is_not_patched_and_says_why() {
        Reply task = patch(bureau, "/fhir/Task/00000000-0000-7000-8000-000000000001", "[]");
        assertThat(task.status()).isEqualTo(405);
        assertThat(task.code()).isEqualTo("RX-1005");
        assertThat(task.raw().body()).contains("Organization");
    }

    @Test
    void every_type_of_the_registry_is_patched() {
        for (String type :
                List.of("Location", "HealthcareService", "Practitioner", "PractitionerRole")) {
            Reply found = bureau.get("/fhir/" + type + "?_count=1");
            JsonNode one = found.body().at("/entry/0/resource");
            String path = "/fhir/" + type + "/" + one.path("id").asText();
            Reply same = patch(bureau, path, "[]");
            assertThat(same.status()).as(type + same.raw().body()).isEqualTo(200);
            ((ObjectNode) same.body()).remove("meta");
            ((ObjectNode) one).remove("meta");
            assertThat(same.body().toString()).isEqualTo(one.toString());
        }
    }
}
