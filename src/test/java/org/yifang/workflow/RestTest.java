package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The HTTP of the contract, on the running service.
class RestTest {
    private static final String REASON =
            "{\"name\":\"reason\",\"valueCodeableConcept\":{\"text\":\"试验\"}}";

    private static TestService service;
    private static Story story;

    @BeforeAll
    static void serve() {
        service =
                TestService.own(Map.of("YIFANG_CORS_ORIGINS", "https://his.example.org,http://b"));
        story = new Story(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String parameters(String... all) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[" + String.join(",", all) + "]}";
    }

    private static Reply post(Client who, String path, String body, String... headers) {
        HttpRequest.Builder request =
                who.request(path)
                        .header("Content-Type", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Client.send(request);
    }

    private static Reply open(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Client.send(request);
    }

    private static String header(Reply reply, String name) {
        return reply.raw().headers().firstValue(name).orElse("");
    }

    @Test
    void what_is_done_to_a_prescription_is_done_on_the_version_that_was_read() {
        Reply made = story.submit(story.document());
        String id = made.body().path("id").asText();
        String path = "/fhir/Task/" + id + "/$suspend";
        Reply other = post(story.hospital, path, parameters(REASON), "If-Match", "W/\"7\"");
        assertThat(other.status()).isEqualTo(412);
        assertThat(other.code()).isEqualTo("RX-1012");
        Reply read = story.hospital.get("/fhir/Task/" + id);
        assertThat(read.body().path("status").asText()).isEqualTo("ready");
        Reply done =
                post(story.hospital, path, parameters(REASON), "If-Match", header(read, "ETag"));
        assertThat(done.status()).as(done.raw().body()).isEqualTo(200);
        // What is so already is answered first.
        Reply again =
                post(story.hospital, path, parameters(REASON), "If-Match", header(read, "ETag"));
        assertThat(again.status()).as(again.raw().body()).isEqualTo(200);
        Reply resumed =
                post(
                        story.hospital,
                        "/fhir/Task/" + id + "/$resume",
                        parameters(REASON),
                        "If-Match",
                        header(read, "ETag"));
        assertThat(resumed.status()).isEqualTo(412);
    }

    @Test
    void a_prescription_is_answered_as_its_hospital_prefers() {
        String first = story.document().toString();
        Reply minimal =
                post(
                        story.hospital,
                        "/fhir/$submit-prescription",
                        first,
                        "Prefer",
                        "return=minimal");
        assertThat(minimal.status()).isEqualTo(201);
        assertThat(minimal.raw().body()).isEmpty();
        assertThat(header(minimal, "Location")).contains("/fhir/Task/").endsWith("/_history/1");
        Reply again = story.hospital.post("/fhir/$submit-prescription", first);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("resourceType").asText()).isEqualTo("Task");
        URI where = URI.create(header(minimal, "Location"));
        assertThat(story.hospital.get(where.getPath()).status()).isEqualTo(200);
        Reply outcome =
                post(
                        story.hospital,
                        "/fhir/$submit-prescription",
                        story.document().toString(),
                        "Prefer",
                        "return=OperationOutcome");
        assertThat(outcome.status()).isEqualTo(201);
        assertThat(outcome.body().path("resourceType").asText()).isEqualTo("OperationOutcome");
        // A claim-token is told once: that answer stays whole.
        Reply claim =
                post(
                        story.pharmacy,
                        "/fhir/Task/$claim",
                        parameters(
                                "{\"name\":\"pickup-code\",\"valueString\":\""
                                        + new Story.Rx(again.body()).code()
                                        + "\"}"),
                        "Prefer",
                        "return=minimal");
        assertThat(claim.parameter("claim-token").path("valueString").asText()).isNotEmpty();
    }

    @Test
    void everything_is_validated_wherever_it_is_asked() {
        String document = story.document().toString();
        for (String path : List.of("/fhir/$validate", "/fhir/Bundle/$validate")) {
            Reply bare = story.hospital.post(path, document);
            assertThat(bare.status()).as(bare.raw().body()).isEqualTo(200);
            assertThat(bare.body().path("resourceType").asText()).isEqualTo("OperationOutcome");
            Reply wrapped =
                    story.hospital.post(
                            path,
                            parameters("{\"name\":\"resource\",\"resource\":" + document + "}"));
            assertThat(wrapped.raw().body()).isEqualTo(bare.raw().body());
        }
        String task = story.submit(story.document()).body().path("id").asText();
        Reply stored = story.hospital.get("/fhir/Task/" + task + "/$validate");
        assertThat(stored.status()).as(stored.raw().body()).isEqualTo(200);
        assertThat(stored.body().path("resourceType").asText()).isEqualTo("OperationOutcome");
        assertThat(story.otherPharmacy.get("/fhir/Task/" + task + "/$validate").status())
                .isEqualTo(404);
        String patient = "{\"resourceType\":\"Patient\",\"gender\":\"x\"}";
        assertThat(story.hospital.post("/fhir/Patient/1/$validate", patient).status())
                .isEqualTo(200);
        assertThat(story.hospital.post("/fhir/Task/1/$validate", patient).status()).isEqualTo(400);
        // The operator may not, so neither here.
        assertThat(new Client(service, "operator-1").get("/fhir/Task/" + task + "/$validate"))
                .extracting(Reply::status)
                .isEqualTo(404);
    }

