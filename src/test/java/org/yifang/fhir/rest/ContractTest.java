package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.fhir.rest.RestFixture.OURS;
import static org.yifang.fhir.rest.RestFixture.codes;
import static org.yifang.fhir.rest.RestFixture.link;
import static org.yifang.fhir.rest.RestFixture.stream;
import static org.yifang.fhir.rest.RestFixture.tree;

import com.fasterxml.jackson.databind.JsonNode;

import org.hl7.fhir.r4.model.Basic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.search.RestTables;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What clients' libraries take for granted of every FHIR server.
class ContractTest {
    private static final String FHIR = "application/fhir+json";
    private static RestFixture server;
    private static UUID patient;
    private static UUID visit;

    @BeforeAll
    static void open() {
        server = new RestFixture(ContractTest::mount);
        patient = server.person("420101");
        visit = server.visit(OURS, patient, "planned", "check-up", NOON);
        for (long version = 2; version <= 7; version++) {
            server.past(visit, version, RestTables.json(visit, version, "finished"));
        }
    }

    private static void mount(FhirRouter router) {
        router.mount(Conformance.load());
        router.mount(
                Operation.create("Encounter")
                        .handler(exchange ->
                                exchange.recorded(() ->
                                        Answer.ok(exchange.body())
                                                .withStatus(201)
                                                .withVersion(1, NOON)
                                                .withLocation("Encounter/" + visit))));
        router.mount(
                Operation.instance("touch", "Encounter")
                        .repeatable()
                        .handler(exchange -> Answer.ok(exchange.sent().bytes())));
        router.mount(
                Operation.system("parse")
                        .repeatable()
                        .handler(exchange -> Answer.ok(exchange.resource(Basic.class))));
        router.mount(
                Operation.system("take")
                        .repeatable()
                        .handler(exchange -> {
                            Exchange.Sent sent = exchange.sent();
                            return Answer.ok(sent.format().mediaType(), sent.bytes());
                        }));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static HttpResponse<String> open(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.base + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return server.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void a_create_answers_as_the_caller_prefers_with_the_version_in_its_location() {
        String body = "{\"resourceType\":\"Encounter\",\"status\":\"planned\"}";
        HttpResponse<String> plain = server.post("/Encounter", body, "Content-Type", FHIR);
        assertThat(plain.headers().firstValue("Location"))
                .hasValue(server.base + "/Encounter/" + visit + "/_history/1");
        assertThat(plain.body()).isEqualTo(body);
        HttpResponse<String> minimal =
                server.post("/Encounter", body, "Content-Type", FHIR, "Prefer", "return=minimal");
        assertThat(minimal.statusCode()).isEqualTo(201);
        assertThat(minimal.body()).isEmpty();
        assertThat(minimal.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(minimal.headers().firstValue("Location")).isPresent();
        assertThat(minimal.headers().firstValue("Preference-Applied")).hasValue("return=minimal");
        HttpResponse<String> outcome =
                server.post(
                        "/Encounter",
                        body,
                        "Content-Type",
                        FHIR,
                        "Prefer",
                        "handling=lenient, return=OperationOutcome");
        assertThat(tree(outcome).at("/resourceType").asText()).isEqualTo("OperationOutcome");
        assertThat(tree(outcome).at("/issue/0/severity").asText()).isEqualTo("information");
        HttpResponse<String> whole =
                server.post(
                        "/Encounter",
                        body,
                        "Content-Type",
                        FHIR,
                        "Prefer",
                        "return=representation");
        assertThat(whole.body()).isEqualTo(body);
    }

    @Test
    void an_operation_is_done_on_the_version_that_is_named_and_on_no_other() {
        String path = "/Encounter/" + visit + "/$touch";
        String body = "{\"resourceType\":\"Basic\"}";
        HttpResponse<String> other =
                server.post(path, body, "Content-Type", FHIR, "If-Match", "W/\"9\"");
        assertThat(other.statusCode()).isEqualTo(412);
        assertThat(codes(other)).containsExactly("RX-1012");
        assertThat(
                        server.post(path, body, "Content-Type", FHIR, "If-Match", "W/\"1\"")
                                .statusCode())
                .isEqualTo(200);
        assertThat(server.post(path, body, "Content-Type", FHIR, "If-Match", "*").statusCode())
                .isEqualTo(200);
        assertThat(server.post(path, body, "Content-Type", FHIR, "If-Match", "new").statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_history_comes_in_pages_and_from_a_moment_on() {
        String path = "/Encounter/" + visit + "/_history";
        List<String> versions = new ArrayList<>();
        String next = path + "?_count=3";
        int pages = 0;
        while (!next.isEmpty()) {
            JsonNode page = tree(server.get(next));
            assertThat(page.at("/entry").size()).isLessThanOrEqualTo(3);
            stream(page.at("/entry"))
                    .forEach(one -> versions.add(one.at("/response/etag").asText()));
            next = link(page, "next");
            pages++;
        }
        assertThat(versions)
                .containsExactly(
                        "W/\"7\"", "W/\"6\"", "W/\"5\"", "W/\"4\"", "W/\"3\"", "W/\"2\"",
                        "W/\"1\"");
        assertThat(pages).isEqualTo(3);
        JsonNode none = tree(server.get(path + "?_since=2030-01-01T00:00:00Z"));
        assertThat(none.at("/total").asInt()).isZero();
        assertThat(none.at("/entry").size()).isZero();
        assertThat(tree(server.get(path + "?_since=2020-01-01")).at("/total").asInt()).isEqualTo(7);
        assertThat(server.get(path + "?_since=yesterday").statusCode()).isEqualTo(400);
        assertThat(server.get(path + "?_count=all").statusCode()).isEqualTo(400);
        assertThat(server.get(path + "?_at=2026", "Prefer", "handling=strict").statusCode())
                .isEqualTo(400);
        // Another client cannot follow.
        String first = link(tree(server.get(path + "?_count=3")), "next");
        assertThat(server.get(first, "Authorization", "Bearer hospital/else").statusCode())
                .isEqualTo(400);
        assertThat(tree(server.get(first + "&_count=1000")).at("/entry").size()).isEqualTo(3);
    }

    @Test
    void a_count_beside_the_key_of_a_page_makes_it_smaller_and_never_larger() {
        for (int i = 0; i < 7; i++) {
            server.visit(OURS, patient, "finished", "page", NOON);
        }
        String next = link(tree(server.get("/Encounter?status=finished&_count=2")), "next");
        assertThat(tree(server.get(next + "&_count=1000")).at("/entry").size()).isEqualTo(2);
        assertThat(tree(server.get(next + "&_count=1")).at("/entry").size()).isEqualTo(1);
        assertThat(server.get(next + "&status=planned").statusCode()).isEqualTo(400);
    }

    @Test
    void an_operation_takes_its_resource_in_parameters_byte_by_byte() {
        String inner =
                "{ \"resourceType\" : \"Basic\",\n \"id\":\"名\",  \"code\":{\"text\":\"1.50\"} }";
        String wrapped =
                "{\"parameter\":[{\"name\":\"resource\",\"resource\":"
                        + inner
                        + "}],\"resourceType\":\"Parameters\"}";
        assertThat(server.post("/$take", wrapped, "Content-Type", FHIR).body()).isEqualTo(inner);
        assertThat(server.post("/$take", inner, "Content-Type", FHIR).body()).isEqualTo(inner);
        String xml =
                "<?xml version=\"1.0\"?><Parameters xmlns=\"http://hl7.org/fhir\"><parameter>"
                        + "<name value=\"resource\"/><resource><Basic><id value=\"x\"/></Basic>"
                        + "</resource></parameter></Parameters>";
        assertThat(server.post("/$take", xml, "Content-Type", "application/fhir+xml").body())
                .startsWith("<Basic xmlns=\"http://hl7.org/fhir\"><id value=\"x\"/>");
        String two = wrapped.replace("[{", "[{\"name\":\"more\",\"valueString\":\"x\"},{");
        assertThat(codes(server.post("/$take", two, "Content-Type", FHIR)))
                .containsExactly("RX-1403");
        String none = "{\"resourceType\":\"Parameters\"}";
        assertThat(codes(server.post("/$take", none, "Content-Type", FHIR)))
                .containsExactly("RX-1406");
        String twice = wrapped.replace("\"parameter\":[", "\"parameter\":[],\"parameter\":[");
        assertThat(codes(server.post("/$take", twice, "Content-Type", FHIR)))
                .containsExactly("RX-1401");
    }

    @Test
    void what_this_project_defines_is_open_in_small_pages() {
        HttpResponse<String> read = open("GET", "/CodeSystem/prescription-status");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.headers().firstValue("Cache-Control")).hasValue("public, max-age=60");
        assertThat(read.headers().firstValue("Vary").orElseThrow()).contains("Accept");
        String tag = read.headers().firstValue("ETag").orElseThrow();
        assertThat(
                        open("GET", "/CodeSystem/prescription-status", "If-None-Match", tag)
                                .statusCode())
                .isEqualTo(304);
        JsonNode page = tree(open("GET", "/StructureDefinition?_count=200"));
        assertThat(page.at("/entry").size()).isEqualTo(20);
        JsonNode second = tree(open("GET", link(page, "next").substring(server.base.length())));
        assertThat(second.at("/entry/0/resource/id").asText())
                .isGreaterThan(page.at("/entry/19/resource/id").asText());
        assertThat(open("GET", "/ValueSet?_format=xml").body()).startsWith("<Bundle");
        assertThat(open("GET", "/OperationDefinition/claim").statusCode()).isIn(200, 404);
        assertThat(open("HEAD", "/CodeSystem/problem").statusCode()).isEqualTo(200);
        assertThat(open("GET", "/CodeSystem/nothing").statusCode()).isEqualTo(404);
        // A token that is none is refused as everywhere; what is about people needs one.
        assertThat(open("GET", "/CodeSystem/problem", "Authorization", "Basic x").statusCode())
                .isEqualTo(401);
        assertThat(open("GET", "/Encounter").statusCode()).isEqualTo(401);
        assertThat(open("GET", "/Patient/" + patient).statusCode()).isEqualTo(401);
    }

    @Test
    void options_tells_the_methods_of_a_path() {
        HttpResponse<String> answer = open("OPTIONS", "/Encounter");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, POST, OPTIONS");
        assertThat(open("OPTIONS", "/Nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void a_byte_order_mark_is_named() {
        HttpResponse<String> json =
                server.post(
                        "/$parse",
                        "\uFEFF{\"resourceType\":\"Basic\"}",
                        "Content-Type",
                        FHIR,
                        "Accept-Language",
                        "en");
        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(json.body()).contains("byte order mark");
        HttpResponse<String> xml =
                server.post(
                        "/$parse",
                        "\uFEFF<Basic xmlns=\"http://hl7.org/fhir\"/>",
                        "Content-Type",
                        "application/fhir+xml",
                        "Accept",
                        FHIR);
        assertThat(xml.statusCode()).isEqualTo(400);
        assertThat(xml.body()).contains("byte order mark");
    }
}