    @Test
    void the_original_comes_as_a_resource_or_as_the_bytes_it_is() {
        String document = story.document().toString();
        JsonNode task = story.hospital.post("/fhir/$submit-prescription", document).body();
        String reference = "";
        for (JsonNode input : task.path("input")) {
            if (input.at("/type/coding/0/code").asText().equals("original")) {
                reference = input.at("/valueReference/reference").asText();
            }
        }
        String path = "/fhir/" + reference;
        Reply resource = story.hospital.get(path);
        assertThat(resource.body().path("resourceType").asText()).isEqualTo("Binary");
        assertThat(Base64.getDecoder().decode(resource.body().path("data").asText()))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo(document);
        Reply bytes =
                Client.send(
                        story.hospital.request(path).header("Accept", "application/octet-stream"));
        assertThat(bytes.raw().body()).isEqualTo(document);
        assertThat(header(bytes, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(Client.send(story.hospital.request(path).header("Accept", "image/png")).status())
                .isEqualTo(406);
        assertThat(story.otherPharmacy.get(path).status()).isEqualTo(404);
    }

    @Test
    void head_answers_wherever_get_does() {
        for (String path :
                List.of(
                        "/health/live",
                        "/health/ready",
                        "/metrics",
                        "/",
                        "/sign-in",
                        "/fhir/metadata",
                        "/fhir/.well-known/smart-configuration",
                        "/auth/jwks")) {
            Reply head = open("HEAD", path);
            Reply get = open("GET", path);
            assertThat(head.status()).as(path).isEqualTo(get.status()).isLessThan(400);
            assertThat(head.raw().body()).as(path).isEmpty();
            assertThat(header(head, "Content-Type"))
                    .as(path)
                    .isEqualTo(header(get, "Content-Type"));
        }
        assertThat(open("HEAD", "/counter").status()).isEqualTo(open("GET", "/counter").status());
        assertThat(open("HEAD", "/nowhere").status()).isEqualTo(404);
    }

    @Test
    void an_address_that_is_too_long_is_414_and_says_so() {
        Reply long_ = open("GET", "/fhir/Task?_id=" + "x".repeat(9_000));
        assertThat(long_.status()).isEqualTo(414);
        assertThat(long_.code()).isEqualTo("RX-1014");
    }

    @Test
    void pages_of_named_origins_may_call_and_no_others() {
        Reply asked =
                open(
                        "OPTIONS",
                        "/fhir/Task",
                        "Origin",
                        "https://his.example.org",
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "authorization,content-type");
        assertThat(asked.status()).isEqualTo(204);
        assertThat(header(asked, "Access-Control-Allow-Origin"))
                .isEqualTo("https://his.example.org");
        assertThat(header(asked, "Access-Control-Allow-Headers")).contains("Authorization");
        assertThat(header(asked, "Access-Control-Allow-Credentials")).isEmpty();
        Reply refused = open("GET", "/fhir/Task", "Origin", "https://his.example.org");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(header(refused, "Access-Control-Allow-Origin"))
                .isEqualTo("https://his.example.org");
        assertThat(refused.raw().headers().allValues("Vary")).contains("Origin");
        Reply other = open("GET", "/fhir/metadata", "Origin", "https://else.example.org");
        assertThat(header(other, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(
                        header(
                                open("GET", "/", "Origin", "https://his.example.org"),
                                "Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(open("GET", "/fhir/metadata").body().at("/rest/0/security/cors").asBoolean())
                .isTrue();
        Reply off =
                Client.send(
                        HttpRequest.newBuilder(
                                        URI.create(TestService.shared().url() + "/fhir/metadata"))
                                .header("Origin", "https://his.example.org"));
        assertThat(header(off, "Access-Control-Allow-Origin")).isEmpty();
    }
}
